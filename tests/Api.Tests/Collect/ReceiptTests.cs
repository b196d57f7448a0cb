using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Collect;

/// <summary>What a sender is told about each message, and about what was not taken.</summary>
public sealed class ReceiptTests : IDisposable
{
    private const string Mixed = """
        {"batch":[
          {"type":"track","event":"Seen","userId":"u1","messageId":"good"},
          {"type":"track","event":"Seen","messageId":"nobody"},
          {"type":"dance","userId":"u1","messageId":"unknown"},
          42,
          {"type":"track","event":"Seen","userId":"u1","messageId":"good"}
        ]}
        """;

    private readonly CollectHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Batch_WithBadMessages_StoresTheOthersAndSaysHowManyNot()
    {
        JsonElement answer = await (await _host.Authorized.PostTextAsync("/v1/batch", Mixed)).ReadJsonAsync(
            HttpStatusCode.OK
        );

        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal(3, answer.GetProperty("rejected").GetInt32());
        Assert.False(answer.TryGetProperty("receipts", out _));
        Assert.Equal("good", _host.Intake.Only.MessageId);
    }

    [Fact]
    public async Task Receipts_WhenAskedFor_SayWhatBecameOfEachMessage()
    {
        JsonElement answer = await SendWithReceipts("/v1/batch", Mixed);

        JsonElement[] receipts = [.. answer.GetProperty("receipts").EnumerateArray()];
        Assert.Equal(
            ["accepted", "rejected", "rejected", "rejected", "duplicate"],
            receipts.Select(receipt => receipt.GetProperty("status").GetString())
        );
        Assert.Equal("no_user_anon_id", receipts[1].GetProperty("reason").GetString());
        Assert.Equal("nobody", receipts[1].GetProperty("messageId").GetString());
        Assert.Equal("unknown_type", receipts[2].GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, receipts[3].GetProperty("messageId").ValueKind);
        Assert.Equal(receipts[0].GetProperty("position").GetInt64(), receipts[4].GetProperty("position").GetInt64());
    }

    [Fact]
    public async Task Batch_OverItsLimit_StoresTheFirstAndRefusesTheRestByReceipt()
    {
        string batch = Wire.Batch(Enumerable.Range(0, 2_502).Select(n => Wire.TrackOf("u1", $"m{n}")));

        JsonElement answer = await SendWithReceipts("/v1/batch", batch);

        Assert.Equal(2, answer.GetProperty("rejected").GetInt32());
        JsonElement last = answer.GetProperty("receipts").EnumerateArray().Last();
        Assert.Equal("batch_too_long", last.GetProperty("reason").GetString());
        Assert.Equal("m2501", last.GetProperty("messageId").GetString());
        Assert.Equal(2_500, _host.Intake.Stored.Count);
    }

    [Fact]
    public async Task Batch_WithNothingValid_IsAnsweredSoThatSdksDoNotRepeatIt()
    {
        JsonElement answer = await (
            await _host.Authorized.PostTextAsync("/v1/batch", """{"batch":[1,{}]}""")
        ).ReadJsonAsync(HttpStatusCode.OK);

        Assert.Equal(2, answer.GetProperty("rejected").GetInt32());
    }

    [Fact]
    public async Task Batch_WithAnOversizeMessage_RefusesThatOneOnly()
    {
        string large = Wire.TrackOf(new string('x', 33_000), "large");

        JsonElement answer = await SendWithReceipts("/v1/batch", Wire.Batch(Wire.Track, large));

        Assert.Equal(1, answer.GetProperty("rejected").GetInt32());
        Assert.Equal("message_too_large", answer.GetProperty("receipts")[1].GetProperty("reason").GetString());
        Assert.Equal("m1", _host.Intake.Only.MessageId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WaitApplied_SaysWhetherTheProfilesShowTheMessages(bool inTime)
    {
        _host.Intake.AppliesInTime = inTime;

        HttpResponseMessage response = await _host.Authorized.PostTextAsync("/v1/track?wait=applied", Wire.Track);

        JsonElement answer = await response.ReadJsonAsync(HttpStatusCode.OK);
        Assert.Equal(inTime, answer.GetProperty("applied").GetBoolean());
    }

    [Fact]
    public async Task Wait_ForAnythingElse_IsRefused()
    {
        HttpResponseMessage response = await _host.Authorized.PostTextAsync("/v1/track?wait=forever", Wire.Track);

        await response.AssertProblemAsync(400, "invalid_parameter");
        Assert.Empty(_host.Intake.Stored);
    }

    private async Task<JsonElement> SendWithReceipts(string path, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path);
        request.Headers.Add("X-Receipts", "true");
        request.Content = new StringContent(body);
        return await (await _host.Authorized.SendAsync(request)).ReadJsonAsync(HttpStatusCode.OK);
    }
}
