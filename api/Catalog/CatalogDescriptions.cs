using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Catalog;

internal static class CatalogDescriptions
{
    private const string Tag = "Catalog";

    public static RouteDescription List { get; } =
        new(
            "listCatalog",
            Tag,
            "Lists events, fields, identifiers, audiences, destinations and policies: whose each is, and what depends on it."
        )
        {
            Details =
                "Made of the policies in force and of what sources have sent; it keeps nothing of its own. Events that no contract has planned and no "
                + "check names are one entry, `*`: their names may hold a person's data.",
            Parameters =
            [
                RouteParameter.Query(
                    "kind",
                    JsonSchemaType.String,
                    "Of this kind alone: `event`, `field`, `identifier`, `audience`, `destination` or `policy`.",
                    "\"event\""
                ),
                RouteParameter.Query("owner", JsonSchemaType.String, "Of this team alone.", "\"shop\""),
                RouteParameter.Query("q", JsonSchemaType.String, "Of those with this text in their name.", "\"order\""),
            ],
            Answer = RouteAnswer.Json(
                "A page, by kind and name.",
                """
                {
                  "entries": [
                    {
                      "kind": "event", "name": "Order Completed", "description": "A customer has paid.",
                      "owner": { "team": "shop", "contact": "#shop" }, "class": null, "contracts": ["1.1.0"], "sources": ["shop", "web"],
                      "firstSeenAt": "2026-11-02T09:14:00Z", "lastSeenAt": "2026-11-28T07:12:04Z",
                      "consumers": ["audience:vip", "check:order-total", "conversion:order", "destination:crm-hook"], "version": null
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

    public static RouteDescription Mastered { get; } =
        new(
            "findMaster",
            Tag,
            "Says where a field is mastered, who may write it, how sensitive it is, and who answers for it."
        )
        {
            Parameters =
            [
                RouteParameter.Query("field", JsonSchemaType.String, "A trait's name, exactly as sent.", "\"plan\""),
            ],
            Answer = RouteAnswer.Json(
                "The rule that counts.",
                """
                {
                  "field": "plan", "rule": "plan", "strategy": "source-priority", "sources": ["billing", "crm", "web"], "writers": ["billing", "crm"],
                  "class": "internal", "owner": { "team": "billing", "contact": "#billing" }, "policyVersion": "1b2c3d4e5f60"
                }
                """
            ),
            Problems = [400],
        };
}
