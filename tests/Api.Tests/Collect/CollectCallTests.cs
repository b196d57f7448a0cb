using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;
using Customer360.Rules.Events;

namespace Customer360.Api.Tests.Collect;

/// <summary>What SDKs send, in all the ways they send it.</summary>
public sealed class CollectCallTests : IDisposable
{
    private readonly CollectHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("/v1/identify", EventKind.Identify)]
    [InlineData("/v1/track", EventKind.Track)]
    [InlineData("/v1/page", EventKind.Page)]
    [InlineData("/v1/screen", EventKind.Screen)]
    [InlineData("/v1/group", EventKind.Group)]
    [InlineData("/v1/alias", EventKind.Alias)]
    [InlineData("/v1/i", EventKind.Identify)]
    [InlineData("/v1/t", EventKind.Track)]
    [InlineData("/v1/p", EventKind.Page)]
    [InlineData("/v1/s", EventKind.Screen)]
    [InlineData("/v1/g", EventKind.Group)]
    [InlineData("/v1/a", EventKind.Alias)]
    public async Task Call_OfEveryPath_IsStoredAsItsKind(string path, EventKind kind)
    {
        const string Message = """{"event":"Seen","userId":"u1","groupId":"g1","previousId":"u0","name":"Home"}""";
        foreach (string variant in new[] { path, path + "/" })
        {
            HttpResponseMessage response = await _host.Authorized.PostTextAsync(variant, Message);
            Assert.Equal("""{"success":true}""", (await response.ReadJsonAsync(HttpStatusCode.OK)).GetRawText());
            Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        }

        Assert.Equal(2, _host.Intake.Stored.Count);
        Assert.All(_host.Intake.Stored, envelope => Assert.Equal(kind, envelope.Kind));
        Assert.All(_host.Intake.Stored, envelope => Assert.Equal(CollectHost.SourceName, envelope.Source));
    }

    [Theory]
    [InlineData("/v1/batch")]
    [InlineData("/v1/b")]
    [InlineData("/v1/import")]
    [InlineData("/v1/import/")]
    public async Task Batch_OfEveryPath_IsStored(string path)
    {
        HttpResponseMessage response = await _host.Authorized.PostTextAsync(path, Wire.Batch(Wire.Track));

        await response.ReadJsonAsync(HttpStatusCode.OK);
        Assert.Equal("m1", _host.Intake.Only.MessageId);
    }

    [Fact]
    public async Task Batch_WithSharedFields_PassesThemToItsMessages()
    {
        string hourAgo = TimeProvider.System.GetUtcNow().AddHours(-1).ToString("O");
        string body = $$$"""
            {"sentAt":"{{{hourAgo}}}","context":{"traits":{"email":"jane@example.com"}},
             "batch":[{"type":"track","event":"Seen","userId":"u1","timestamp":"{{{hourAgo}}}"}]}
            """;

        await (await _host.Authorized.PostTextAsync("/v1/batch", body)).ReadJsonAsync(HttpStatusCode.OK);

        Envelope envelope = _host.Intake.Only;
        Assert.Contains(Identifier.Create("email", "jane@example.com"), envelope.Identifiers);
        Assert.True((envelope.ReceivedAt - envelope.Timestamp).Duration() < TimeSpan.FromSeconds(1), "skew corrected");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json")]
    [InlineData("nonsense/type")]
    [InlineData(null)]
    public async Task Body_OfAnyContentType_IsReadAsJson(string? contentType)
    {
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(Wire.Track));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);

        HttpResponseMessage response = await _host.Authorized.PostAsync(
            new Uri("/v1/track", UriKind.Relative),
            content
        );

        await response.ReadJsonAsync(HttpStatusCode.OK);
        Assert.Equal("m1", _host.Intake.Only.MessageId);
    }

    [Fact]
    public async Task Body_WithGzip_IsUnpacked()
    {
        byte[] packed = Wire.Gzip(Encoding.UTF8.GetBytes(Wire.Track));

        await (await _host.Authorized.PostBytesAsync("/v1/track", packed, "gzip")).ReadJsonAsync(HttpStatusCode.OK);

        Assert.Equal("m1", _host.Intake.Only.MessageId);
    }

    [Fact]
    public async Task Body_WithByteOrderMark_IsRead()
    {
        byte[] body = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Wire.Track)];

        await (await _host.Authorized.PostBytesAsync("/v1/track", body)).ReadJsonAsync(HttpStatusCode.OK);

        Assert.Equal("m1", _host.Intake.Only.MessageId);
    }

    [Fact]
    public async Task Body_WithoutLength_IsReadInChunks()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/track");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StringContent(Wire.Track);

        await (await _host.Authorized.SendAsync(request)).ReadJsonAsync(HttpStatusCode.OK);

        Assert.Equal("m1", _host.Intake.Only.MessageId);
    }

    [Fact]
    public async Task Metrics_OfAnSdk_AreTakenAndDropped()
    {
        HttpResponseMessage response = await _host.Http.PostTextAsync("/v1/m", """{"series":[]}""");

        Assert.True((await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("success").GetBoolean());
        Assert.Empty(_host.Intake.Stored);
    }

    [Fact]
    public async Task Message_WithoutId_GetsItsOwn()
    {
        const string Body = """{"event":"Seen","userId":"u1"}""";

        await (await _host.Authorized.PostTextAsync("/v1/track", Body)).ReadJsonAsync(HttpStatusCode.OK);
        await (await _host.Authorized.PostTextAsync("/v1/track", Body)).ReadJsonAsync(HttpStatusCode.OK);

        Assert.Equal(2, _host.Intake.Stored.Select(envelope => envelope.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task Batch_OfManyPeople_GoesToTheirPartitionsAndKeepsItsOrder()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/batch");
        request.Headers.Add("X-Receipts", "true");
        request.Content = new StringContent(
            Wire.Batch(Enumerable.Range(0, 200).Select(n => Wire.TrackOf($"u{n}", $"m{n}")))
        );

        JsonElement answer = await (await _host.Authorized.SendAsync(request)).ReadJsonAsync(HttpStatusCode.OK);

        JsonElement[] receipts = [.. answer.GetProperty("receipts").EnumerateArray()];
        Assert.Equal(
            Enumerable.Range(0, 200).Select(n => $"m{n}"),
            receipts.Select(receipt => receipt.GetProperty("messageId").GetString())
        );
        Assert.True(receipts.Select(receipt => receipt.GetProperty("partition").GetInt32()).Distinct().Count() > 1);
        Assert.Equal(200, _host.Intake.Stored.Count);
    }
}
