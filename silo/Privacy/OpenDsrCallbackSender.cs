using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy.OpenDsr;
using Customer360.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Privacy;

/// <inheritdoc cref="IOpenDsrCallbackSender"/>
/// <remarks>
/// The addresses of a name are looked at when it is connected to, and the connection goes to those that were looked at: a name that leads
/// elsewhere a moment later gains nothing. A proxy would look the name up by itself, so none is used. Redirects are not followed, and
/// of an answer nothing but the status is read.
/// </remarks>
internal sealed class OpenDsrCallbackSender : IOpenDsrCallbackSender, IDisposable
{
    /// <summary>Calls that a node makes at the same time; others wait for their turn.</summary>
    private const int CallsMax = 32;

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly OpenDsrProcessor _processor;
    private readonly X509Certificate2Collection? _authorities;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _calls = new(CallsMax);
    private readonly HttpClient _http;

    public OpenDsrCallbackSender(OpenDsrProcessor processor, IConfiguration configuration, TimeProvider time)
    {
        _processor = processor;
        _time = time;
        _authorities = OpenDsrSettings.LoadCallbackAuthorities(configuration);
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                ConnectTimeout = s_connectTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
                MaxConnectionsPerServer = 4,
                MaxResponseHeadersLength = 16,
                // What was not read is thrown away with the connection.
                MaxResponseDrainSize = 0,
                ConnectCallback = ConnectAsync,
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = IsTrusted,
                    // A certificate may name addresses where its issuer's is fetched: that would be another way to make the grid ask.
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        DisableCertificateDownloads = true,
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
            }
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
        catch (HttpRequestException error) when (error.InnerException is AddressNotAllowedException)
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

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        DnsEndPoint asked = context.DnsEndPoint;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(asked.Host, stop);
        bool isAllowed = CallbackAddress.IsAllowed(context.InitialRequestMessage.RequestUri!, _processor.PrivateHosts);
        // A name with one address outside and one inside is refused as a whole: nobody knows which one would be taken.
        if (addresses.Length == 0 || (!isAllowed && !addresses.All(CallbackAddress.IsPublic)))
        {
            throw new AddressNotAllowedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, asked.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>As the machine trusts, or by an authority that the operator has named; the name must fit in any case.</summary>
    private bool IsTrusted(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        return errors == SslPolicyErrors.RemoteCertificateChainErrors
            && _authorities is not null
            && shown is X509Certificate2 certificate
            && CertificateFiles.IsIssuedBy(certificate, _authorities, chain?.ChainPolicy.ExtraStore);
    }

    private sealed class AddressNotAllowedException : IOException;
}
