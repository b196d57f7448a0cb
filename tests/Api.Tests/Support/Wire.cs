using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests.Support;

/// <summary>Sending and reading as a sender does.</summary>
public static class Wire
{
    public const string Track = """{"type":"track","event":"Seen","userId":"u1","messageId":"m1"}""";

    /// <summary>A batch of messages.</summary>
    public static string Batch(params IEnumerable<string> messages) =>
        $$"""{"batch":[{{string.Join(',', messages)}}]}""";

    /// <summary>A track message.</summary>
    public static string TrackOf(string userId, string messageId) =>
        $$"""{"type":"track","event":"Seen","userId":"{{userId}}","messageId":"{{messageId}}"}""";

    /// <summary>Posts a text with no content type, as the barest sender would.</summary>
    public static Task<HttpResponseMessage> PostTextAsync(this HttpClient http, string path, string body) =>
        http.PostBytesAsync(path, Encoding.UTF8.GetBytes(body));

    public static Task<HttpResponseMessage> PostBytesAsync(
        this HttpClient http,
        string path,
        byte[] body,
        string? encoding = null
    )
    {
        ByteArrayContent content = new(body);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return http.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>The body as JSON, after checking status and content type.</summary>
    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode} {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Checks that a response is a problem of RFC 9457 with this status and code.</summary>
    public static async Task AssertProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        JsonElement problem = await response.ReadJsonAsync((HttpStatusCode)status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()));
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("message").GetString()));
    }

    /// <summary>Sends bytes as they are and returns what comes back until the server closes or a response is whole.</summary>
    public static async Task<string> SendRawAsync(Uri address, byte[] request, bool closeAfterSending = false)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20), TimeProvider.System);
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(request, patience.Token);
        if (closeAfterSending)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }

        using MemoryStream received = new();
        try
        {
            await stream.CopyToAsync(received, patience.Token);
        }
        catch (IOException error)
            when (closeAfterSending
                && error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset }
            )
        {
            // A server that closes in the middle of a request may reset the connection. That is its end all the
            // same, and what came before the reset has been read.
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }
}
