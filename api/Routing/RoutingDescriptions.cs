using Customer360.Api.OpenApi;

namespace Customer360.Api.Routing;

internal static class RoutingDescriptions
{
    public static RouteDescription Decide { get; } =
        new("decideRouting", "Routing", "Says who would get a lead of these facts, and why.")
        {
            Details =
                "Dry: nothing is dealt or stored, and pools answer as if they had dealt nothing. `facts` are by name as "
                + "docs/policies/routing.yaml uses them; what is not there is missing. `policy` and `team` are texts of files to try "
                + "in place of what is in force.",
            Body = new RouteBody(
                "application/json",
                "`{facts, at?, openLeads?, excluded?, policy?, team?}`.",
                """
                {
                  "facts": { "source": "demo", "territory": "emea", "score": 62 },
                  "at": "2026-11-27T09:00:00Z",
                  "openLeads": { "ann": 3 }
                }
                """
            ),
            Answer = RouteAnswer.Json(
                "The decision. Each rule says whether it `fired`, or why not: `false`, `unknown` (something it asks for is missing), "
                    + "`noOwner` or `notAsked`.",
                """
                {
                  "policyVersion": "5f0c1d2e3a4b",
                  "teamVersion": "0c1d2e3a4b5f",
                  "at": "2026-11-27T09:00:00Z",
                  "decision": {
                    "outcome": "assigned",
                    "person": "bob",
                    "pool": "emea-mid",
                    "turn": "firstId",
                    "rule": "hot-demo",
                    "answers": [],
                    "rules": [
                      {
                        "rule": "hot-demo",
                        "outcome": "fired",
                        "if": {
                          "form": "in",
                          "outcome": "true",
                          "fact": "source",
                          "wanted": ["demo", "pricing"],
                          "actual": "demo"
                        }
                      }
                    ]
                  }
                }
                """
            ),
            Problems = [400, 413, 503],
        };
}
