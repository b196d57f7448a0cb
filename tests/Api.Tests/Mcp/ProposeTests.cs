using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests.Mcp;

/// <summary>An agent proposes and a person decides, whatever the kind of policy.</summary>
public sealed class ProposeTests(McpWorld world) : IClassFixture<McpWorld>
{
    private const string Mastership = "fields:\n  plan: {sources: [product, billing]}\n";

    [Fact]
    public async Task Proposal_OfAKindWithoutFourEyes_CountsWhenSomebodyElseApprovesIt()
    {
        (_, JsonElement before) = await Ask(HttpMethod.Get, "/v1/policies/mastership", ProfilesHost.AdminKey);
        string inForce = before.GetProperty("version").GetString()!;

        ToolAnswer proposed = await Propose(ProfilesHost.AdminKey, Mastership);
        ToolAnswer again = await Propose(ProfilesHost.AdminKey, Mastership);
        (_, JsonElement after) = await Ask(HttpMethod.Get, "/v1/policies/mastership", ProfilesHost.AdminKey);

        Assert.False(proposed.Data.GetProperty("inForce").GetBoolean());
        Assert.Equal(
            proposed.Data.GetProperty("proposal").GetRawText(),
            again.Data.GetProperty("proposal").GetRawText()
        );
        Assert.Equal(inForce, after.GetProperty("version").GetString());
        string version = proposed.Data.GetProperty("proposal").GetProperty("version").GetString()!;
        Assert.Single(
            after.GetProperty("proposals").EnumerateArray(),
            one => one.GetProperty("version").GetString() == version
        );

        JsonElement approve = proposed.Data.GetProperty("approve");
        string path = approve.GetProperty("path").GetString()!;
        string body = approve.GetProperty("body").GetRawText();
        (int own, JsonElement refusal) = await Ask(HttpMethod.Post, path, ProfilesHost.AdminKey, body);
        Assert.Equal((403, "own_proposal"), (own, refusal.GetProperty("code").GetString()));
        (int other, JsonElement approved) = await Ask(HttpMethod.Post, path, McpWorld.OtherAdminKey, body);
        Assert.Equal(200, other);
        Assert.Equal("approved", approved.GetProperty("action").GetString());
        Assert.Equal("operator", approved.GetProperty("by").GetString());
        ToolAnswer where = await world.Call(ProfilesHost.ReadKey, "mastered_where", new { field = "plan" });
        Assert.Equal("""["product","billing"]""", where.Data.GetProperty("sources").GetRawText());
        Assert.Equal("source-priority", where.Data.GetProperty("strategy").GetString());

        ToolAnswer known = await Propose(ProfilesHost.AdminKey, Mastership);
        Assert.True(known.Data.GetProperty("inForce").GetBoolean());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("mastership")]
    [InlineData("retention")]
    [InlineData("access")]
    [InlineData("consent")]
    [InlineData("lifecycle")]
    [InlineData("scoring")]
    [InlineData("routing")]
    [InlineData("sales-team")]
    [InlineData("sources")]
    [InlineData("attribution")]
    [InlineData("audiences")]
    [InlineData("contracts")]
    [InlineData("quality")]
    public async Task Proposal_OfAnyKind_IsNeverInForceByTheTool(string kind)
    {
        (_, JsonElement before) = await Ask(HttpMethod.Get, $"/v1/policies/{kind}", ProfilesHost.AdminKey);
        string yaml = before.GetProperty("yaml").GetString()!;

        // The same policy in another text would be another entry of the history, if it counted.
        ToolAnswer answer = await world.Call(
            ProfilesHost.AdminKey,
            "propose_change",
            new { kind, yaml = $"# by an agent\n{yaml}" }
        );
        (_, JsonElement after) = await Ask(HttpMethod.Get, $"/v1/policies/{kind}", ProfilesHost.AdminKey);

        Assert.False(answer.Data.GetProperty("inForce").GetBoolean());
        Assert.Equal(before.GetProperty("number").GetInt64(), after.GetProperty("number").GetInt64());
        Assert.Equal(yaml, after.GetProperty("yaml").GetString());
    }

    [Fact]
    public async Task Proposal_ThatIsWrong_IsToldWithEachFault()
    {
        ToolAnswer answer = await Propose(ProfilesHost.AdminKey, "fields:\n  plan: {strategy: nonsense}\n");

        Assert.True(answer.IsError);
        Assert.Contains("(invalid_policy)", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Line 2, fields.plan", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proposal_OverAnotherVersionThanWasSeen_IsRefused()
    {
        ToolAnswer answer = await world.Call(
            ProfilesHost.AdminKey,
            "propose_change",
            new
            {
                kind = "mastership",
                yaml = "fields:\n  plan: {sources: [shop]}\n",
                replaces = "000000000000",
            }
        );

        Assert.Contains("(policy_changed)", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProfilesHost.ReadKey)]
    [InlineData("key-of-privacy-officer")]
    public async Task Proposal_ByOthersThanAdministrators_IsRefused(string key) =>
        Assert.Contains("(role_missing)", (await Propose(key, Mastership)).Text, StringComparison.Ordinal);

    private Task<ToolAnswer> Propose(string key, string yaml) =>
        world.Call(key, "propose_change", new { kind = "mastership", yaml });

    private async Task<(int Status, JsonElement Body)> Ask(
        HttpMethod method,
        string path,
        string key,
        string? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await world.Host.Client.SendAsync(request);
        return ((int)response.StatusCode, ProfilesHost.Parse(await response.Content.ReadAsStringAsync()));
    }
}
