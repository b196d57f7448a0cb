using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Tests;

/// <summary>Timelines and sessions.</summary>
public sealed class ProfilesHistoryTests
{
    private const string Timeline = "/v1/profiles/user_id:u-1/timeline";
    private const string Sessions = "/v1/profiles/user_id:u-1/sessions";

    [Fact]
    public async Task Timeline_OfATrack_HasAllThatWasSent()
    {
        await using ProfilesHost host = await Start(messages: 0);
        host.World.Add(
            ProfilesWorld.Jane,
            """
            {"type":"track","event":"Order Completed","messageId":"m-1","userId":"u-1","anonymousId":"a-1",
             "properties":{"total":12.5,"items":[{"sku":"x"}]}}
            """,
            ProfilesWorld.Now
        );

        JsonElement page = await host.GetJson(Timeline);

        JsonElement one = Assert.Single(page.GetProperty("events").EnumerateArray());
        Assert.Equal(
            """
            {"type":"track","name":"Order Completed","timestamp":"2026-11-22T12:00:00Z","receivedAt":"2026-11-22T12:00:00Z","messageId":"m-1","source":"web","identifiers":[{"type":"user_id","value":"u-1"},{"type":"anonymous_id","value":"a-1"}],"properties":{"total":12.5,"items":[{"sku":"x"}]}}
            """.Trim(),
            one.GetRawText()
        );
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Timeline_OfAnIdentify_HasItsTraits()
    {
        await using ProfilesHost host = await Start(messages: 0);
        host.World.AddUser(ProfilesWorld.Jane, "user_id", "u-1", """{"plan":"pro"}""");

        JsonElement page = await host.GetJson(Timeline);

        JsonElement one = Assert.Single(page.GetProperty("events").EnumerateArray());
        Assert.Equal("pro", one.GetProperty("traits").GetProperty("plan").GetString());
        Assert.Equal("{}", one.GetProperty("properties").GetRawText());
    }

    [Theory]
    [InlineData("", 50, true)]
    [InlineData("?limit=7", 7, true)]
    [InlineData("?limit=200&order=asc", 200, false)]
    [InlineData("?limit=10&order=asc", 10, false)]
    public async Task Timeline_PageByPage_ShowsEveryMessageOnceInOrder(string query, int limit, bool descending)
    {
        await using ProfilesHost host = await Start(messages: 123);
        var seen = new List<string>();

        string? next = null;
        do
        {
            string path = next is null ? Timeline + query : $"{Timeline}?limit={limit}&cursor={next}";
            JsonElement page = await host.GetJson(path);
            string[] ids =
            [
                .. page.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("messageId").GetString()!),
            ];
            Assert.InRange(ids.Length, 1, limit);
            seen.AddRange(ids);
            next = page.GetProperty("next").GetString();
        } while (next is not null);

        IEnumerable<string> all = Enumerable.Range(0, 123).Select(index => $"m-{index:000}");
        Assert.Equal(descending ? all.Reverse() : all, seen);
    }

    [Fact]
    public async Task Timeline_WithARange_HoldsToIt()
    {
        await using ProfilesHost host = await Start(messages: 60);

        JsonElement page = await host.GetJson(
            $"{Timeline}?from=2026-11-22T11:00:10Z&to=2026-11-22T13:00:12%2B02:00&order=asc"
        );

        Assert.Equal(
            ["m-010", "m-011"],
            page.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("messageId").GetString())
        );
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("order=up")]
    [InlineData("from=yesterday")]
    [InlineData("from=2026-11-22&to=2026-11-21")]
    [InlineData("cursor=AAAA")]
    [InlineData("cursor=%00%ff")]
    [InlineData("cursor=Av__________AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task History_WhenAParameterIsBad_Answers400(string query)
    {
        await using ProfilesHost host = await Start(messages: 1);

        JsonElement problem = await host.GetProblem($"{Timeline}?{query}", 400);
        Assert.Equal("invalid_parameter", problem.GetProperty("code").GetString());
        if (!query.StartsWith("order", StringComparison.Ordinal))
        {
            await host.GetProblem($"{Sessions}?{query}", 400);
        }
    }

    [Fact]
    public async Task History_WhenUnknown_Answers404()
    {
        await using ProfilesHost host = await Start(messages: 1);

        await host.GetProblem("/v1/profiles/user_id:nobody/timeline", 404);
        await host.GetProblem("/v1/profiles/user_id:nobody/sessions", 404);
        await host.GetProblem("/v1/profiles/customer:c_019ac8d12f400030000000099/timeline", 404);
    }

    [Fact]
    public async Task Sessions_PageByPage_ShowsEverySessionOnce()
    {
        await using ProfilesHost host = await Start(messages: 1);
        DateTimeOffset first = ProfilesWorld.Now.AddDays(-1);
        host.World.Sessions[ProfilesWorld.Jane] =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(index => new CustomerSession(
                    first.AddHours(index),
                    first.AddHours(index).AddMinutes(5),
                    index + 1
                )),
        ];

        JsonElement page = await host.GetJson($"{Sessions}?limit=3");
        JsonElement rest = await host.GetJson($"{Sessions}?limit=3&cursor={page.GetProperty("next").GetString()}");

        Assert.Equal(
            [5, 4, 3, 2, 1],
            page.GetProperty("sessions")
                .EnumerateArray()
                .Concat(rest.GetProperty("sessions").EnumerateArray())
                .Select(one => one.GetProperty("eventCount").GetInt32())
        );
        Assert.Equal("2026-11-21T16:00:00Z", page.GetProperty("sessions")[0].GetProperty("startedAt").GetString());
        Assert.Equal("2026-11-21T16:05:00Z", page.GetProperty("sessions")[0].GetProperty("endedAt").GetString());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Cursors_AreNotInterchangeable()
    {
        await using ProfilesHost host = await Start(messages: 3);
        JsonElement page = await host.GetJson($"{Timeline}?limit=1");

        await host.GetProblem($"{Sessions}?cursor={page.GetProperty("next").GetString()}", 400);
    }

    private static async Task<ProfilesHost> Start(int messages)
    {
        var world = new ProfilesWorld();
        for (int index = 0; index < messages; index++)
        {
            world.Add(
                ProfilesWorld.Jane,
                $$"""{"type":"track","event":"E","messageId":"m-{{index:000}}","userId":"u-1"}""",
                ProfilesWorld.Now.AddHours(-1).AddSeconds(index)
            );
        }

        return await ProfilesHost.Start(world);
    }
}
