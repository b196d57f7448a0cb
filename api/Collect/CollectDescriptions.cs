using Customer360.Api.OpenApi;
using Customer360.Rules.Events;
using Microsoft.OpenApi;

namespace Customer360.Api.Collect;

internal static class CollectDescriptions
{
    private const string Tag = "Collect";
    private const string Success = """{ "success": true }""";

    private const string Details =
        "The key is in the `Authorization` header (Bearer, or Basic with the key as user) or in the body's `writeKey`. "
        + "The body is JSON whatever its content type says, and may be packed with gzip. What is refused of a batch is "
        + "counted in `rejected`; the rest is taken. After 429 and 503 send the same body again: repeats are recognised "
        + "by `messageId`.";

    private static readonly int[] s_problemStatuses = [400, 401, 403, 408, 413, 415, 429, 503];

    /// <summary>Describes a collect path; <paramref name="kind"/> is null for batches.</summary>
    public static RouteDescription Call(string path, EventKind? kind) =>
        new($"collect_{path}", Tag, kind is { } one ? $"Takes one {one} message." : "Takes a batch of messages.")
        {
            Details = Details,
            Parameters =
            [
                RouteParameter.Header("X-Receipts", "`true`: say what became of each message.", "\"true\""),
                RouteParameter.Query(
                    "wait",
                    JsonSchemaType.String,
                    "`applied`: answer when the profiles show the messages, after 5 seconds at most; `applied` in the "
                        + "answer says whether they do.",
                    "\"applied\""
                ),
            ],
            Body = new RouteBody("application/json", "As in the Segment HTTP Tracking API.", ExampleOf(kind)),
            Answer = RouteAnswer.Json("It is durable.", Success),
            Problems = [.. s_problemStatuses],
        };

    public static RouteDescription Metrics { get; } =
        new("collect_m", Tag, "Takes an SDK's own metrics and drops them.")
        {
            Answer = RouteAnswer.Json("Dropped.", Success),
        };

    public static RouteDescription Settings { get; } =
        new("getSdkSettings", Tag, "Tells an SDK where to send, before it sends.")
        {
            Details = "Give this service's address to analytics.js as `cdnURL`, and it finds everything else here.",
            Parameters = [RouteParameter.Path("writeKey", "A key with the role `collect` only.", "\"a-write-key\"")],
            Answer = RouteAnswer.Json(
                "The settings, in the shape that Segment's SDKs read.",
                """
                {
                  "integrations": {
                    "Segment.io": { "apiKey": "a-write-key", "apiHost": "grid.example.com/v1", "protocol": "https" }
                  },
                  "consentSettings": { "allCategories": ["ads", "analytics"], "hasUnmappedDestinations": true }
                }
                """
            ),
            Problems = [404],
        };

    private static string ExampleOf(EventKind? kind) =>
        kind switch
        {
            EventKind.Identify => """{ "userId": "u-1", "traits": { "email": "jane@example.com", "plan": "gold" } }""",
            EventKind.Track => """{ "userId": "u-1", "event": "Order Completed", "properties": { "total": 12.5 } }""",
            EventKind.Page or EventKind.Screen => """{ "anonymousId": "a-1", "name": "Pricing" }""",
            EventKind.Group => """{ "userId": "u-1", "groupId": "acme.com", "traits": { "employees": 42 } }""",
            EventKind.Alias => """{ "userId": "u-1", "previousId": "a-1" }""",
            _ => """{ "batch": [{ "type": "track", "messageId": "m-1", "userId": "u-1", "event": "Seen" }] }""",
        };
}
