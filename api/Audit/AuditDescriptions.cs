using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Audit;

internal static class AuditDescriptions
{
    private const string Tag = "Audit";

    public static RouteDescription List { get; } =
        new("listAudit", Tag, "Lists the records of the audit log, the newest first.")
        {
            Details =
                "A record has no value of a person: whom it is about stands in it as a customer's id, or as a keyed hash of an "
                + "identifier. `record` is shown byte for byte as it is stored and hashed. Reads by people are told one by one; "
                + "reads by services are counted by key, action, purpose and day (`count`). A page may hold fewer than `limit`; "
                + "`next` tells whether the log goes on.",
            Parameters =
            [
                Text("action", "An action, or its beginning with a full stop: `decision.`.", "profile.read"),
                Text("actor", "The name of the key that did it.", "support"),
                Text(
                    "objectType",
                    "Of the object: `customer` (the default with `object`), `identifier`, `policy`, `reads`.",
                    "customer"
                ),
                Text("object", "To what it was done: a customer's id.", "c_019ac8d12f400030000000001"),
                Text("purpose", "What for.", "support"),
                Text("result", "What came of it.", "done"),
                Text("from", "Written down at this time or later; RFC 3339.", "2026-11-27T00:00:00Z"),
                Text("to", "Written down before this time.", "2026-11-28T00:00:00Z"),
                RouteParameter.Query("limit", JsonSchemaType.Integer, "Records a page, 1 to 200. Default: 50.", "50"),
                Text("cursor", "`next` of the page before.", "oQAAAAAAAAAq"),
            ],
            Answer = RouteAnswer.Json(
                "A page; `next` is null at the end of the log.",
                """
                {
                  "entries": [
                    {
                      "chain": 6,
                      "seq": 12,
                      "hash": "5f0c1d2e3a4b5f0c1d2e3a4b5f0c1d2e3a4b5f0c1d2e3a4b5f0c1d2e3a4b5f0c",
                      "record": {
                        "action": "profile.read",
                        "actor": { "kind": "key", "name": "support", "roles": "admin" },
                        "at": "2026-11-27T10:00:00Z",
                        "fields": ["identifiers", "traits"],
                        "id": "r_0f1e2d3c4b5a6978_1",
                        "objectId": "c_019ac8d12f400030000000001",
                        "objectType": "customer",
                        "writtenAt": "2026-11-27T10:00:00Z"
                      }
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

    public static RouteDescription Head { get; } =
        new("getAuditHead", Tag, "Answers where the audit log ends: keep it elsewhere, and verify can compare.")
        {
            Details =
                "Text like a checkpoint of transparency logs (C2SP): origin, number of records, root in base64, then a line for each "
                + "chain. `customer360 audit verify --head FILE` takes it.",
            Answer = new RouteAnswer(
                StatusCodes.Status200OK,
                "The head.",
                "text/plain",
                "customer360/audit\n1\nK4e1…=\nchain 0 1 zL7u…=\n"
            ),
            Problems = [503],
        };

    private static RouteParameter Text(string name, string description, string example) =>
        RouteParameter.Query(name, JsonSchemaType.String, description, example);
}
