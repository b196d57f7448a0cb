using Customer360.Api.OpenApi;
using Customer360.Api.Policies;

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

    public static RouteDescription BackTest { get; } =
        new("backTestRouting", "Routing", "Decides the leads of the last days anew under proposed rules, as a job.")
        {
            Details =
                "Each lead is decided by what was known when it was routed. Nothing is dealt or changed; pools are dealt anew from nothing, "
                + "and nobody is full. `GET /v1/jobs/{jobId}` follows the job: its result says how many leads each person and each queue got "
                + "and would have got.",
            Body = RouteBody.Json<TriedPolicyBody>(
                "`{policy, days?}`: the text of a `routing.yaml`, and how many days, 1 to 365. Default: 30.",
                """{ "policy": "queues: [triage]\nanswers: {otherwise: {queue: triage}}", "days": 30 }"""
            ),
            Answer = RouteAnswer.Json("Begun; `Location` names the job.", BackTestJob) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 413, 503],
        };

    public static RouteDescription Differences { get; } =
        new("getBackTestDifferences", "Routing", "The leads that would go elsewhere, or by another rule.")
        {
            Details = "The first 10,000 of them; the job's result counts all.",
            Parameters = [RouteParameter.Path("jobId", "The back test.", "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b")],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                $$"""
                {
                  "job": {{BackTestJob}},
                  "differences": [
                    {
                      "leadId": "l_5f0c1d2e3a4b5c6d7e8f90a1b2c3d4e5",
                      "at": "2026-11-27T09:00:00.000Z",
                      "before": { "person": "ann", "queue": null, "rule": "hot-demo" },
                      "after": { "person": null, "queue": "triage", "rule": null }
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    private const string BackTestJob = """
        {
          "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "kind": "backTest",
          "status": "done",
          "by": "operator",
          "percent": 100,
          "estimatedSecondsLeft": 0,
          "startedAt": "2026-11-27T09:00:00Z",
          "finishedAt": "2026-11-27T09:00:04Z",
          "result": {
            "leads": 120,
            "differences": 17,
            "isTruncated": false,
            "people": [{ "person": "ann", "before": 60, "after": 50 }],
            "queues": [{ "queue": "triage", "before": 3, "after": 13 }]
          }
        }
        """;
}
