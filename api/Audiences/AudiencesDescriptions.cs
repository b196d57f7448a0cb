using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Audiences;

internal static class AudiencesDescriptions
{
    private const string Tag = "Audiences";

    private const string Audience = """
        {
          "name": "repeat-buyers",
          "description": "Three orders of 100 or more in 30 days.",
          "owner": { "team": "marketing", "contact": "marketing-operations@example.com" },
          "purpose": "advertising",
          "freshnessSeconds": 300,
          "minimumStaySeconds": 0,
          "holdoutPercent": 0,
          "definition": "5f0c1d2e3a4b",
          "members": 1204,
          "heldOut": 0
        }
        """;

    private const string Job = """
        {
          "id": "j_019acb0d7e1f7c3e9a51d7f4b6a20c11",
          "kind": "audiencePreview",
          "status": "running",
          "by": "operator",
          "percent": 0,
          "estimatedSecondsLeft": null,
          "startedAt": "2026-11-28T09:00:00Z",
          "finishedAt": null
        }
        """;

    private static readonly RouteParameter s_name = RouteParameter.Path(
        "name",
        "The audience's name.",
        "repeat-buyers"
    );

    public static RouteDescription List { get; } =
        new("listAudiences", Tag, "Lists all audiences with their sizes.")
        {
            Answer = RouteAnswer.Json(
                "All audiences, by name.",
                $$"""{ "policyVersion": "5f0c1d2e3a4b", "audiences": [{{Audience}}], "traits": ["orders"] }"""
            ),
            Problems = [503],
        };

    public static RouteDescription Get { get; } =
        new("getAudience", Tag, "Answers an audience and its size.")
        {
            Parameters = [s_name],
            Answer = RouteAnswer.Json("The audience.", Audience),
            Problems = [404, 503],
        };

    public static RouteDescription Size { get; } =
        new("getAudienceSize", Tag, "Says how large an audience is and was.")
        {
            Details = "Sizes are noted every hour; after two weeks one of each day is kept, for two years.",
            Parameters = [s_name],
            Answer = RouteAnswer.Json(
                "The size now, and samples, the oldest first.",
                """
                {
                  "audience": "repeat-buyers",
                  "members": 1204,
                  "samples": [{ "at": "2026-11-28T08:00:00Z", "members": 1198 }]
                }
                """
            ),
            Problems = [404, 503],
        };

    public static RouteDescription Overlap { get; } =
        new("getAudienceOverlap", Tag, "Says how far two audiences are the same people.")
        {
            Details = "`jaccard` is the share of those in both of those in either, 0 to 1.",
            Parameters = [s_name, RouteParameter.Path("other", "The other audience's name.", "loyal")],
            Answer = RouteAnswer.Json(
                "The sizes, and how many are in both.",
                """
                {
                  "audience": "repeat-buyers",
                  "members": 1204,
                  "other": "loyal",
                  "otherMembers": 2000,
                  "both": 1204,
                  "jaccard": 0.602
                }
                """
            ),
            Problems = [404, 503],
        };

    public static RouteDescription Members { get; } =
        new("listAudienceMembers", Tag, "Lists who is in an audience, by customer id.")
        {
            Details =
                "Of whom the caller may see nothing, nothing is told, so a page may have fewer rows than `limit`; the last page is the one "
                + "without `next`. Who enters or leaves between two pages is seen or not, and nobody else is passed over.",
            Parameters = [s_name, GateQueries.Parameter],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                """
                {
                  "audience": "repeat-buyers",
                  "members": [
                    { "customerId": "c_019ac8d12f400030000000001", "since": "2026-11-28T08:12:00Z", "isHeldOut": false }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    public static RouteDescription Explain { get; } =
        new(
            "explainAudienceMember",
            Tag,
            "Says why a person is in an audience or not, and when that changes by itself."
        )
        {
            Details =
                "The condition with every value that was compared. `changesAt` is the next time at which a comparison comes to something else "
                + "without a message. Who may not see every field of a profile is answered 403.",
            Parameters =
            [
                s_name,
                RouteParameter.Path(
                    PathValues.Identifier,
                    "`type:value`, or `customer:` and an id.",
                    "email:jane@example.com"
                ),
                GateQueries.Parameter,
            ],
            Answer = RouteAnswer.Json(
                "Why.",
                """
                {
                  "audience": "repeat-buyers",
                  "customerId": "c_019ac8d12f400030000000001",
                  "isMember": true,
                  "since": "2026-11-28T08:12:00Z",
                  "cause": "message:3/1207",
                  "isHeldOut": false,
                  "changesAt": "2026-12-28T08:12:00Z",
                  "isToBeCounted": false,
                  "if": {
                    "form": "atLeast",
                    "outcome": "true",
                    "fact": "count of Order Completed within 30d",
                    "wanted": [3],
                    "actual": 3,
                    "changesAt": "2026-12-28T08:12:00.000Z"
                  }
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    public static RouteDescription Preview { get; } =
        new(
            "previewAudiences",
            Tag,
            "Says what proposed audiences would make of the members, before they are put in force."
        )
        {
            Details =
                "A job that reads all customers and changes nothing. Its result has per audience who would enter, leave and stay, how many have "
                + "which identifiers, and ten masked examples.",
            Body = new RouteBody(
                "application/json",
                "`policy`: the text of an `audiences.yaml`.",
                """{ "policy": "owner: {team: marketing, contact: marketing}\naudiences: []\nfreshness: 5m\n" }"""
            ),
            Answer = RouteAnswer.Json("Begun; `Location` names the job.", Job) with { Status = 202 },
            Problems = [400, 409, 413, 503],
        };

    public static RouteDescription Backfill { get; } =
        new("backfillAudiences", Tag, "Has every customer decide its audiences by what is in force.")
        {
            Details =
                "A changed policy begins it by itself; this is for who does not want to wait, or has cancelled it.",
            Answer = RouteAnswer.Json(
                "Begun; `Location` names the job.",
                Job.Replace("audiencePreview", "audienceBackfill", StringComparison.Ordinal)
            ) with
            {
                Status = 202,
            },
            Problems = [409, 503],
        };

    public static RouteDescription Decide { get; } =
        new("decide", Tag, "Says what to show a person at some places, and what may be used of her profile.")
        {
            Details =
                "One call: the fields that the key and the purpose allow, the audiences that may be used, and a variant for each placement. Who "
                + "is not known, or has not consented where the purpose asks for it, gets what everybody gets. Everybody keeps her variant: it is "
                + "dealt by a hash. With `exposure` the choice is written to the log as a track `Experience Viewed`.",
            Parameters =
            [
                GateQueries.Parameter,
                RouteParameter.Query(
                    "explain",
                    JsonSchemaType.Boolean,
                    "Each rule up to the one that decided.",
                    "true"
                ),
            ],
            Body = new RouteBody(
                "application/json",
                "`{identifier, placements, exposure?}`; a placement is a name, or `{name, candidates}`.",
                """
                {
                  "identifier": "email:jane@example.com",
                  "placements": ["home-hero", { "name": "checkout", "candidates": ["voucher", "standard"] }],
                  "exposure": true
                }
                """
            ),
            Answer = RouteAnswer.Json(
                "What to show.",
                """
                {
                  "customerId": "c_019ac8d12f400030000000001",
                  "fields": { "firstName": "Jane", "language": "en" },
                  "audiences": ["loyal"],
                  "choices": [{ "placement": "home-hero", "variant": "thank-you", "rule": "loyal", "isControl": false }]
                }
                """
            ),
            Problems = [400, 404, 413, 503],
        };
}
