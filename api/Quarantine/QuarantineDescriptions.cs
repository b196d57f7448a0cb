using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Customer360.Api.Profiles;
using Microsoft.OpenApi;

namespace Customer360.Api.Quarantine;

internal static class QuarantineDescriptions
{
    private const string Tag = "Quarantine";

    public static RouteDescription ListIdentifiers { get; } =
        new("listQuarantinedIdentifiers", Tag, "Lists identifiers that came with too many people.")
        {
            Details =
                "A quarantined identifier keeps its customer and can be read, but links nobody any more. A page may hold "
                + "fewer than `limit` where some were released meanwhile; `next` tells whether another follows.",
            Parameters = [GateQueries.Parameter],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                """
                {
                  "identifiers": [
                    {
                      "type": "email",
                      "value": "test@test.com",
                      "customerId": "c_019ac8d12f400030000000001",
                      "reason": "degree",
                      "degree": 51,
                      "quarantinedAt": "2026-11-22T10:00:00Z",
                      "messageId": "m-51",
                      "source": "web",
                      "ruleVersion": "5f0c1d2e3a4b"
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

    public static RouteDescription ReleaseIdentifier { get; } =
        new("releaseQuarantinedIdentifier", Tag, "Ends an identifier's quarantine; its degree starts anew.")
        {
            Details =
                "A customer that was told to leave the identifier out asks about it again after ten minutes "
                + "(`Customer360:Grid:DeclinedFor`).",
            Parameters =
            [
                RouteParameter.Path("identifier", "`type:value`, URL-encoded.", "email:test%40test.com"),
                RegionParameter.Of,
                GateQueries.Parameter,
            ],
            Answer = RouteAnswer.Json(
                "The quarantine that was ended.",
                """
                {
                  "type": "email",
                  "value": "test@test.com",
                  "customerId": "c_019ac8d12f400030000000001",
                  "reason": "degree",
                  "degree": 51,
                  "quarantinedAt": "2026-11-22T10:00:00Z",
                  "messageId": "m-51",
                  "source": "web",
                  "ruleVersion": "5f0c1d2e3a4b",
                  "released": true
                }
                """
            ),
            Problems = [400, 404, 409, 503],
        };

    public static RouteDescription ListMessages { get; } =
        new("listQuarantinedMessages", Tag, "Lists stored messages that could not be applied.")
        {
            Details =
                "`reason` is `contract_violated`, or the name of the error's type. The message itself stays in the log.",
            Parameters = [GateQueries.Parameter],
            Answer = RouteAnswer.Json(
                "A page, by partition and position; `next` is null on the last.",
                """
                {
                  "messages": [
                    {
                      "partition": 3,
                      "position": 17,
                      "reason": "InvalidOperationException",
                      "quarantinedAt": "2026-11-22T10:00:00Z"
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

    public static RouteDescription Redrive { get; } =
        new(
            "redriveQuarantine",
            Tag,
            "Takes messages that keep their contracts by now out of quarantine, or counts them."
        )
        {
            Details =
                "A job: `GET /v1/jobs/{jobId}` follows it, `DELETE` ends it. It goes through the quarantine once, in the order of the log. "
                + "Each message is judged by the contracts in force; its id, times and source stay. Who must not be known any more does not "
                + "come back. A second run finds nothing left to do. What could not be applied for another reason is tried again one by one.",
            Parameters =
            [
                RouteParameter.Query(
                    "dryRun",
                    JsonSchemaType.Boolean,
                    "`true`: it only counts, and changes nothing. Default: `false`.",
                    "true"
                ),
                RouteParameter.Query("source", JsonSchemaType.String, "Of this source alone.", "\"shop\""),
                RouteParameter.Query(
                    "contract",
                    JsonSchemaType.String,
                    "Of this contract alone; `*`: events that nobody had planned.",
                    "\"Order Completed\""
                ),
                RouteParameter.Query("kind", JsonSchemaType.String, "With a violation of this kind.", "\"type\""),
            ],
            Answer = RouteAnswer.Json(
                "Begun; `Location` names the job.",
                """
                {
                  "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
                  "kind": "redrive",
                  "status": "done",
                  "by": "operator",
                  "percent": 100,
                  "estimatedSecondsLeft": 0,
                  "startedAt": "2026-11-28T03:00:00Z",
                  "finishedAt": "2026-11-28T03:00:02Z",
                  "result": {
                    "matched": 412, "released": 400, "gone": 0, "violating": 12,
                    "violations": [
                      { "source": "shop", "contract": "Order Completed", "path": "properties.currency", "kind": "enum", "count": 12 }
                    ]
                  }
                }
                """
            ) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 503],
        };

    public static RouteDescription RetryMessage { get; } =
        new("retryQuarantinedMessage", Tag, "Applies a quarantined message once more.")
        {
            Parameters =
            [
                RouteParameter.Path("partition", "Of the message, as listed.", "3"),
                RouteParameter.Path("position", "Of the message, as listed.", "17"),
            ],
            Answer = RouteAnswer.Json(
                "It is applied and left the quarantine.",
                """{ "partition": 3, "position": 17, "applied": true }"""
            ),
            Problems = [404, 409, 503],
        };
}
