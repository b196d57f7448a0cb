using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Api.Tests;

public sealed class ProfilesAccountsTests
{
    [Fact]
    public async Task GetAccount_PageByPage_ShowsEveryMemberOnce()
    {
        await using ProfilesHost host = await Start();

        JsonElement first = await host.GetJson("/v1/accounts/acme.com?limit=2");
        JsonElement second = await host.GetJson(
            $"/v1/accounts/acme.com?limit=2&cursor={first.GetProperty("next").GetString()}"
        );

        Assert.Equal("Acme", first.GetProperty("traits").GetProperty("name").GetString());
        Assert.Equal("acme.com", first.GetProperty("groupId").GetString());
        Assert.Equal(3, first.GetProperty("memberCount").GetInt32());
        Assert.Equal(["u-0", "u-1"], Members(first));
        Assert.Equal(["u-2"], Members(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task GetAccount_WithMoreMembersThanItKeeps_SaysSo()
    {
        await using ProfilesHost host = await Start();
        host.World.Accounts["large"] = Account("large") with { IsTruncated = true };

        Assert.True((await host.GetJson("/v1/accounts/large")).GetProperty("truncated").GetBoolean());
        Assert.False((await host.GetJson("/v1/accounts/acme.com")).TryGetProperty("truncated", out _));
    }

    [Fact]
    public async Task GetAccount_WhenTheIdIsOdd_FindsExactlyIt()
    {
        await using ProfilesHost host = await Start();
        host.World.Accounts["a/b c%2F"] = Account("a/b c%2F");

        JsonElement account = await host.GetJson($"/v1/accounts/{Uri.EscapeDataString("a/b c%2F")}");

        Assert.Equal("a/b c%2F", account.GetProperty("groupId").GetString());
    }

    [Theory]
    [InlineData("/v1/accounts/nobody", 404)]
    [InlineData("/v1/accounts/%20", 404)]
    [InlineData("/v1/accounts/acme.com?limit=201", 400)]
    [InlineData("/v1/accounts/acme.com?cursor=!", 400)]
    [InlineData("/v1/accounts/acme.com?cursor=AAAA", 400)]
    public async Task GetAccount_WhenItCanNotBeAnswered_AnswersAProblem(string path, int status)
    {
        await using ProfilesHost host = await Start();

        await host.GetProblem(path, status);
    }

    [Fact]
    public async Task GetAccount_WhenTheIdIsTooLong_AsksNoGrain()
    {
        await using ProfilesHost host = await Start();

        await host.GetProblem($"/v1/accounts/{new string('a', 501)}", 404);

        Assert.Empty(host.World.Calls);
    }

    internal static AccountReply Account(string groupId) =>
        new(
            groupId,
            """{"employees":120,"name":"Acme"}"""u8.ToArray(),
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(index => new AccountMember(
                        Identifier.Create("user_id", $"u-{index}"),
                        ProfilesWorld.Now.AddDays(-2),
                        ProfilesWorld.Now
                    )),
            ],
            3,
            Version: 4,
            IsTruncated: false
        );

    private static string[] Members(JsonElement account) =>
        [.. account.GetProperty("members").EnumerateArray().Select(one => one.GetProperty("value").GetString()!)];

    private static async Task<ProfilesHost> Start()
    {
        var world = new ProfilesWorld();
        world.Accounts["acme.com"] = Account("acme.com");
        return await ProfilesHost.Start(world);
    }
}
