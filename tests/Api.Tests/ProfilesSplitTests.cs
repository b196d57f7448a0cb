using System.Text.Json;
using Customer360.Rules.Decisions;

namespace Customer360.Api.Tests;

/// <summary>Splits and merges taken back over HTTP, on real grains and SQLite.</summary>
public sealed class ProfilesSplitTests : IDisposable
{
    private const string Joined = """
        {"batch":[
          {"type":"identify","messageId":"m-1","userId":"u-1","anonymousId":"a-1","traits":{"plan":"pro"}},
          {"type":"track","event":"Opened","messageId":"m-2","anonymousId":"a-1"}
        ]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-split-").FullName;

    [Fact]
    public async Task Split_AnswersBothCustomersAndTheSeparation()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await host.Collect(Joined);
        string customerId = await CustomerOf(host, "user_id:u-1");

        (int status, JsonElement body) = await Split(host, "user_id:u-1", "anonymous_id:a-1");

        Assert.Equal(200, status);
        Assert.Equal(customerId, body.GetProperty("customerId").GetString());
        Assert.Equal(await CustomerOf(host, "anonymous_id:a-1"), body.GetProperty("splitCustomerId").GetString());
        Assert.StartsWith("s_", body.GetProperty("separationId").GetString(), StringComparison.Ordinal);
        await host.Collect(
            """{"batch":[{"type":"track","event":"Both","messageId":"m-3","userId":"u-1","anonymousId":"a-1"}]}"""
        );
        Assert.NotEqual(await CustomerOf(host, "user_id:u-1"), await CustomerOf(host, "anonymous_id:a-1"));
    }

    [Theory]
    [InlineData("user_id:nobody", """{"identifiers":["anonymous_id:a-1"],"reason":"r"}""", 404, "not_found")]
    [InlineData("user_id:u-1", """{"identifiers":["anonymous_id:other"],"reason":"r"}""", 409, "identifier_not_held")]
    [InlineData(
        "user_id:u-1",
        """{"identifiers":["user_id:u-1","anonymous_id:a-1"],"reason":"r"}""",
        409,
        "split_of_everything"
    )]
    [InlineData("user_id:u-1", """{"identifiers":["anonymous_id:a-1"]}""", 400, "invalid_json")]
    [InlineData("user_id:u-1", """{"identifiers":[],"reason":"r"}""", 400, "invalid_json")]
    [InlineData("user_id:u-1", """{"identifiers":["a-1"],"reason":"r"}""", 400, "invalid_identifier")]
    [InlineData("user_id:u-1", "[]", 400, "invalid_json")]
    public async Task Split_OfWhatCantBeSplit_IsAProblemAndChangesNothing(
        string of,
        string body,
        int status,
        string code
    )
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await host.Collect(Joined);
        JsonElement before = await host.GetJson("/v1/profiles/user_id:u-1");

        (int answered, JsonElement problem) = await host.PostJson(
            $"/v1/profiles/{of}/split",
            ProfilesHost.AdminKey,
            body
        );

        Assert.Equal((status, code), (answered, problem.GetProperty("code").GetString()));
        Assert.Equal(before.GetRawText(), (await host.GetJson("/v1/profiles/user_id:u-1")).GetRawText());
    }

    [Fact]
    public async Task Undo_ByTheMergeIdOfExplain_GivesBothBackAndIsRefusedASecondTime()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await host.Collect("""{"batch":[{"type":"track","event":"A","messageId":"m-1","userId":"u-1"}]}""");
        await host.Collect("""{"batch":[{"type":"track","event":"B","messageId":"m-2","anonymousId":"b-1"}]}""");
        string younger = await CustomerOf(host, "anonymous_id:b-1");
        await host.Collect("""{"batch":[{"type":"identify","messageId":"m-3","userId":"u-1","anonymousId":"b-1"}]}""");
        JsonElement explained = await host.GetJson("/v1/profiles/user_id:u-1/explain");
        JsonElement merge = Assert.Single(
            explained.GetProperty("history").EnumerateArray(),
            entry => entry.GetProperty("kind").GetString() == DecisionKinds.Merged
        );
        string path = $"/v1/merges/{merge.GetProperty("mergeId").GetString()}:undo";

        (int status, JsonElement body) = await host.PostJson(path, ProfilesHost.AdminKey, """{"reason":"a test"}""");

        Assert.Equal(200, status);
        Assert.Equal(younger, body.GetProperty("splitCustomerId").GetString());
        Assert.Equal(younger, await CustomerOf(host, "anonymous_id:b-1"));
        JsonElement after = await host.GetJson("/v1/profiles/anonymous_id:b-1/explain");
        Assert.Contains(
            after.GetProperty("history").EnumerateArray(),
            entry => entry.GetProperty("kind").GetString() == DecisionKinds.Split
        );
        (int again, JsonElement problem) = await host.PostJson(path, ProfilesHost.AdminKey, """{"reason":"a test"}""");
        Assert.Equal((409, "merge_already_undone"), (again, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Split_ByAReader_IsForbidden()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);

        (int status, _) = await host.PostJson("/v1/profiles/user_id:u-1/split", ProfilesHost.ReadKey, "{}");

        Assert.Equal(403, status);
    }

    [Theory]
    [InlineData("d_00000000000000000000000000000000")]
    [InlineData("nonsense")]
    public async Task Undo_OfAnUnknownMerge_Is404(string mergeId)
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);

        (int status, JsonElement problem) = await host.PostJson(
            $"/v1/merges/{mergeId}:undo",
            ProfilesHost.AdminKey,
            """{"reason":"r"}"""
        );

        Assert.Equal((404, "merge_unknown"), (status, problem.GetProperty("code").GetString()));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<(int Status, JsonElement Body)> Split(ProfilesHost host, string of, string identifier) =>
        host.PostJson(
            $"/v1/profiles/{of}/split",
            ProfilesHost.AdminKey,
            $$"""{"identifiers":["{{identifier}}"],"reason":"a test"}"""
        );

    private static async Task<string> CustomerOf(ProfilesHost host, string identifier) =>
        (await host.GetJson($"/v1/profiles/{identifier}")).GetProperty("customerId").GetString()!;
}
