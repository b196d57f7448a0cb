using System.Net;
using System.Text;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Collect;

/// <summary>The ways in which SDKs pass the write key.</summary>
public sealed class WriteKeyTests : IDisposable
{
    private const string Track = """{"event":"Seen","userId":"u1","messageId":"m1"}""";
    private const string TrackWithKey =
        $$"""{"event":"Seen","userId":"u1","messageId":"m1","writeKey":"{{CollectHost.CollectKey}}"}""";

    private readonly CollectHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("Basic", CollectHost.CollectKey + ":", Track)]
    [InlineData("Basic", CollectHost.CollectKey + ":password", Track)]
    [InlineData("Basic", CollectHost.CollectKey, Track)]
    [InlineData("basic", CollectHost.CollectKey + ":", Track)]
    [InlineData("Bearer", CollectHost.CollectKey, Track)]
    [InlineData("Bearer", CollectHost.AdminKey, Track)]
    [InlineData("Bearer", "a-token-of-the-sender's-own", TrackWithKey)]
    [InlineData("Digest", "username=x", TrackWithKey)]
    [InlineData(null, null, TrackWithKey)]
    public async Task Key_InHeaderOrBody_IsAccepted(string? scheme, string? value, string body)
    {
        HttpResponseMessage response = await Send(scheme, value, body);

        await response.ReadJsonAsync(HttpStatusCode.OK);
        Assert.Equal("m1", _host.Intake.Only.MessageId);
    }

    [Theory]
    [InlineData(null, null, Track, 401, "key_missing")]
    [InlineData("Bearer", "wrong", Track, 401, "key_unknown")]
    [InlineData("Bearer", "", Track, 401, "key_unknown")]
    [InlineData("Basic", "wrong:", Track, 401, "key_unknown")]
    [InlineData("Basic", ":", Track, 401, "key_unknown")]
    [InlineData(null, null, """{"event":"E","userId":"u1","writeKey":"wrong"}""", 401, "key_unknown")]
    [InlineData(null, null, """{"event":"E","userId":"u1","writeKey":7}""", 401, "key_missing")]
    [InlineData(null, null, """{"event":"E","userId":"u1","writeKey":"\ud800"}""", 401, "key_missing")]
    [InlineData("Bearer", CollectHost.ReadKey, Track, 403, "role_missing")]
    [InlineData(
        null,
        null,
        $$"""{"event":"E","userId":"u1","writeKey":"{{CollectHost.ReadKey}}"}""",
        403,
        "role_missing"
    )]
    public async Task Key_ThatMayNot_IsRefused(string? scheme, string? value, string body, int status, string code)
    {
        HttpResponseMessage response = await Send(scheme, value, body);

        await response.AssertProblemAsync(status, code);
        Assert.Equal(status == 401, response.Headers.WwwAuthenticate.Count == 1);
        Assert.Empty(_host.Intake.Stored);
    }

    [Fact]
    public async Task Header_WithBrokenBase64_IsAnUnknownKey()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/track") { Content = new StringContent(Track) };
        request.Headers.TryAddWithoutValidation("Authorization", "Basic %%%");

        await (await _host.Http.SendAsync(request)).AssertProblemAsync(401, "key_unknown");
    }

    private Task<HttpResponseMessage> Send(string? scheme, string? value, string body)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/v1/track") { Content = new StringContent(body) };
        if (scheme is not null)
        {
            bool isBasic = scheme.Equals("basic", StringComparison.OrdinalIgnoreCase);
            string sent = isBasic ? Convert.ToBase64String(Encoding.UTF8.GetBytes(value!)) : value!;
            request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {sent}");
        }

        return _host.Http.SendAsync(request);
    }
}
