using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Customer360.Api.Security;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Privacy;

/// <summary>An answer with the bytes that were signed.</summary>
internal sealed record OpenDsrAnswer(HttpStatusCode Status, byte[] Bytes, HttpResponseHeaders Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Body => ProfilesHost.Parse(Text);

    /// <summary>The one reason of a refusal.</summary>
    public string Reason =>
        Assert
            .Single(Body.GetProperty("error").GetProperty("errors").EnumerateArray())
            .GetProperty("reason")
            .GetString()!;

    public void AssertSigned(X509Certificate2 certificate)
    {
        foreach (string name in (string[])["OpenDSR", "OpenGDPR"])
        {
            OpenDsrReceiver.AssertSigned(
                certificate,
                Bytes,
                Headers.GetValues($"X-{name}-Processor-Domain").Single(),
                Headers.GetValues($"X-{name}-Signature").Single()
            );
        }
    }
}

/// <summary>The program that users run, with a certificate for OpenDSR, and a controller's server.</summary>
internal sealed class OpenDsrHost : IAsyncDisposable
{
    public const string Requests = "/opendsr/v2/requests";
    public const string Jane = "jane.doe-118@example.com";

    private OpenDsrHost(OpenDsrAuthority authority, OpenDsrReceiver receiver, PrivacyHost grid)
    {
        Authority = authority;
        Receiver = receiver;
        Grid = grid;
    }

    public OpenDsrAuthority Authority { get; }

    public OpenDsrReceiver Receiver { get; }

    public PrivacyHost Grid { get; }

    public static async Task<OpenDsrHost> Start(
        KnownKeys? keys = null,
        Action<IServiceCollection>? configure = null,
        params (string Name, string Value)[] more
    )
    {
        var authority = new OpenDsrAuthority();
        OpenDsrReceiver receiver = await OpenDsrReceiver.Start(authority.IssueServer());
        PrivacyHost grid = await PrivacyHost.Start(keys: keys, configure: configure, more: authority.Settings(more));
        return new OpenDsrHost(authority, receiver, grid);
    }

    /// <summary>A new id: a UUID of version 4.</summary>
    public static string NewId()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>A request's body.</summary>
    public string BodyOf(string id, string type = "access", string email = Jane, params string[] urls) =>
        JsonSerializer.Serialize(
            new
            {
                regulation = "gdpr",
                subject_request_id = id,
                subject_request_type = type,
                submitted_time = "2026-11-27T10:00:00Z",
                subject_identities = new[]
                {
                    new
                    {
                        identity_type = "email",
                        identity_value = email,
                        identity_format = "raw",
                    },
                },
                api_version = "2.0",
                status_callback_urls = urls.Length > 0 ? urls : [Receiver.Url()],
            }
        );

    public async Task<OpenDsrAnswer> Ask(
        HttpMethod method,
        string path,
        string? body = null,
        string? key = ProfilesHost.AdminKey
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? "nobodys");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Grid.Client.SendAsync(request);
        return new OpenDsrAnswer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers);
    }

    /// <summary>Sends a request that must be taken.</summary>
    public async Task<OpenDsrAnswer> Create(string body)
    {
        OpenDsrAnswer answer = await Ask(HttpMethod.Post, Requests, body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer;
    }

    /// <summary>The same request at the other door, once this holds of it.</summary>
    public async Task<JsonElement> Request(string id, Func<JsonElement, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            (_, JsonElement page) = await Grid.Officer(HttpMethod.Get, "/v1/privacy/requests?limit=200");
            JsonElement listed = page.GetProperty("requests")
                .EnumerateArray()
                .Single(one => one.GetProperty("requestId").GetString() == id);
            (_, JsonElement request) = await Grid.Officer(
                HttpMethod.Get,
                $"/v1/privacy/requests/{listed.GetProperty("id").GetString()}"
            );
            if (holds(request))
            {
                return request;
            }

            Assert.False(patience.IsCancellationRequested, $"The request stands so: {request}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        await Receiver.DisposeAsync();
        Authority.Dispose();
    }
}

/// <summary>The program's own sender of callbacks, and what came of each.</summary>
internal sealed class WatchedSender(IOpenDsrCallbackSender inner) : IOpenDsrCallbackSender
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<CallbackResult> _results = new();

    public IReadOnlyCollection<CallbackResult> Results => _results;

    public async Task<CallbackResult> SendAsync(Uri url, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        CallbackResult result = await inner.SendAsync(url, body, stop);
        _results.Enqueue(result);
        return result;
    }

    /// <summary>Puts it before the program's own.</summary>
    public static void Add(IServiceCollection services)
    {
        Type own = services.Single(one => one.ServiceType == typeof(IOpenDsrCallbackSender)).ImplementationType!;
        services.AddSingleton<IOpenDsrCallbackSender>(provider => new WatchedSender(
            (IOpenDsrCallbackSender)ActivatorUtilities.CreateInstance(provider, own)
        ));
    }
}
