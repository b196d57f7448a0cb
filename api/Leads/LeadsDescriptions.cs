using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Leads;

internal static class LeadsDescriptions
{
    private const string Tag = "Leads";

    private const string Example = """
        {
          "leadId": "l_5f0c1d2e3a4b5c6d7e8f90a1b2c3d4e5",
          "customerId": "c_019ac8d12f400030000000001",
          "stage": "mql",
          "status": "offered",
          "owner": "ann",
          "queue": null,
          "score": 85,
          "tier": "hot",
          "duplicateOf": null,
          "closedCode": null,
          "createdAt": "2026-11-27T09:00:00Z",
          "heldUntil": null,
          "stages": [{ "stage": "mql", "at": "2026-11-27T09:00:00Z", "by": "over-the-bar", "code": null }],
          "handoffs": [
            {
              "attempt": 1, "person": "ann", "rule": "hot-demo", "by": "routing", "at": "2026-11-27T09:00:00Z",
              "status": "offered", "endedAt": null, "code": null, "slaMinutes": 30, "usedMinutes": 0, "isLate": false
            }
          ],
          "events": [
            {
              "kind": "offered", "at": "2026-11-27T09:00:00Z", "by": "routing", "attempt": 1, "person": "ann",
              "code": null, "target": null, "usedMinutes": 0
            }
          ]
        }
        """;

    private static readonly RouteParameter s_leadId = RouteParameter.Path(
        "leadId",
        "The lead's id.",
        "l_5f0c1d2e3a4b5c6d7e8f90a1b2c3d4e5"
    );

    public static RouteDescription List { get; } =
        new("listLeads", Tag, "Lists leads, the newest first.")
        {
            Details = "Filters are joined by and. A page holds ids, stages and times and nothing of a person.",
            Parameters =
            [
                Filter("stage", "Only those in this stage.", "mql"),
                Filter(
                    "status",
                    "Only those that stand so: `new`, `held`, `queued`, `offered`, `accepted` …",
                    "offered"
                ),
                Filter("owner", "Only those that this person has.", "ann"),
                Filter("queue", "Only those that lie in this queue.", "triage"),
                Filter("customer", "Only those of this customer.", "c_019ac8d12f400030000000001"),
                Filter("due", "Only those whose time is over by then.", "2026-11-27T18:00:00Z"),
                RouteParameter.Query(
                    "open",
                    JsonSchemaType.Boolean,
                    "Only those that are open, or only others.",
                    "true"
                ),
            ],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                """
                {
                  "leads": [
                    {
                      "leadId": "l_5f0c1d2e3a4b5c6d7e8f90a1b2c3d4e5",
                      "customerId": "c_019ac8d12f400030000000001",
                      "stage": "mql",
                      "status": "offered",
                      "owner": "ann",
                      "queue": null,
                      "createdAt": "2026-11-27T09:00:00Z",
                      "dueAt": "2026-11-27T09:30:00Z"
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

    public static RouteDescription Get { get; } =
        new("getLead", Tag, "Answers a lead: where it stands, who had it, and what happened.")
        {
            Parameters = [s_leadId],
            Answer = RouteAnswer.Json("The lead.", Example),
            Problems = [404, 503],
        };

    public static RouteDescription Explain { get; } =
        new("explainLead", Tag, "Says why a lead is where it is.")
        {
            Details =
                "The last decision with every rule and the values that were compared, what was known then, and how the score came about. "
                + "A sales person is told of the leads that he or she has, and who sees the part 'all-leads' of everybody's; for others there is "
                + "no such lead. What the caller may not see of the person is left out, and what it compared is unknown.",
            Parameters = [s_leadId, GateQueries.Parameter],
            Answer = RouteAnswer.Json(
                "The lead, its last decision and its score.",
                $$"""
                {
                  "lead": {{Example}},
                  "decision": {
                    "attempt": 1,
                    "at": "2026-11-27T09:00:00.000Z",
                    "policyVersion": "5f0c1d2e3a4b",
                    "teamVersion": "0c1d2e3a4b5f",
                    "facts": { "source": "demo", "territory": "emea", "score": 85 },
                    "decision": { "outcome": "assigned", "person": "ann", "rule": "hot-demo", "answers": [], "rules": [] }
                  },
                  "score": { "points": 85, "tier": "hot", "groups": { "fit": 35, "intent": 50 }, "lines": [] },
                  "withheld": []
                }
                """
            ),
            Problems = [404, 503],
        };

    public static RouteDescription Accept { get; } =
        Order(
            "acceptLead",
            "Says that a person takes a lead: who was given it, or anybody out of a queue.",
            """{ "person": "ann" }"""
        );

    public static RouteDescription Reject { get; } =
        Order(
            "rejectLead",
            "Says that the person who was given a lead refuses it, with a code of the lifecycle policy.",
            """{ "person": "ann", "code": "not-mine" }"""
        );

    public static RouteDescription Reassign { get; } =
        Order("reassignLead", "Gives a lead to somebody else, whatever has been answered.", """{ "person": "bob" }""");

    public static RouteDescription Close { get; } =
        Order("closeLead", "Ends a lead, with a code of the lifecycle policy's exits.", """{ "code": "not-a-fit" }""");

    public static RouteDescription Fairness { get; } =
        new(
            "routingFairness",
            "Routing",
            "Says how pools have dealt: what each person should have got, got, and is owed."
        )
        {
            Details =
                "In turns. For a pool whose people are the same at each turn nobody is ever a whole turn away from the ideal share. Where "
                + "only some may have a lead, what is owed says whom the pool will prefer. Who is away is owed nothing for it.",
            Parameters = [Filter("pool", "One pool. Default: all of the policy.", "emea-mid")],
            Answer = RouteAnswer.Json(
                "By pool and person.",
                """
                {
                  "pools": [
                    {
                      "pool": "emea-mid",
                      "turns": 5,
                      "returned": 0,
                      "people": [{ "person": "ann", "expected": 2.5, "got": 3, "owed": -0.5 }]
                    }
                  ]
                }
                """
            ),
            Problems = [404, 503],
        };

    private static RouteDescription Order(string id, string summary, string body) =>
        new(id, Tag, summary)
        {
            Details = "It may be sent again: what is done already is answered as if it were done now.",
            Parameters = [s_leadId],
            Body = new RouteBody("application/json", "What is said.", body),
            Answer = RouteAnswer.Json("The lead after it.", Example),
            Problems = [400, 404, 409, 413, 503],
        };

    private static RouteParameter Filter(string name, string text, string example) =>
        RouteParameter.Query(name, JsonSchemaType.String, text, example);

    public static RouteDescription Team { get; } =
        new("getSalesTeam", Tag, "Lists the sales people, who of them can take a lead now, and how many each has.")
        {
            Answer = RouteAnswer.Json(
                "The directory, by id.",
                """
                {
                  "people": [
                    {
                      "person": "ann", "availability": "available", "opens": "2026-11-27T09:00:00Z", "openLeads": 3,
                      "capacity": 25, "weight": 2, "skills": ["german"], "territories": ["emea"], "manager": "dora",
                      "zone": "Europe/Berlin", "leave": [{ "from": "2026-12-19T23:00:00Z", "until": "2027-01-02T23:00:00Z" }]
                    }
                  ]
                }
                """
            ),
            Problems = [503],
        };

    public static RouteDescription PutTeam { get; } =
        new("putSalesTeam", Tag, "Puts another directory of sales people in force.")
        {
            Details = "The same as `PUT /v1/policies/sales-team`, of which the directory is the file.",
            Parameters = [RouteParameter.Header("If-Match", "The version that is to be replaced.", "\"150cf58056d6\"")],
            Body = new RouteBody("application/yaml", "A `sales-team.yaml`.", "people: {ann: {calendar: berlin}}"),
            Answer = RouteAnswer.Json("In force.", """{ "kind": "sales-team", "version": "150cf58056d6" }"""),
            Problems = [400, 409, 412, 413, 503],
        };
}
