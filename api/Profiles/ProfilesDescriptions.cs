using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Profiles;

internal static class ProfilesDescriptions
{
    private const string Tag = "Profiles";

    internal const string ProfileExample = """
        {
          "customerId": "c_019ac8d12f400030000000001",
          "identifiers": [{ "type": "email", "value": "jane@example.com" }, { "type": "user_id", "value": "u-1" }],
          "traits": { "firstName": "Jane", "plan": "pro" },
          "consent": {},
          "audiences": [],
          "lifecycle": {},
          "version": 7
        }
        """;

    private static readonly RouteParameter s_identifier = RouteParameter.Path(
        "identifier",
        "Whose profile: `type:value`, the value URL-encoded (`/` as `%2F`). The value is normalized before it is looked "
            + "up. `customer:{id}` names a customer by its own id, also one that has been merged.",
        "email:jane%40example.com"
    );

    private static readonly RouteParameter s_limit = RouteParameter.Query(
        "limit",
        JsonSchemaType.Integer,
        "Entries a page, 1 to 200. Default: 50.",
        "50"
    );

    private static readonly RouteParameter s_cursor = RouteParameter.Query(
        "cursor",
        JsonSchemaType.String,
        "`next` of the page before. It brings that page's range and order along.",
        "AQjcQSnGQAA"
    );

    private static readonly RouteParameter s_from = RouteParameter.Query(
        "from",
        JsonSchemaType.String,
        "Only what happened at this time (RFC 3339) or later.",
        "2026-11-01T00:00:00Z"
    );

    private static readonly RouteParameter s_to = RouteParameter.Query(
        "to",
        JsonSchemaType.String,
        "Only what happened before this time (RFC 3339).",
        "2026-12-01T00:00:00Z"
    );

    public static RouteDescription Get { get; } =
        new("getProfile", Tag, "Reads the profile that an identifier leads to.")
        {
            Details =
                "The answer has an `ETag`; send it as `If-None-Match` to be told (304) that nothing has changed. "
                + "An identifier that nobody has, or can have, is 404; a type that is not known is 400.",
            Parameters =
            [
                s_identifier,
                RegionParameter.Of,
                GateQueries.Parameter,
                RouteParameter.Query(
                    "verbose",
                    JsonSchemaType.Boolean,
                    "`true`: with each trait's source, time, message and overruled values, and each identifier's evidence.",
                    "false"
                ),
                RouteParameter.Header(
                    "If-None-Match",
                    "The `ETag` of an earlier answer.",
                    "\"c_019ac8d12f400030000000001-7\""
                ),
            ],
            Answer = RouteAnswer.Json("The profile.", ProfileExample),
            OtherAnswers = [new RouteAnswer(StatusCodes.Status304NotModified, "The profile is the one you have.")],
            Problems = [400, 404, 503],
        };

    public static RouteDescription BatchGet { get; } =
        new("batchGetProfiles", Tag, "Reads up to 100 profiles.")
        {
            Details = "Answers in the order asked. What can't be read has a null profile and says why.",
            Parameters = [GateQueries.Parameter],
            Body = new RouteBody(
                "application/json",
                "1 to 100 identifiers, each `type:value`, not URL-encoded.",
                """{ "identifiers": ["email:jane@example.com", "user_id:u-404"], "verbose": false }"""
            ),
            Answer = RouteAnswer.Json(
                "One entry per identifier.",
                $$"""
                {
                  "profiles": [
                    { "identifier": "email:jane@example.com", "profile": {{ProfileExample}} },
                    {
                      "identifier": "user_id:u-404",
                      "profile": null,
                      "error": { "code": "not_found", "message": "There is no such profile." }
                    }
                  ]
                }
                """
            ),
            Problems = [400, 413, 503],
        };

    public static RouteDescription Timeline { get; } =
        new("getTimeline", Tag, "Pages through a customer's messages.")
        {
            Parameters =
            [
                s_identifier,
                RegionParameter.Of,
                GateQueries.Parameter,
                s_limit,
                s_cursor,
                s_from,
                s_to,
                RouteParameter.Query(
                    "order",
                    JsonSchemaType.String,
                    "`desc` (newest first, the default) or `asc`.",
                    "desc"
                ),
            ],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                """
                {
                  "customerId": "c_019ac8d12f400030000000001",
                  "events": [
                    {
                      "type": "track",
                      "name": "Order Completed",
                      "timestamp": "2026-11-22T10:00:00Z",
                      "receivedAt": "2026-11-22T10:00:01Z",
                      "messageId": "m-1",
                      "source": "web",
                      "identifiers": [{ "type": "user_id", "value": "u-1" }],
                      "properties": { "total": 12.5 }
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    public static RouteDescription Sessions { get; } =
        new("getSessions", Tag, "Pages through a customer's sessions, newest first.")
        {
            Details = "A session is a run of messages with less than 30 minutes between each two.",
            Parameters = [s_identifier, RegionParameter.Of, GateQueries.Parameter, s_limit, s_cursor, s_from, s_to],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                """
                {
                  "customerId": "c_019ac8d12f400030000000001",
                  "sessions": [
                    { "startedAt": "2026-11-22T10:00:00Z", "endedAt": "2026-11-22T10:12:30Z", "eventCount": 9 }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    public static RouteDescription Explain { get; } =
        new("explainProfile", Tag, "Says why this is one customer, and where its values come from.")
        {
            Details =
                "Every identifier with the message that linked it (and the merges of this page that brought it), every "
                + "decision in order (also those of the customers that merged into this one), each field's winner and what it overruled. The order is that of the "
                + "messages' times. A merge's `mergeId` is what undoes it. Identifiers and fields stand on the first "
                + "page; there is no `next` on the last. `truncated` is true where a history is longer than 100,000 "
                + "decisions or 1,000 merged customers.",
            Parameters =
            [
                s_identifier,
                RegionParameter.Of,
                GateQueries.Parameter,
                RouteParameter.Query(
                    "limit",
                    JsonSchemaType.Integer,
                    "Decisions a page, 1 to 1,000. Default: 100.",
                    "100"
                ),
                RouteParameter.Query("cursor", JsonSchemaType.String, "`next` of the page before.", "AwjcQSnGQAAA"),
            ],
            Answer = RouteAnswer.Json(
                "The first page.",
                """
                {
                  "customerId": "c_019ac8d12f400030000000001",
                  "identifiers": [
                    {
                      "type": "user_id",
                      "value": "u-1",
                      "evidence": [
                        {
                          "messageId": "m-1",
                          "source": "web",
                          "at": "2026-11-22T10:00:00.000Z",
                          "ruleVersion": "0f2f5a1c9d3e",
                          "confidence": "deterministic"
                        }
                      ]
                    }
                  ],
                  "history": [
                    {
                      "kind": "created",
                      "id": "d_6d1f0c0f9a4b3f6e8f7a2b1c0d9e8f7a",
                      "at": "2026-11-22T10:00:00.000Z",
                      "customerId": "c_019ac8d12f400030000000001",
                      "messageId": "m-1",
                      "source": "web",
                      "ruleVersion": "0f2f5a1c9d3e",
                      "because": "no identifier of the message was known",
                      "identifiers": ["user_id:u-1"]
                    }
                  ],
                  "fields": {
                    "plan": {
                      "value": "pro",
                      "source": "web",
                      "at": "2026-11-22T10:00:00.000Z",
                      "messageId": "m-1",
                      "overruled": []
                    }
                  }
                }
                """
            ),
            Problems = [400, 404, 503],
        };
}
