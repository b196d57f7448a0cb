using Microsoft.OpenApi;

namespace Customer360.Api.OpenApi;

internal static class IdentityRulesDescriptions
{
    private const string Tag = "Identity rules";

    private const string Example = """
        {
          "version": "0a1b2c3d4e5f",
          "number": 2,
          "at": "2026-11-22T10:00:00Z",
          "by": "operator",
          "origin": "put",
          "rules": {
            "defaultRegion": "US",
            "identifiers": [
              {
                "type": "user_id",
                "priority": 1,
                "limit": 1,
                "window": "ever",
                "normalisation": "exact",
                "trust": "verified",
                "kind": "person",
                "crossRegion": true,
                "quarantineDegree": null,
                "blocked": { "exact": [], "regex": [] }
              }
            ],
            "blocked": { "anyCase": ["anonymous"], "exact": ["-1"], "regex": [] },
            "profile": { "identifiersMax": 1000 }
          },
          "yaml": "defaultRegion: US\nidentifiers:\n  user_id: { priority: 1, limit: 1, trust: verified }\n"
        }
        """;

    private static readonly RouteParameter s_ifMatch = RouteParameter.Header(
        "If-Match",
        "The `ETag` of the rules that the change is meant for; else 412.",
        "\"0a1b2c3d4e5f\""
    );

    public static RouteDescription Get { get; } =
        new("getIdentityRules", Tag, "Reads the rules in force, or another version of the history.")
        {
            Details =
                "`origin` is `builtIn` (with `at` and `by` null), `file`, `put` or `rollback`. With `Accept: application/yaml` the "
                + "answer is the file alone.",
            Parameters =
            [
                RouteParameter.Query(
                    "version",
                    JsonSchemaType.String,
                    "A version of the history. Default: the one in force.",
                    "0a1b2c3d4e5f"
                ),
            ],
            Answer = RouteAnswer.Json("The rules as JSON and as their file.", Example),
            Problems = [404, 503],
        };

    public static RouteDescription Put { get; } =
        new("putIdentityRules", Tag, "Puts rules in force.")
        {
            Details =
                "The body is an `identity.yaml`, whatever its content type says; 64 KB at most. A file with faults changes nothing: "
                + "`errors` of the problem lists each with `line`, `rule` and `message`. This node decides by the new rules at "
                + "once, others within a second. What is in force already is no change.",
            Parameters = [s_ifMatch],
            Body = new RouteBody(
                "application/yaml",
                "The rules; `silo/Identity/identity.yaml` in the repository explains each.",
                "defaultRegion: US\nidentifiers:\n  user_id: { priority: 1, limit: 1, trust: verified }\n"
            ),
            Answer = RouteAnswer.Json("The rules in force now.", Example),
            Problems = [400, 408, 412, 413, 415, 503],
        };

    public static RouteDescription History { get; } =
        new("getIdentityRulesHistory", Tag, "Lists the versions that were put in force, the newest first.")
        {
            Details = "The first is in force. The last 1,000 are kept, of 4 million characters in all.",
            Parameters =
            [
                RouteParameter.Query("limit", JsonSchemaType.Integer, "Versions a page, 1 to 200. Default: 50.", "50"),
                RouteParameter.Query("cursor", JsonSchemaType.String, "`next` of the page before.", "17"),
            ],
            Answer = RouteAnswer.Json(
                "The versions; `next` is null on the last page.",
                """
                {
                  "versions": [
                    {
                      "version": "0a1b2c3d4e5f",
                      "number": 2,
                      "at": "2026-11-22T10:00:00Z",
                      "by": "operator",
                      "origin": "put"
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

    public static RouteDescription Rollback { get; } =
        new("rollbackIdentityRules", Tag, "Puts a version of the history in force again.")
        {
            Details =
                "It becomes the newest entry of the history; nothing is removed. The version of the built-in rules is "
                + "always there. Customers that were joined meanwhile stay joined.",
            Parameters = [s_ifMatch],
            Body = new RouteBody("application/json", "The version.", """{ "version": "0a1b2c3d4e5f" }"""),
            Answer = RouteAnswer.Json("The rules in force now.", Example),
            Problems = [400, 404, 408, 412, 413, 415, 503],
        };
}
