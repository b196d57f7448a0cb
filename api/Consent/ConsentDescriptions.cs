using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Customer360.Api.Profiles;
using Microsoft.OpenApi;

namespace Customer360.Api.Consent;

internal static class ConsentDescriptions
{
    private const string Tag = "Consent";

    private const string AnswerExample = """
        {
          "customerId": "c_019ac8d12f400030000000001",
          "policyVersion": "5e1f6a0b7c8d",
          "purposes": {
            "ads": {
              "status": "denied", "scope": "device", "basis": "consent", "source": "web", "form": "segment",
              "at": "2026-11-26T10:00:00Z", "evidence": "ads", "policyVersion": "5e1f6a0b7c8d", "messageId": "m-1",
              "identifiers": [
                {
                  "type": "anonymous_id", "value": "a-1", "status": "denied", "source": "web", "form": "segment",
                  "at": "2026-11-26T10:00:00Z", "evidence": "ads", "policyVersion": "5e1f6a0b7c8d", "messageId": "m-1"
                }
              ]
            },
            "analytics": { "status": "unknown", "scope": "device", "basis": "consent" }
          }
        }
        """;

    private const string CoverageJob = """
        {
          "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "kind": "consentCoverage",
          "status": "done",
          "by": "officer",
          "percent": 100,
          "estimatedSecondsLeft": 0,
          "startedAt": "2026-11-27T09:00:00Z",
          "finishedAt": "2026-11-27T09:00:04Z",
          "result": {
            "customers": 2000,
            "restricted": 3,
            "purposes": [
              { "purpose": "ads", "region": "eu", "granted": 800, "denied": 300, "unknown": 900, "allowed": 798 }
            ]
          }
        }
        """;

    public static RouteDescription CountCoverage { get; } =
        new("countConsent", Tag, "Counts customers by what they say to each purpose and by their region, as a job.")
        {
            Details =
                "`allowed` are those about whom something may be sent for the purpose now: with a yes, or where nothing is asked. Of people in "
                + "several regions (`*`) the strictest counts. It reads what is stored, which is behind by what is in memory.",
            Answer = RouteAnswer.Json("Begun; `Location` names the job.", CoverageJob) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [409, 503],
        };

    public static RouteDescription Coverage { get; } =
        new("getConsentCoverage", Tag, "Answers the last count of consent by purpose and region.")
        {
            Answer = RouteAnswer.Json("As a job.", CoverageJob),
            Problems = [404, 503],
        };

    public static RouteDescription Get { get; } =
        new("getConsent", Tag, "Tells what a person has agreed to, and which word decides it.")
        {
            Details =
                "Per identifier the latest word counts. A purpose is `denied` if one identifier denies, `granted` if one grants "
                + "and none denies, else `unknown`.",
            Parameters =
            [
                RouteParameter.Path("identifier", "The customer, by any identifier.", "user_id:u-1"),
                RegionParameter.Of,
                GateQueries.Parameter,
                RouteParameter.Query(
                    "at",
                    JsonSchemaType.String,
                    "How it stood at this time (RFC 3339), not in the future.",
                    "2026-11-26T10:00:00Z"
                ),
            ],
            Answer = RouteAnswer.Json("How consent stands.", AnswerExample),
            Problems = [400, 404, 503],
        };

    public static RouteDescription History { get; } =
        new("getConsentHistory", Tag, "Lists what was said about consent, the latest first.")
        {
            Details =
                "Of what one source repeats the first word and the latest ones are listed; `repeatedUntil` says until when there "
                + "were more.",
            Parameters =
            [
                RouteParameter.Path("identifier", "The customer, by any identifier.", "user_id:u-1"),
                RegionParameter.Of,
                GateQueries.Parameter,
                RouteParameter.Query("limit", JsonSchemaType.Integer, "Entries of a page, 1 to 200. Default 50.", "50"),
                RouteParameter.Query("cursor", JsonSchemaType.String, "The `next` of the page before.", "EQg…"),
            ],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                """
                {
                  "customerId": "c_019ac8d12f400030000000001",
                  "entries": [
                    {
                      "purpose": "ads", "status": "denied", "source": "web", "form": "segment", "at": "2026-11-26T10:00:00Z",
                      "evidence": "ads", "policyVersion": "5e1f6a0b7c8d", "messageId": "m-1",
                      "covers": [{ "type": "anonymous_id", "value": "a-1" }]
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    public static RouteDescription Put { get; } =
        new("putConsent", Tag, "Writes down what a person says, under every identifier that the person has now.")
        {
            Details =
                "For a preference centre, where the person is logged in: so what an old device said no longer counts. Sending "
                + "it again with the same `requestId` changes nothing. It is durable, and in the audit, when it is answered.",
            Parameters =
            [
                RouteParameter.Path("identifier", "The customer, by any identifier.", "user_id:u-1"),
                RegionParameter.Of,
                GateQueries.Parameter,
            ],
            Body = new RouteBody(
                "application/json",
                "`requestId`: 1 to 100 letters, digits, dots, colons, hyphens and underscores. `purposes`: of the consent "
                    + "policy, each `granted` or `denied`. `evidence`: how it was given, 1 to 200 characters.",
                """
                {
                  "requestId": "preferences-2026-11-26-1",
                  "purposes": { "email-marketing": "granted", "ads": "denied" },
                  "evidence": "preference centre, text version 4"
                }
                """
            ),
            Answer = RouteAnswer.Json("Written; how consent stands now.", AnswerExample),
            Problems = [400, 404, 409, 413, 503],
        };

    public static RouteDescription PrivacyControl { get; } =
        new("getPrivacyControl", Tag, "Declares that this service honours Global Privacy Control.")
        {
            Answer = RouteAnswer.Json("It does.", """{ "gpc": true, "lastUpdate": "2026-11-26" }"""),
        };
}
