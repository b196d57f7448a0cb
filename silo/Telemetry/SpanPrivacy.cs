using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;

namespace Customer360.Silo.Telemetry;

/// <summary>
/// Keeps personal data out of exported spans. The paths and queries of this API name people, so of a request's span
/// only the attributes below go out. Every other span loses whatever could hold a URL or an exception's text, and names
/// grains as the logs do.
/// </summary>
public sealed class SpanPrivacy(GrainNames names) : BaseProcessor<Activity>
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
        "exception.stacktrace",
        "http.target",
        "http.url",
        "url.full",
        "url.original",
        "url.path",
        "url.query",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What Orleans says of a grain and that holds no key.</summary>
    private static readonly FrozenSet<string> s_ofGrains = new[]
    {
        "orleans.activation.cause",
        "orleans.activation.id",
        "orleans.grain.state",
        "orleans.grain.type",
        "orleans.placement.filter.type",
        "orleans.rpc.service",
        "orleans.silo.id",
        "orleans.storage.provider",
        "orleans.storage.state.name",
        "orleans.storage.state.type",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Grain ids: sent under the names that hide keys.</summary>
    private static readonly FrozenSet<string> s_grainIds = new[]
    {
        "orleans.grain.id",
        "orleans.rpc.source_id",
        "orleans.rpc.target_id",
    }.ToFrozenSet(StringComparer.Ordinal);

    public override void OnEnd(Activity data)
    {
        bool isRequest = string.Equals(data.Source.Name, AspNetCoreSource, StringComparison.Ordinal);
        foreach ((string key, object? value) in data.TagObjects.ToArray())
        {
            object? shown = isRequest ? OfRequest(key, value) : OfOther(key, value);
            if (!ReferenceEquals(shown, value))
            {
                data.SetTag(key, shown);
            }
        }

        if (data.StatusDescription is not null)
        {
            // Set from exceptions' messages, which may name an identifier.
            data.SetStatus(data.Status);
        }

        if (HoldsExceptionText(data))
        {
            // An event can't be changed once it is in a span. So the span stays here, and what called it says that it failed.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private static object? OfRequest(string key, object? value) => s_ofRequests.Contains(key) ? value : null;

    private object? OfOther(string key, object? value)
    {
        if (s_grainIds.Contains(key))
        {
            return GrainId.TryParse(value as string, CultureInfo.InvariantCulture, out GrainId grainId)
                ? names.Of(grainId)
                : null;
        }

        if (IsNeverSent(key))
        {
            return null;
        }

        return value is string text ? names.WithoutKeys(text) : value;
    }

    private static bool IsNeverSent(string key) =>
        s_neverSent.Contains(key)
        || key.StartsWith("grain.", StringComparison.Ordinal)
        || key.StartsWith("rpc.orleans.", StringComparison.Ordinal)
        || (key.StartsWith("orleans.", StringComparison.Ordinal) && !s_ofGrains.Contains(key));

    private static bool HoldsExceptionText(Activity data)
    {
        foreach (ref readonly ActivityEvent one in data.EnumerateEvents())
        {
            foreach (ref readonly KeyValuePair<string, object?> tag in one.EnumerateTagObjects())
            {
                if (s_neverSent.Contains(tag.Key))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
