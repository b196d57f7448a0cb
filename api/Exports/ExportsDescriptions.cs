using Customer360.Api.OpenApi;

namespace Customer360.Api.Exports;

internal static class ExportsDescriptions
{
    private const string Tag = "Exports";

    private const string Done = """
        {
          "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "kind": "export",
          "status": "done",
          "by": "operator",
          "percent": 100,
          "estimatedSecondsLeft": 0,
          "startedAt": "2026-11-28T03:00:00Z",
          "finishedAt": "2026-11-28T03:00:41Z",
          "result": {
            "manifest": 42, "files": 8, "rows": 120000,
            "tables": [{ "name": "events", "rows": 4800000, "files": 212 }],
            "notSeen": []
          }
        }
        """;

    private const string Verified = """
        {
          "id": "j_6f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "kind": "exportVerify",
          "status": "done",
          "by": "operator",
          "percent": 100,
          "estimatedSecondsLeft": 0,
          "startedAt": "2026-11-28T04:00:00Z",
          "finishedAt": "2026-11-28T04:02:11Z",
          "result": {
            "manifest": 42, "files": 212, "rows": 4799000, "isSame": false, "differenceCount": 1,
            "differences": [
              {
                "kind": "differs", "table": "events", "partition": 3, "date": "2026-11-20",
                "grid": { "rows": 1001, "checksum": "5d41402abc4b2a76" }, "mirror": { "rows": 1000, "checksum": "9f86d081884c7d65" }
              }
            ],
            "notCompared": []
          }
        }
        """;

    public static RouteDescription Get { get; } =
        new("getExports", Tag, "What the last export of the warehouse mirror came to, and the last comparison.")
        {
            Answer = RouteAnswer.Json("How it stands.", $$"""{ "export": {{Done}}, "verification": {{Verified}} }"""),
            Problems = [503],
        };

    public static RouteDescription Begin { get; } =
        new("beginExport", Tag, "Writes the warehouse mirror on from where it stands, as Parquet files.")
        {
            Details =
                "A job: `GET /v1/jobs/{jobId}` follows it, `DELETE` ends it; the next one goes on. The mirror is written to "
                + "`Customer360:Exports:Folder` as the role of `Customer360:Exports:Role` sees it. Without a body all tables are. A job that "
                + "failed says in `failure` which file is in the way and what to do.",
            Body = new RouteBody(
                "application/json",
                "`tables`: some alone. `from`: of a new mirror the first day of receipt. `to`: the last day of this run. `fresh`: begin anew. "
                    + "`refresh`: make again what differs from the grid or is gone. All may be left out.",
                """{ "tables": ["events"], "to": "2026-11-27" }"""
            ),
            Answer = RouteAnswer.Json("Begun; `Location` names the job.", Done) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 413, 503],
        };

    public static RouteDescription Verify { get; } =
        new("verifyExport", Tag, "Compares the warehouse mirror with the grid, and changes nothing.")
        {
            Details =
                "A job. Each file is compared with its hash in the manifest, and its rows with those that the grid makes now: counts and "
                + "checksums by table, partition and day. `kind` of a difference is `fileGone`, `fileChanged` or `differs`; the first 1,000 are "
                + "listed. `notCompared`: tables of what people are by now, which messages have changed since the export. `customer360 export verify` calls it.",
            Body = new RouteBody(
                "application/json",
                "`tables`: some alone; may be left out.",
                """{ "tables": ["events"] }"""
            ),
            Answer = RouteAnswer.Json("Begun; `Location` names the job.", Verified) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 413, 503],
        };
}
