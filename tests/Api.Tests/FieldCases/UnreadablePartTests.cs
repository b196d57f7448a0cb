using System.Net;
using System.Text.Json;

namespace Customer360.Api.Tests.FieldCases;

/// <summary>Messages with a part that can't be read, as real senders send them: the part is left out and said, and the message is taken.</summary>
public sealed class UnreadablePartTests : FieldCases
{
    [Theory]
    // Times.
    [InlineData("track", """ "userId":"u","event":"e","timestamp":"2026-11-25T10:00:27.029:Z" """)]
    [InlineData("track", """ "userId":"u","event":"e","timestamp":"٢٠٢٦-١١-٢٥T١٠:٤٨:٢٩.٥Z" """)]
    [InlineData("track", """ "userId":"u","event":"e","timestamp":"2026-11-25 10:15:30.123456789 +0000 UTC" """)]
    [InlineData("page", """ "userId":"u","timestamp":"9/3/2026 10:15:00 AM" """, "timestamp:not_a_time")]
    [InlineData("page", """ "userId":"u","timestamp":"2569-11-25T10:00:00.000Z" """, "timestamp:impossible_time")]
    [InlineData(
        "page",
        """ "userId":"u","originalTimestamp":"0001-01-01T00:00:00Z","timestamp":"2026-11-25T10:00:00Z" """,
        "originalTimestamp:zero_time"
    )]
    [InlineData("page", """ "userId":"u","timestamp":"2026-11-25 10:15:30.123+00" """)]
    [InlineData(
        "page",
        """ "userId":"u","timestamp":"2026-11-25T10:00:00Z","sentAt":"Invalid Date" """,
        "sentAt:not_a_time"
    )]
    [InlineData("page", """ "userId":"u","timestamp":1764065730000,"sentAt":1764065730 """)]
    [InlineData("page", """ "userId":"u","timestamp":"Wed, 25 Nov 2026 10:15:30 +0100" """)]
    [InlineData("page", """ "userId":"u","timestamp":"0000-00-00 00:00:00" """, "timestamp:zero_time")]
    // Values of another type, and what no store can hold.
    [InlineData("identify", """ "userId":false,"anonymousId":"u" """, "userId:wrong_type")]
    [InlineData("alias", """ "userId":"u","previousId":false """, "previousId:wrong_type")]
    [InlineData("page", """ "userId":"u","name":404 """)]
    [InlineData("track", """ "userId":"u","event":"e","properties":"" """, "properties:wrong_type")]
    [InlineData("track", """ "userId":"u","event":"e","properties":{"t":"a\u0000b"} """, "properties:not_storable")]
    [InlineData("track", """ "userId":"u\u0000","event":"e" """, "userId:not_storable")]
    [InlineData("identify", """ "userId":"u","traits":{"a\u0000b":1,"c":2} """, "traits:not_storable")]
    public async Task Message_WithAnUnreadablePart_IsTakenAndItsReceiptSaysSo(
        string kind,
        string members,
        params string[] leftOut
    )
    {
        string reason = leftOut.Length > 0 ? leftOut[0].Split(':')[1] : "";
        long before = await Counted("left_out", reason);
        JsonElement receipt = await Host.SendNew(kind, members);

        Assert.Equal("accepted", receipt.GetProperty("status").GetString());
        Assert.Equal(leftOut, LeftOut(receipt));
        Assert.Equal(leftOut, LeftOut(await Host.Get("/v1/receipts/m-1")));
        string anchor = members.Contains("false,\"anonymousId\"", StringComparison.Ordinal)
            ? "anonymous_id:u"
            : "user_id:u";
        JsonElement events = (await Host.Get($"/v1/profiles/{anchor}/timeline")).GetProperty("events");
        Assert.Equal("m-1", Assert.Single(events.EnumerateArray()).GetProperty("messageId").GetString());
        Assert.True(leftOut.Length == 0 || await Counted("left_out", reason) > before);
    }

    /// <summary>A numeric id is its text, and a repeat is found, also when it is asked for otherwise.</summary>
    [Fact]
    public async Task MessageId_WhenANumber_IsItsText()
    {
        Assert.Equal(
            "12345",
            (await Host.Send("page", """ "userId":"u","messageId":12345 """)).GetProperty("messageId").GetString()
        );
        foreach (string again in (string[])["12345", "12345.0", "\"12345\"", "\"12345\\u200b\""])
        {
            JsonElement receipt = await Host.Send("page", $" \"userId\":\"u\",\"messageId\":{again} ");
            Assert.Equal("duplicate", receipt.GetProperty("status").GetString());
        }

        Assert.Equal("12345", (await Host.Get("/v1/receipts/12345.0")).GetProperty("messageId").GetString());
        Assert.Equal("12345", (await Host.Get("/v1/receipts/12345%E2%80%8B")).GetProperty("messageId").GetString());
    }

    [Fact]
    public async Task Batch_WhenOneIsTooDeep_HasTheOthers()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 70)) + new string(']', 70);
        JsonElement answer = await Host.Post(
            "/v1/batch?wait=applied",
            $$"""{"batch":[{"type":"track","userId":"u","event":"e"},{"type":"track","userId":"u","event":"e","properties":{"p":{{deep}} } }]}"""
        );

        Assert.Equal(1, answer.GetProperty("rejected").GetInt32());
        Assert.Equal("message_too_deep", answer.GetProperty("receipts")[1].GetProperty("reason").GetString());
        Assert.NotNull(await Host.CustomerOf("user_id:u"));
    }

    [Fact]
    public async Task Refusals_OfSingleCalls_AreCountedByReason()
    {
        long before = await Counted("rejected", "no_user_anon_id");
        long beforeJson = await Counted("rejected", "invalid_json");
        for (int call = 0; call < 5; call++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, await Host.PostAnything("/v1/track", """{"event":"e"}"""));
        }

        Assert.Equal(HttpStatusCode.BadRequest, await Host.PostAnything("/v1/track", "{"));
        // Other tests of this process may count meanwhile.
        Assert.True(await Counted("rejected", "no_user_anon_id") >= before + 5);
        Assert.True(await Counted("rejected", "invalid_json") > beforeJson);
    }

    /// <summary>A batch whose <c>sentAt</c> is no time says so of each message, and takes the times as they are given.</summary>
    [Fact]
    public async Task Batch_WhenItsSentAtIsNone_IsTaken()
    {
        JsonElement answer = await Host.Post(
            "/v1/batch?wait=applied",
            """{"sentAt":"Invalid Date","batch":[{"type":"page","userId":"u","messageId":"b","timestamp":"2026-11-25T10:00:00Z"}]}"""
        );

        Assert.Equal(["sentAt:not_a_time"], LeftOut(answer.GetProperty("receipts")[0]));
        Assert.Equal(
            new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero),
            (await Host.Get("/v1/receipts/b")).GetProperty("timestamp").GetDateTimeOffset()
        );
    }
}
