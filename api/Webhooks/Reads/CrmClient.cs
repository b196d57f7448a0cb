using System.Collections.Immutable;
using System.Net.Http.Headers;
using Customer360.Rules.Crm.Reads;

namespace Customer360.Api.Webhooks.Reads;

/// <summary>
/// Makes calls of CRMs' APIs. It follows no redirection, keeps no cookies, and hands on nothing of an exception: a token or a record
/// could stand in it.
/// </summary>
internal sealed class CrmClient(TimeProvider time) : IDisposable
{
    /// <summary>Of a whole call, the reading of the answer with it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A page of 200 records, or the description of a kind with all its fields and their values.</summary>
    internal const int AnswerBytesMax = 16 * 1024 * 1024;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }
    )
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    /// <summary>Makes a call; whatever goes wrong is an answer, too.</summary>
    /// <exception cref="OperationCanceledException">The process stops.</exception>
    public async Task<CrmAnswer> Send(Uri address, string token, CrmCall call, CancellationToken stop)
    {
        try
        {
            using HttpRequestMessage request = RequestOf(address, token, call);
            using HttpResponseMessage response = await _http.SendAsync(request, stop);
            byte[] body = await response.Content.ReadAsByteArrayAsync(stop);
            return new CrmAnswer((int)response.StatusCode, body, time.GetUtcNow()) { Headers = HeadersOf(response) };
        }
        catch (HttpRequestException error)
        {
            return CrmAnswer.None(
                error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded
                    ? ReadFault.AnswerTooLarge
                    : ReadFault.Unavailable,
                time.GetUtcNow()
            );
        }
        catch (Exception error)
            when (error is OperationCanceledException or IOException && !stop.IsCancellationRequested)
        {
            return CrmAnswer.None(ReadFault.Unavailable, time.GetUtcNow());
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage RequestOf(Uri address, string token, CrmCall call)
    {
        // The path is put behind the address as text: as a relative address it could lead to another host.
        var request = new HttpRequestMessage(
            call.Body is null ? HttpMethod.Get : HttpMethod.Post,
            new Uri(address.GetLeftPart(UriPartial.Authority) + call.Path)
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach ((string name, string value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    private static ImmutableDictionary<string, string> HeadersOf(HttpResponseMessage response) =>
        CrmHeaders
            .All.Where(response.Headers.Contains)
            .ToImmutableDictionary(
                name => name,
                name => string.Join(',', response.Headers.GetValues(name)),
                StringComparer.OrdinalIgnoreCase
            );
}
