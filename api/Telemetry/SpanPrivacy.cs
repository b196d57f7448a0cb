using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace Customer360.Api.Telemetry;

/// <summary>
/// Keeps personal data out of exported spans. The paths and queries of this API name people, so of a request's span
/// only the attributes below go out; every other span loses whatever could hold a URL or a grain's key.
/// </summary>
internal sealed class SpanPrivacy : BaseProcessor<Activity>
{
    /// <summary>The source whose spans are requests.</summary>
    public const string AspNetCoreSource = "Microsoft.AspNetCore";

    private static readonly FrozenSet<string> s_ofRequests = new[]
    {
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "network.protocol.name",
        "network.protocol.version",
        "server.port",
        "url.scheme",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_neverSent = new[]
    {
        "exception.message",
        "grain.id",
        "http.target",
        "http.url",
        "url.full",
        "url.original",
        "url.path",
        "url.query",
    }.ToFrozenSet(StringComparer.Ordinal);

    // A grain's id holds its key, and an identifier grain's key is the identifier.
    private static bool NamesSomebody(string key) =>
        s_neverSent.Contains(key)
        || key.StartsWith("orleans.", StringComparison.Ordinal)
        || key.StartsWith("rpc.orleans.", StringComparison.Ordinal);

    public override void OnEnd(Activity data)
    {
        bool isRequest = string.Equals(data.Source.Name, AspNetCoreSource, StringComparison.Ordinal);
        foreach ((string key, _) in data.TagObjects.ToArray())
        {
            if (isRequest ? !s_ofRequests.Contains(key) : NamesSomebody(key))
            {
                data.SetTag(key, null);
            }
        }

        if (data.StatusDescription is not null)
        {
            // Set from exceptions' messages, which may name an identifier.
            data.SetStatus(data.Status);
        }
    }
}
