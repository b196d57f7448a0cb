using Customer360.Api.OpenApi;
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
}
