using Customer360.Api.OpenApi;
using Customer360.Api.Policies;
using Microsoft.OpenApi;

namespace Customer360.Api.Contracts;

internal static class ContractsDescriptions
{
    private const string Tag = "Contracts";

    public static RouteDescription List { get; } =
        new("listContracts", Tag, "Says what messages must look like: the contracts in force.")
        {
            Details = "They are the policy `contracts`; whoever changes that changes these.",
            Answer = RouteAnswer.Json(
                "By type and name.",
                """
                {
                  "policyVersion": "9f86d081884c",
                  "contracts": [
                    {
                      "type": "track", "name": "Order Completed", "description": "A customer has paid.",
                      "owner": { "team": "shop", "contact": "#shop" },
                      "covers": "part", "sources": ["shop"], "identifiers": ["user_id"], "classes": { "properties.total": "internal" },
                      "versions": [
                        {
                          "version": "1.1.0", "status": "active", "deprecatedOn": null, "retiredOn": null,
                          "required": ["order_id"], "recommended": ["coupon"],
                          "schema": { "type": "object", "properties": { "total": { "type": "number" }, "coupon": { "type": "string" } } },
                          "breaks": [{ "older": "1.0.0", "path": "coupon", "change": "property_added", "strictOnly": true }]
                        }
                      ]
                    }
                  ]
                }
                """
            ),
        };

    public static RouteDescription ListViolations { get; } =
        new("listContractViolations", Tag, "Counts what messages do not keep of their contracts.")
        {
            Details =
                "By source, contract, place and kind, since the first message; each stored message counts once, also after a crash. "
                + "Paths have names of the schema alone, and `*` for names of the sender's own: no value of a person is in them. "
                + "Messages that are refused are not stored: the metric `customer360.collect.rejected` counts those.",
            Parameters =
            [
                RouteParameter.Query("source", JsonSchemaType.String, "Of this source alone.", "\"shop\""),
                RouteParameter.Query(
                    "contract",
                    JsonSchemaType.String,
                    "Of this contract alone.",
                    "\"Order Completed\""
                ),
                RouteParameter.Query("kind", JsonSchemaType.String, "Of this kind alone.", "\"required\""),
            ],
            Answer = RouteAnswer.Json(
                "A page.",
                """
                {
                  "violations": [
                    {
                      "source": "shop", "contract": "Order Completed", "path": "properties.total", "kind": "type", "count": 412,
                      "firstAt": "2026-11-27T09:00:00Z", "lastAt": "2026-11-27T09:41:10Z"
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

    public static RouteDescription Try { get; } =
        new("tryContracts", Tag, "Judges the messages of the last days by proposed contracts, as a job.")
        {
            Details =
                "Nothing is changed. `GET /v1/jobs/{jobId}` follows the job: its result counts the messages by what would be done with them, "
                + "those that would be held anew, those that would be free, and what they do not keep; ten of them are told by their places.",
            Body = RouteBody.Json<TriedPolicyBody>(
                "`{policy, days?}`: the text of a `contracts.yaml`, and how many days, 1 to 365. Default: 30.",
                """{ "policy": "modes: {violations: quarantine}\ncontracts: []", "days": 7 }"""
            ),
            Answer = RouteAnswer.Json(
                "Begun; `Location` names the job.",
                Job(
                    "contractsTryOut",
                    """
                    {
                      "messages": 1000000, "unreadable": 0, "judged": 820000,
                      "modes": { "allow": 999588, "observe": 0, "annotate": 0, "quarantine": 412, "refuse": 0 },
                      "heldThen": 0, "wouldBeHeld": 412, "freed": 0,
                      "violations": [
                        { "source": "shop", "contract": "Order Completed", "path": "properties.total", "kind": "type", "count": 412 }
                      ],
                      "examples": [
                        {
                          "partition": 3, "position": 17, "receivedAt": "2026-11-27T09:00:00.000Z", "source": "shop",
                          "contract": "Order Completed", "version": "1.1.0", "mode": "quarantine",
                          "violations": [{ "path": "properties.total", "kind": "type" }]
                        }
                      ]
                    }
                    """
                )
            ) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 413, 503],
        };

    public static RouteDescription Infer { get; } =
        new("inferContracts", Tag, "Proposes contracts from the messages of the last days, as a job.")
        {
            Details =
                "The result of the job has a `contracts.yaml` that observes and does nothing else: types, presence and choices as they were "
                + "sent. Names that came less than five times are left out, and examples are masked. It is nobody's policy before somebody "
                + "puts it in force.",
            Body = RouteBody.Json<ContractInferenceBody>(
                "`{source?, days?}`: of which source, default all, and how many days, 1 to 365. Default: 30.",
                """{ "source": "shop", "days": 7 }"""
            ),
            Answer = RouteAnswer.Json(
                "Begun; `Location` names the job.",
                Job(
                    "contractsInference",
                    """
                    {
                      "contracts": 1,
                      "notes": ["1204 messages were looked at."],
                      "policy": "owner: {team: 'operator', contact: 'operator'}\n…"
                    }
                    """
                )
            ) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 413, 503],
        };

    private static string Job(string kind, string result) =>
        $$"""
            {
              "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
              "kind": "{{kind}}",
              "status": "done",
              "by": "operator",
              "percent": 100,
              "estimatedSecondsLeft": 0,
              "startedAt": "2026-11-27T09:00:00Z",
              "finishedAt": "2026-11-27T09:00:04Z",
              "result": {{result}}
            }
            """;
}
