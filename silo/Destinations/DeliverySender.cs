using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy.OpenDsr;
using Customer360.Silo.Http;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Customer360.Silo.Destinations;

/// <inheritdoc cref="IDeliverySender"/>
/// <remarks>
/// One try is Polly's: its time, and a second connection at once where the first one could not be made, so that nothing was sent. What
/// comes hours later is <see cref="DeliverySchedule"/>'s.
/// </remarks>
internal sealed class DeliverySender : IDeliverySender, IDisposable
{
    /// <summary>Of an answer's body: what batches answer, and no more.</summary>
    private const int AnswerBytesMax = 1024 * 1024;

    private const int ConnectionsMax = 256;

    private static readonly ResiliencePropertyKey<TimeSpan> s_timeout = new("timeout");

    private readonly DestinationSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<DeliveryAnswer> _try;

    public DeliverySender(DestinationSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _http = new HttpClient(GuardedHttp.Handler(settings.PrivateHosts, settings.Authorities, ConnectionsMax))
        {
            // One clock for all limits: the pipeline's.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _try = new ResiliencePipelineBuilder<DeliveryAnswer> { TimeProvider = time }
            .AddTimeout(
                new TimeoutStrategyOptions
                {
                    TimeoutGenerator = static arguments => new ValueTask<TimeSpan>(
                        arguments.Context.Properties.GetValue(s_timeout, TimeSpan.FromSeconds(15))
                    ),
                }
            )
            .AddRetry(
                new RetryStrategyOptions<DeliveryAnswer>
                {
                    MaxRetryAttempts = 1,
                    Delay = TimeSpan.Zero,
                    ShouldHandle = static arguments => new ValueTask<bool>(
                        arguments.Outcome.Exception
                            is HttpRequestException
                            {
                                HttpRequestError: HttpRequestError.ConnectionError,
                                InnerException: SocketException
                            }
                    ),
                }
            )
            .Build();
    }

    public async Task<DeliveryAnswer> SendAsync(DeliveryRequest request, CancellationToken stop)
    {
        if (request.Url.Scheme != Uri.UriSchemeHttps && !CallbackAddress.IsAllowed(request.Url, _settings.PrivateHosts))
        {
            return DeliveryAnswer.None(DeliveryFault.AddressNotAllowed, _time.GetUtcNow());
        }

        ResilienceContext context = ResilienceContextPool.Shared.Get(stop);
        context.Properties.Set(s_timeout, request.Timeout);
        try
        {
            return await _try.ExecuteAsync(
                static async (inner, state) => await state.Self.TryAsync(state.Request, inner.CancellationToken),
                context,
                (Self: this, Request: request)
            );
        }
        catch (Exception error) when (FaultOf(error, stop) is { } fault)
        {
            return DeliveryAnswer.None(fault, _time.GetUtcNow());
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null: it is no receiver's doing.</summary>
    private static DeliveryFault? FaultOf(Exception error, CancellationToken stop) =>
        error switch
        {
            TimeoutRejectedException => DeliveryFault.TimedOut,
            HttpRequestException asked when GuardedHttp.WasNotAllowed(asked) => DeliveryFault.AddressNotAllowed,
            HttpRequestException { InnerException: AuthenticationException } => DeliveryFault.CertificateRefused,
            HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError
            } => DeliveryFault.Unreachable,
            HttpRequestException or IOException or SocketException => DeliveryFault.ConnectionLost,
            OperationCanceledException when !stop.IsCancellationRequested => DeliveryFault.TimedOut,
            _ => null,
        };

    private async Task<DeliveryAnswer> TryAsync(DeliveryRequest request, CancellationToken stop)
    {
        using HttpRequestMessage message = MessageOf(request);
        using HttpResponseMessage response = await _http.SendAsync(
            message,
            HttpCompletionOption.ResponseHeadersRead,
            stop
        );
        (ReadOnlyMemory<byte> body, DeliveryFault fault) = await ReadAsync(response.Content, stop);
        DateTimeOffset now = _time.GetUtcNow();
        return new DeliveryAnswer((int)response.StatusCode, now, fault)
        {
            RetryAfter = ValuesOf("Retry-After").FirstOrDefault(),
            FreeFrom = RateHeaders.FreeFrom(HeaderOf, now),
            ContentType = response.Content.Headers.ContentType?.MediaType,
            Body = body,
        };

        IEnumerable<string> ValuesOf(string name) =>
            response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values : [];

        string? HeaderOf(string name) => ValuesOf(name).ToArray() is [_, ..] values ? string.Join(", ", values) : null;
    }

    /// <summary>Of the body no more than a batch's answer is read, whatever its length is said to be.</summary>
    private static async Task<(ReadOnlyMemory<byte> Body, DeliveryFault Fault)> ReadAsync(
        HttpContent content,
        CancellationToken stop
    )
    {
        if (content.Headers.ContentLength > AnswerBytesMax)
        {
            return (default, DeliveryFault.AnswerTooLarge);
        }

        try
        {
            await using Stream stream = await content.ReadAsStreamAsync(stop);
            using var body = new MemoryStream();
            byte[] buffer = new byte[16 * 1024];
            int read;
            while ((read = await stream.ReadAsync(buffer, stop)) > 0)
            {
                if (body.Length + read > AnswerBytesMax)
                {
                    return (default, DeliveryFault.AnswerTooLarge);
                }

                body.Write(buffer, 0, read);
            }

            return (body.ToArray(), DeliveryFault.None);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return (default, DeliveryFault.AnswerBroken);
        }
    }

    private static HttpRequestMessage MessageOf(DeliveryRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url)
        {
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(request.Body),
        };
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        message.Headers.TryAddWithoutValidation("User-Agent", "customer360-grid");
        foreach ((string name, string value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}
