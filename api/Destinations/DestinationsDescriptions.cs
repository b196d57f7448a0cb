using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Destinations;

internal static class DestinationsDescriptions
{
    private const string Tag = "Destinations";

    private static readonly RouteParameter s_name = RouteParameter.Path(
        "name",
        "Its name in `destinations.yaml`.",
        "crm-hook"
    );

    private static readonly RouteParameter[] s_filters =
    [
        RouteParameter.Query(
            "outcome",
            JsonSchemaType.String,
            "`sent`, `withheld`, `failed` or `waiting`. Default: all that is done.",
            "\"failed\""
        ),
        RouteParameter.Query("reason", JsonSchemaType.String, "Only with this reason.", "\"consent_denied\""),
        RouteParameter.Query(
            "customer",
            JsonSchemaType.String,
            "Only about this customer.",
            "\"c_019ac8d12f400030000000001\""
        ),
        RouteParameter.Query(
            "from",
            JsonSchemaType.String,
            "Only what was caused at or after this time.",
            "\"2026-11-27T00:00:00Z\""
        ),
        RouteParameter.Query(
            "to",
            JsonSchemaType.String,
            "Only what was caused before this time.",
            "\"2026-11-28T00:00:00Z\""
        ),
    ];

    public static RouteDescription List { get; } =
        new("listDestinations", Tag, "Lists destinations: whether each sends, what waits and how old it is.")
        {
            Problems = [503],
        };

    public static RouteDescription Deliveries { get; } =
        new("listDeliveries", Tag, "Lists what was sent, withheld and given up, and what waits.")
        {
            Details =
                "Each names the effect, the customer by id, and the reason: `consent_denied`, `consent_missing`, `restricted`, "
                + "`access_withheld`, `moved`, `never_sent` of what was withheld; `refused`, `redirected`, `timed_out`, "
                + "`receiver_failed` of what was given up. Nothing of what was sent is kept.",
            Parameters = [s_name, .. s_filters],
            Problems = [400, 404, 503],
        };

    public static RouteDescription Test { get; } =
        new("testDestination", Tag, "Sends a message that is about nobody, and says what the receiver answered.")
        {
            Details =
                "`type` is `customer360.test`. It is signed and sent as any other, also while the destination is paused.",
            Parameters = [s_name],
            Problems = [404, 503],
        };

    public static RouteDescription Pause { get; } =
        new("pauseDestination", Tag, "Sends nothing more; what waits is kept.")
        {
            Parameters = [s_name],
            Problems = [404, 503],
        };

    public static RouteDescription Resume { get; } =
        new("resumeDestination", Tag, "Sends again, also where the destination paused or disabled itself.")
        {
            Parameters = [s_name],
            Problems = [404, 503],
        };

    public static RouteDescription Replay { get; } =
        new("replayDeliveries", Tag, "Sends again what is done: by default what was given up.")
        {
            Details =
                "A profile is sent as it is now, a message as it was; consent and access are asked anew, so what is not allowed "
                + "today is withheld. A receiver recognises repeats by the same id. One call puts 1,000 back at most; the next takes its `next` as `cursor`, and ends where the first began.",
            Parameters = [s_name, .. s_filters],
            Problems = [400, 404, 503],
        };
}
