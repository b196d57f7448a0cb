using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Quality;

internal static class QualityDescriptions
{
    private const string Tag = "Quality";

    public static RouteDescription List { get; } =
        new(
            "listQuality",
            Tag,
            "Says how the checks of quality stand, with their history and what is left of their error budgets."
        )
        {
            Details =
                "The checks are the policy `quality`. They look every five minutes at the hours that are whole: ten minutes after an hour has ended. "
                + "The last three hours are looked at again each time, so messages that are counted late heal them. `noData` is not good: there "
                + "was nothing to look at.",
            Parameters =
            [
                RouteParameter.Query("check", JsonSchemaType.String, "Of this check alone.", "\"order-total\""),
                RouteParameter.Query("source", JsonSchemaType.String, "Of this source alone.", "\"web\""),
                RouteParameter.Query(
                    "state",
                    JsonSchemaType.String,
                    "Of those that stand so: `ok`, `noData`, `warning` or `failing`.",
                    "\"failing\""
                ),
                RouteParameter.Query(
                    "history",
                    JsonSchemaType.Boolean,
                    "With the hours of the last three days. Default: the newest hour alone.",
                    "true"
                ),
            ],
            Answer = RouteAnswer.Json(
                "A page, by check and source.",
                """
                {
                  "policyVersion": "9f86d081884c",
                  "checks": [
                    {
                      "check": "order-total", "kind": "completeness", "source": "web", "event": "Order Completed", "field": "properties.total",
                      "owner": { "team": "shop", "contact": "#shop" }, "runbook": "docs/runbooks/completeness.md",
                      "state": "failing", "since": "2026-11-28T07:12:04Z", "mutedUntil": null,
                      "alert": { "fingerprint": "b3d1c0a2f4e59687", "level": "failing", "startedAt": "2026-11-28T07:12:04Z", "toldAt": "2026-11-28T07:12:04Z" },
                      "budget": { "target": 0.995, "days": 28, "valid": 41200, "bad": 618, "left": -2 },
                      "history": [{ "hour": "2026-11-28T06:00:00Z", "state": "failing", "value": 0.85, "usual": null, "messages": 412 }]
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };
}
