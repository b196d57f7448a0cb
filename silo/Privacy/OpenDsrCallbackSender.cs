using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy.OpenDsr;
using Customer360.Silo.Http;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Privacy;

/// <inheritdoc cref="IOpenDsrCallbackSender"/>
/// <remarks>Called by <see cref="GuardedHttp"/>; of an answer nothing but the status is read.</remarks>
internal sealed class OpenDsrCallbackSender : IOpenDsrCallbackSender, IDisposable
{
    /// <summary>Calls that a node makes at the same time; others wait for their turn.</summary>
    private const int CallsMax = 32;

    private const int ConnectionsMax = 4;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly OpenDsrProcessor _processor;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _calls = new(CallsMax);
    private readonly HttpClient _http;

    public OpenDsrCallbackSender(OpenDsrProcessor processor, IConfiguration configuration, TimeProvider time)
    {
        _processor = processor;
        _time = time;
        _http = new HttpClient(
            GuardedHttp.Handler(
                processor.PrivateHosts,
                OpenDsrSettings.LoadCallbackAuthorities(configuration),
                ConnectionsMax
            )
        )
        {
            // One clock for all limits: the one below.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<CallbackResult> SendAsync(Uri url, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        if (!_processor.IsOn)
        {
            return CallbackResult.NotSigned;
        }

        await _calls.WaitAsync(stop);
        try
        {
            using var timeout = new CancellationTokenSource(s_timeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
            using HttpRequestMessage request = Request(url, body);
            using HttpResponseMessage response = await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                either.Token
            );
            return response.IsSuccessStatusCode ? CallbackResult.Told : CallbackResult.Refused;
        }
        catch (HttpRequestException error) when (GuardedHttp.WasNotAllowed(error))
        {
            return CallbackResult.NotAllowed;
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException or SocketException
                || (error is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            return CallbackResult.Unreachable;
        }
        finally
        {
            _calls.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _calls.Dispose();
    }

    private HttpRequestMessage Request(Uri url, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        string signature = _processor.Sign(body.Span);
        foreach ((string domain, string name) in OpenDsrText.Headers)
        {
            request.Headers.Add(domain, _processor.Domain);
            request.Headers.Add(name, signature);
        }

        return request;
    }
}
