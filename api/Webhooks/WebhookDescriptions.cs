using Customer360.Api.OpenApi;
using Customer360.Rules.Crm.Sources;

namespace Customer360.Api.Webhooks;

internal static class WebhookDescriptions
{
    private const string Tag = "Webhooks";

    private const string Left = """
        {
          "parts": [
            {
              "id": "0f343b0931126a20f133d67c2b018a3b",
              "reason": "member_missing",
              "place": "occurredAt",
              "receivedAt": "2026-11-27T09:00:00Z",
              "characters": 214
            }
          ],
          "reads": [
            {
              "object": "contact",
              "id": "900",
              "account": "62515",
              "reason": "merged",
              "at": "2026-11-27T09:00:00Z"
            }
          ],
          "reading": {
            "state": "reading",
            "waiting": 1,
            "lastAttemptAt": "2026-11-27T09:00:01Z",
            "lastSuccessAt": "2026-11-27T08:59:00Z",
            "lastFailure": { "reason": "limit_reached", "code": "TEN_SECONDLY_ROLLING", "inARow": 1 },
            "nextAttemptAt": "2026-11-27T09:00:11Z"
          }
        }
        """;

    private const string Taken = """{ "success": true, "taken": 1, "skipped": 0, "setAside": 0 }""";

    private static readonly RouteParameter s_source = RouteParameter.Path(
        "source",
        "As `sources.yaml` names it.",
        "hubspot"
    );

    private static readonly RouteParameter s_part = RouteParameter.Path(
        "partId",
        "As the backlog names it.",
        "0f343b0931126a20f133d67c2b018a3b"
    );

    public static RouteDescription Get { get; } =
        new("getWebhookBacklog", Tag, "Says what a source has left to be done.")
        {
            Details =
                "`parts` are what could not be read; they are kept until they can be, or are given up. `reads` are records that have "
                + "to be read from the CRM, since its notices did not say enough, and `reading` says how that goes: which needs a token "
                + "of the CRM in the settings.",
            Parameters = [s_source],
            Answer = RouteAnswer.Json("The backlog.", Left),
            Problems = [404, 503],
        };

    public static RouteDescription Retry { get; } =
        new("retryWebhookPart", Tag, "Reads a part again that was set aside, by the policies in force now.")
        {
            Parameters = [s_source, s_part],
            Answer = RouteAnswer.Json("It was read, and is not set aside any more.", Taken),
            Problems = [404, 409, 429, 503],
        };

    public static RouteDescription Remove { get; } =
        new("removeWebhookPart", Tag, "Gives a part up that was set aside.")
        {
            Parameters = [s_source, s_part],
            Answer = RouteAnswer.Json("The backlog without it.", Left),
            Problems = [404, 503],
        };

    /// <summary>Describes the path of a kind of source.</summary>
    public static RouteDescription Take(SourceKind kind) =>
        new($"take{kind}Webhook", Tag, SummaryOf(kind))
        {
            Details =
                "No key is needed: the source proves itself as `sources.yaml` says, with a secret of the settings. What is answered "
                + "with 200 is stored; what can't be read of it is set aside and counted. The same again is harmless.",
            Parameters = [s_source],
            Body = new RouteBody("application/json", "As the source sends it.", ExampleOf(kind)),
            Answer = RouteAnswer.Json(
                "It is stored. An outbound message of Salesforce is answered with its own `Ack`.",
                Taken
            ),
            Problems = [401, 404, 408, 413, 415, 429, 503],
        };

    /// <summary>Describes the question whether there is a source of a kind.</summary>
    public static RouteDescription Probe(SourceKind kind) =>
        new($"find{kind}Webhook", Tag, "Says that webhooks of this source are taken here.")
        {
            Details = "Services ask so, mostly with HEAD, before they send their first webhook.",
            Parameters = [s_source],
            Answer = RouteAnswer.Json("There is such a source.", """{ "success": true }"""),
            Problems = [404],
        };

    private static string SummaryOf(SourceKind kind) =>
        kind switch
        {
            SourceKind.HubSpot => "Takes what HubSpot says of contacts, companies and deals.",
            SourceKind.Salesforce => "Takes outbound messages, change events and platform events of Salesforce.",
            _ => "Takes what any other service sends, by a mapping.",
        };

    private static string ExampleOf(SourceKind kind) =>
        kind switch
        {
            SourceKind.HubSpot => """
                [
                  {
                    "eventId": 1, "subscriptionId": 12345, "portalId": 62515, "occurredAt": 1795770000000,
                    "subscriptionType": "contact.propertyChange", "attemptNumber": 0, "objectId": 123,
                    "propertyName": "firstname", "propertyValue": "Jane"
                  }
                ]
                """,
            SourceKind.Salesforce => """
                {
                  "data": {
                    "payload": {
                      "ChangeEventHeader": {
                        "entityName": "Contact", "changeType": "UPDATE", "recordIds": ["0035e00000BmRkGAAV"],
                        "changedFields": ["Title"], "transactionKey": "t-1", "sequenceNumber": 1, "commitTimestamp": 1795770000000
                      },
                      "Title": "CTO"
                    }
                  },
                  "channel": "/data/ContactChangeEvent"
                }
                """,
            _ => """{ "id": "e-1", "email": "jane@example.com", "plan": "pro" }""",
        };
}
