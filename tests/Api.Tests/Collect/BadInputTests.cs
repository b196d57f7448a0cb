using System.Net;
using System.Text;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Collect;

/// <summary>Whatever comes in: a 4xx that says what is wrong, and the next call is served as if nothing had been.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private readonly CollectHost _host = new(("Customer360:Collect:BodyTimeMax", "00:00:02"));

    public static TheoryData<string, string> BadJson =>
        new()
        {
            { "", "invalid_json" },
            { " ", "invalid_json" },
            { "{", "invalid_json" },
            { "not json", "invalid_json" },
            { "null", "invalid_json" },
            { "[]", "invalid_json" },
            { "\"text\"", "invalid_json" },
            { "{} {}", "invalid_json" },
            { "{'event':'Seen'}", "invalid_json" },
            { "{\"event\":NaN}", "invalid_json" },
            { "{\"event\":\"a\0b\",\"userId\":\"u1\"}", "invalid_json" },
            { new string('[', 100_000), "invalid_json" },
            { $"{{\"event\":\"E\",\"userId\":\"u1\",\"properties\":{Nested(70)}}}", "message_too_deep" },
            { "{}", "invalid_field" },
            { "{\"event\":\"Seen\"}", "no_user_anon_id" },
            { "{\"event\":[7],\"userId\":\"u1\"}", "invalid_field" },
            { "{\"event\":\"Seen\",\"userId\":{\"a\":1}}", "no_user_anon_id" },
        };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // The same process goes on serving, and nothing it did was a bug.
        HttpResponseMessage response = await _host.Authorized.PostTextAsync("/v1/track", Wire.TrackOf("u1", "after"));
        await response.ReadJsonAsync(HttpStatusCode.OK);
        Assert.Contains(_host.Intake.Stored, envelope => envelope.MessageId == "after");
        Assert.DoesNotContain("a bug answered 500", _host.Logs.Text, StringComparison.Ordinal);
        await _host.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(BadJson))]
    public async Task Body_ThatIsNoMessage_IsRefused(string body, string code)
    {
        HttpResponseMessage response = await _host.Authorized.PostTextAsync("/v1/track", body);

        await response.AssertProblemAsync(400, code);
        Assert.Empty(_host.Intake.Stored);
    }

    [Theory]
    [InlineData("{}", "batch_missing")]
    [InlineData("{\"batch\":{}}", "batch_missing")]
    [InlineData("{\"batch\":[]}", "batch_empty")]
    public async Task Batch_ThatIsNone_IsRefused(string body, string code) =>
        await (await _host.Authorized.PostTextAsync("/v1/batch", body)).AssertProblemAsync(400, code);

    [Theory]
    [InlineData("{\"event\":\"Seen\",\"userId\":\"u1\",\"properties\":{\"n\":1e99999}}")]
    [InlineData("{\"event\":\"Seen\",\"userId\":123456789012345678901234567890}")]
    [InlineData("{\"event\":\"a\\u0000b\",\"userId\":\"u\\u00001\"}")]
    [InlineData("{\"event\":\"\\ud800\",\"userId\":\"u1\"}")]
    [InlineData("{\"event\":\"Seen\",\"userId\":\"\\udc00\",\"anonymousId\":\"a\"}")]
    [InlineData("{\"event\":\"Seen\",\"userId\":\"u1\",\"\\ud800\":1}")]
    [InlineData("{\"event\":\"Seen\",\"userId\":\"u1\",\"properties\":{\"\\ud800\":\"\\udfff\"}}")]
    [InlineData("{\"event\":\"Seen\",\"userId\":\"u1\",\"event\":\"Seen\",\"userId\":\"u2\"}")]
    public async Task Body_OfOddButParsableJson_IsTakenOrRefusedButNeverFails(string body)
    {
        foreach (string path in new[] { "/v1/track", "/v1/batch" })
        {
            string sent = path == "/v1/batch" ? Wire.Batch(body.Insert(1, "\"type\":\"track\",")) : body;
            HttpResponseMessage response = await _host.Authorized.PostTextAsync(path, sent);
            Assert.True((int)response.StatusCode is 200 or 400, $"{response.StatusCode}");
        }
    }

    [Fact]
    public async Task Body_OfInvalidUtf8_IsTakenWithoutThoseBytes()
    {
        byte[] body = [.. "{\"event\":\""u8, 0xC3, 0x28, 0xFF, .. "\",\"userId\":\"u1\"}"u8];

        await (await _host.Authorized.PostBytesAsync("/v1/track", body)).ReadJsonAsync(HttpStatusCode.OK);

        Assert.Equal("\uFFFD(\uFFFD", _host.Intake.Only.Name);
    }

    [Fact]
    public async Task Body_OfTenMegabytes_IsRefusedByItsLengthAlone()
    {
        byte[] body = new byte[10_000_000];

        await (await _host.Authorized.PostBytesAsync("/v1/batch", body)).AssertProblemAsync(413, "body_too_large");
    }

    [Theory]
    [InlineData("/v1/track", "FFFFFFFFFFFFFFFFF")]
    [InlineData("/v1/track", "80000000")]
    [InlineData("/v1/track", "not a number")]
    [InlineData("/v1/batch", "7FFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("/v1/profiles:batchGet", "FFFFFFFFFFFFFFFFF")]
    public async Task Body_WithAChunkOfNoPossibleSize_IsABadRequest(string path, string size)
    {
        // An outage (503) would have the sender send it again and again.
        string answer = await Wire.SendRawAsync(
            _host.Address,
            Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {CollectHost.AdminKey}\r\n"
                    + $"Transfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\n"
            )
        );

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_OfTenMegabytesInChunks_IsRefusedWhenTheLimitIsReached()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/batch");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new ByteArrayContent(new byte[10_000_000]);

        await (await _host.Authorized.SendAsync(request)).AssertProblemAsync(413, "body_too_large");
    }

    [Fact]
    public async Task Body_JustOverTheLimit_IsRefused() =>
        await (await _host.Authorized.PostTextAsync("/v1/batch", new string(' ', 512_001))).AssertProblemAsync(
            413,
            "body_too_large"
        );

    [Fact]
    public async Task Message_OverItsLimit_IsRefused()
    {
        HttpResponseMessage response = await _host.Authorized.PostTextAsync(
            "/v1/track",
            Wire.TrackOf(new string('u', 40_000), "m1")
        );

        await response.AssertProblemAsync(413, "message_too_large");
    }

    [Fact]
    public async Task GzipBomb_IsUnpackedToTheLimitOnly()
    {
        byte[] bomb = Wire.Gzip(new byte[200_000_000]);
        Assert.InRange(bomb.Length, 0, 512_000);

        // The counter is the process's: what the silo and other tests allocate meanwhile is in it. They only ever add to it, so the
        // least of some tries is what counts.
        long least = long.MaxValue;
        for (int tries = 0; tries < 10 && least > 20_000_000; tries++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await (await _host.Authorized.PostBytesAsync("/v1/batch", bomb, "gzip")).AssertProblemAsync(
                413,
                "body_too_large"
            );
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.InRange(least, 0, 20_000_000);
    }

    [Fact]
    public async Task Gzip_ThatIsBroken_IsRefused()
    {
        byte[] packed = Wire.Gzip(Encoding.UTF8.GetBytes(Wire.Track));
        byte[] notPacked = Encoding.UTF8.GetBytes(Wire.Track);

        HttpResponseMessage plain = await _host.Authorized.PostBytesAsync("/v1/track", notPacked, "gzip");
        HttpResponseMessage cut = await _host.Authorized.PostBytesAsync("/v1/track", packed[..^12], "gzip");

        await plain.AssertProblemAsync(400, "invalid_encoding");
        Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
        Assert.Empty(_host.Intake.Stored);
    }

    [Fact]
    public async Task Encoding_ThatIsUnknown_IsRefused() =>
        await (await _host.Authorized.PostBytesAsync("/v1/track", [1], "br")).AssertProblemAsync(
            415,
            "unknown_encoding"
        );

    [Fact]
    public async Task Body_ThatArrivesTooSlowly_TimesOut()
    {
        string answer = await Wire.SendRawAsync(_host.Address, Head(100, "{"));

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("body_too_slow", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Length_OverWhatComes_IsRefused()
    {
        string answer = await Wire.SendRawAsync(_host.Address, Head(100, "{"), closeAfterSending: true);

        // The sender has closed: there may be nobody to tell, but it is not taken.
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), answer);
        Assert.Empty(_host.Intake.Stored);
    }

    [Fact]
    public async Task Length_UnderWhatComes_IsRefused()
    {
        string answer = await Wire.SendRawAsync(_host.Address, Head(5, Wire.Track + "\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Empty(_host.Intake.Stored);
    }

    [Theory]
    [InlineData("GET", "/v1/track", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/batch", 405, "method_not_allowed")]
    [InlineData("POST", "/v1/nothing", 404, "not_found")]
    [InlineData("POST", "/", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/../../etc/passwd", 404, "not_found")]
    [InlineData("GET", "/v1/%00", 404, "not_found")]
    [InlineData("POST", "/v1/track/more", 404, "not_found")]
    public async Task PathOrVerb_ThatIsNotThere_IsAProblemToo(string verb, string path, int status, string code)
    {
        using HttpRequestMessage request = new(new HttpMethod(verb), path);

        HttpResponseMessage response = await _host.Authorized.SendAsync(request);

        // A NUL in a path never gets past the server itself, which answers 400 without a body.
        if (path.Contains("%00", StringComparison.Ordinal) && response.StatusCode == HttpStatusCode.BadRequest)
        {
            return;
        }

        await response.AssertProblemAsync(status, code);
        Assert.Equal(status == 405, response.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task Logs_OfGoodAndBadCalls_HoldNothingOfThePerson()
    {
        const string Person = "jane.doe@example.com";
        string message = Wire.TrackOf(Person, "secret-message");
        await _host.Authorized.PostTextAsync($"/v1/track?userId={Person}", message);
        await _host.Authorized.PostTextAsync($"/v1/track?userId={Person}", message + "}");
        await _host.Http.PostTextAsync($"/v1/{Person}", message);
        _host.Intake.Before = _ => throw new TimeoutException(Person);
        await _host.Authorized.PostTextAsync("/v1/track", message);
        _host.Intake.Before = _ => Task.CompletedTask;

        Assert.DoesNotContain("jane", _host.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-message", _host.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(CollectHost.CollectKey, _host.Logs.Text, StringComparison.Ordinal);
    }

    private static byte[] Head(int contentLength, string body) =>
        Encoding.ASCII.GetBytes(
            $"POST /v1/track HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {CollectHost.CollectKey}\r\n"
                + $"Content-Length: {contentLength}\r\n\r\n{body}"
        );

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
