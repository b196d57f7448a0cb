using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Customer360.Api.Tests.Privacy;

/// <summary>A callback as it came in.</summary>
internal sealed record ReceivedCallback(string Path, byte[] Bytes, IHeaderDictionary Headers)
{
    public JsonElement Body => ProfilesHost.Parse(System.Text.Encoding.UTF8.GetString(Bytes));

    public string Status => Body.GetProperty("request_status").GetString()!;
}

/// <summary>A controller's server on loopback, with TLS. It keeps every callback, and answers as it is told.</summary>
internal sealed class OpenDsrReceiver : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Channel<ReceivedCallback> _received = Channel.CreateUnbounded<ReceivedCallback>();
    private readonly WebApplication _app;
    private int _count;

    private OpenDsrReceiver(WebApplication app)
    {
        _app = app;
        _app.Run(Take);
    }

    /// <summary>What it does with a callback, by its number from 1; by itself it answers 200.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>How many have come.</summary>
    public int Count => Volatile.Read(ref _count);

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<OpenDsrReceiver> Start(X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Any, 0, listen => listen.UseHttps(certificate))
        );
        var receiver = new OpenDsrReceiver(builder.Build());
        await receiver._app.StartAsync();
        return receiver;
    }

    public string Url(string path = "/opendsr/callbacks", string host = "127.0.0.1") => $"https://{host}:{Port}{path}";

    /// <summary>Waits for the next callback.</summary>
    public async Task<ReceivedCallback> Next()
    {
        using var patience = new CancellationTokenSource(s_patience);
        return await _received.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Waits for callbacks until one has this status; answers all of them.</summary>
    public async Task<List<ReceivedCallback>> Until(string status)
    {
        List<ReceivedCallback> all = [];
        do
        {
            all.Add(await Next());
        } while (all[^1].Status != status);

        return all;
    }

    /// <summary>Checks a signature as a controller does: over the bytes, before anything of them is read.</summary>
    public static void AssertSigned(X509Certificate2 certificate, byte[] body, string domain, string signature)
    {
        using RSA key = certificate.GetRSAPublicKey()!;
        Assert.Equal(OpenDsrAuthority.Domain, domain);
        Assert.True(
            key.VerifyData(
                body,
                Convert.FromBase64String(signature),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            )
        );
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        int number = Interlocked.Increment(ref _count);
        var headers = new HeaderDictionary();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in context.Request.Headers)
        {
            headers[name] = value;
        }

        context.Items["body"] = System.Text.Encoding.UTF8.GetString(body.ToArray());
        await _received.Writer.WriteAsync(new ReceivedCallback(context.Request.Path, body.ToArray(), headers));
        await Answer(context, number);
    }
}
