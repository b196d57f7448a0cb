using System.Text.Json;

namespace Customer360.Api.Tests.FieldCases;

/// <summary>Which of several statements stands: in a profile, in a timeline and among an account's members.</summary>
public sealed class LastWordTests : FieldCases
{
    [Theory]
    [InlineData("track", "\"event\":\"e\",")]
    [InlineData("page", "")]
    [InlineData("screen", "")]
    [InlineData("group", "\"groupId\":\"g\",")]
    [InlineData("alias", "\"previousId\":\"p\",")]
    public async Task ContextTraits_OfALaterCall_DoNotOverwriteWhatIdentifySaid(string kind, string more)
    {
        await Host.SendNew("identify", """ "userId":"u","traits":{"plan":"gold"} """);
        await Host.SendNew(kind, $" {more}\"userId\":\"u\",\"context\":{{\"traits\":{{\"plan\":\"silver\"}}}} ");

        Assert.Equal("\"gold\"", await Host.TraitOf("user_id:u", "plan"));
        Assert.Empty(
            (await Host.Get("/v1/profiles/user_id:u?verbose=true"))
                .GetProperty("traits")
                .GetProperty("plan")
                .GetProperty("overruled")
                .EnumerateArray()
        );
    }

    /// <summary>By the one anchor, and by two that lead to different partitions.</summary>
    [Theory]
    [InlineData("\"userId\":\"u\"", "\"userId\":\"u\"")]
    [InlineData("\"userId\":\"u\"", "\"anonymousId\":\"a\"")]
    [InlineData("\"anonymousId\":\"a\"", "\"userId\":\"u\"")]
    [InlineData("\"anonymousId\":\"b\"", "\"anonymousId\":\"a\"")]
    public async Task Batch_WithoutTimesAndIds_EndsWithItsLastWord(string odd, string even)
    {
        await Host.SendNew("identify", """ "userId":"u","anonymousId":"a" """);
        await Host.SendNew("identify", """ "userId":"u","anonymousId":"b" """);

        await Host.Post(
            "/v1/batch?wait=applied",
            $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, 10).Select(q => $$$$"""{"type":"identify",{{{{(q % 2 == 0 ? even : odd)}}}},"timestamp":"2026-11-25T10:00:00Z","traits":{"q":{{{{q}}}}}}"""))}}]}"""
        );

        Assert.Equal("9", await Host.TraitOf("user_id:u", "q"));
    }

    /// <summary>Of two requests with one time the later one stands, whatever the ids; profile and timeline agree.</summary>
    [Theory]
    [InlineData("zzz", "aaa", "\"userId\":\"u\"")]
    [InlineData("aaa", "zzz", "\"userId\":\"u\"")]
    [InlineData("zzz", "aaa", "\"anonymousId\":\"a\"")]
    [InlineData("aaa", "zzz", "\"anonymousId\":\"a\"")]
    public async Task Requests_OfOneTime_EndWithTheLaterOne(string first, string second, string who)
    {
        await Host.SendNew("identify", """ "userId":"u","anonymousId":"a","timestamp":"2026-11-24T10:00:00Z" """);
        const string Time = "\"timestamp\":\"2026-11-25T10:00:00.000Z\"";
        await Host.Send("identify", $$$""" "messageId":"{{{first}}}","userId":"u",{{{Time}}},"traits":{"q":1} """);
        await Host.Send("identify", $$$""" "messageId":"{{{second}}}",{{{who}}},{{{Time}}},"traits":{"q":2} """);

        Assert.Equal("2", await Host.TraitOf("user_id:u", "q"));
        JsonElement events = (await Host.Get("/v1/profiles/user_id:u/timeline")).GetProperty("events");
        Assert.Equal(second, events[0].GetProperty("messageId").GetString());

        // A rebuild of the log says the same, and an older time that comes later loses.
        await Host.Send(
            "identify",
            """ "messageId":"mmm","userId":"u","timestamp":"2026-11-25T09:59:59.999Z","traits":{"q":3} """
        );
        Assert.Equal("2", await Host.TraitOf("user_id:u", "q"));
    }

    /// <summary>Over pages: messages of one time stand in several partitions, and a page may end among them.</summary>
    [Theory]
    [InlineData("asc", 1)]
    [InlineData("asc", 3)]
    [InlineData("desc", 1)]
    [InlineData("desc", 2)]
    [InlineData("desc", 20)]
    public async Task Timeline_OfOneTime_StandsByArrivalOnAllPages(string order, int limit)
    {
        string[] visitors = ["a", "b", "c", "d"];
        foreach (string visitor in visitors)
        {
            await Host.Send(
                "identify",
                $$""" "messageId":"i-{{visitor}}","userId":"u","anonymousId":"{{visitor}}","timestamp":"2026-11-24T10:00:00Z" """
            );
        }

        List<string> expected = [.. visitors.Select(visitor => $"i-{visitor}")];
        for (int index = 0; index < 8; index++)
        {
            string id = $"m-{index * 7 % 8}";
            expected.Add(id);
            await Host.Send(
                "page",
                $$""" "messageId":"{{id}}","anonymousId":"{{visitors[index % 4]}}","timestamp":"2026-11-25T10:00:00Z" """
            );
        }

        List<string> shown = [];
        string path = $"/v1/profiles/user_id:u/timeline?order={order}&limit={limit}";
        for (string? cursor = ""; cursor is not null; )
        {
            JsonElement page = await Host.Get(path + (cursor.Length > 0 ? $"&cursor={cursor}" : ""));
            shown.AddRange(
                page.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("messageId").GetString()!)
            );
            cursor = page.TryGetProperty("next", out JsonElement next) ? next.GetString() : null;
        }

        if (order == "desc")
        {
            expected.Reverse();
        }

        Assert.Equal(expected, shown);
    }

    [Theory]
    [InlineData("\"old\"", "\"{0}\"")]
    [InlineData("[\"a\"]", "[\"{0}\"]")]
    public async Task Trait_WhenTooLong_DoesNotLeaveTheOlderOneStanding(string old, string form)
    {
        string longer = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, new string('x', 9_000));
        await Host.SendNew("identify", $$$""" "userId":"u","traits":{"bio":{{{old}}}} """);
        JsonElement receipt = await Host.SendNew("identify", $$$""" "userId":"u","traits":{"bio":{{{longer}}}} """);

        Assert.Equal(["traits:too_long"], LeftOut(receipt));
        Assert.Null(await Host.TraitOf("user_id:u", "bio"));
        JsonElement absent = (await Host.Get("/v1/profiles/user_id:u?verbose=true")).GetProperty("absentTraits");
        Assert.Equal("too_long", absent.GetProperty("bio").GetProperty("reason").GetString());
        JsonElement explained = (await Host.Get("/v1/profiles/user_id:u/explain")).GetProperty("absentFields");
        Assert.Equal("too_long", explained.GetProperty("bio").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Members_WhoAreOnePerson_AreCountedOnce()
    {
        async Task<int> Count() => (await Host.Get("/v1/accounts/G")).GetProperty("memberCount").GetInt32();
        await Host.SendNew("group", """ "anonymousId":"a","groupId":"G" """);
        await Host.SendNew("identify", """ "userId":"u","anonymousId":"a" """);
        await Host.SendNew("group", """ "userId":"u","groupId":"G" """);

        Assert.Equal(1, await Count());
        JsonElement member = Assert.Single((await Host.Get("/v1/accounts/G")).GetProperty("members").EnumerateArray());
        Assert.Equal("a", member.GetProperty("value").GetString());

        // A later merge: another visitor of the account turns out to be her.
        await Host.SendNew("group", """ "anonymousId":"b","groupId":"G" """);
        Assert.Equal(2, await Count());
        await Host.SendNew("identify", """ "userId":"u","anonymousId":"b" """);
        Assert.Equal(1, await Count());

        await Host.Administrate(
            "/v1/profiles/user_id:u/split",
            """{"identifiers":["anonymous_id:b\u200b"],"reason":"not her"}"""
        );
        Assert.Equal(2, await Count());
    }
}
