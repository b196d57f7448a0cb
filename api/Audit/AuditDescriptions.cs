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

    public static RouteDescription Verify { get; } =
        new("verifyAudit", Tag, "Checks every record of the audit log, as a job.")
        {
            Details =
                "The result says whether a record was changed, removed, reordered or put in, and names the first break of each chain. Whoever "
                + "holds the store can write a whole log anew: give a `head` that you kept elsewhere. `customer360 audit verify` does the same "
                + "without a grid.",
            Body = RouteBody.Json<AuditCheckBody>(
                "`{head?}`: the text of a head that was kept elsewhere.",
                """{ "head": null }"""
            ),
            Answer = RouteAnswer.Json("Begun; `Location` names the job.", CheckJob) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 413, 503],
        };

    public static RouteDescription Verification { get; } =
        new("getAuditVerification", Tag, "Answers the last check of the audit log.")
        {
            Answer = RouteAnswer.Json("As a job.", CheckJob),
            Problems = [404, 503],
        };

    private const string CheckJob = """
        {
          "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "kind": "auditCheck",
          "status": "done",
          "by": "operator",
          "percent": 100,
          "estimatedSecondsLeft": 0,
          "startedAt": "2026-11-27T09:00:00Z",
          "finishedAt": "2026-11-27T09:00:04Z",
          "result": { "isWhole": true, "records": 1204, "root": "K4e1…=", "isComparedWithHead": false, "breaks": [] }
        }
        """;

    private static RouteParameter Text(string name, string description, string example) =>
        RouteParameter.Query(name, JsonSchemaType.String, description, example);
}
