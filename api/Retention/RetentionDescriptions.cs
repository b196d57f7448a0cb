using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Retention;

internal static class RetentionDescriptions
{
    private const string Tag = "Privacy";

    private const string Done = """
        {
          "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "kind": "retention",
          "status": "done",
          "by": "schedule",
          "percent": 100,
          "estimatedSecondsLeft": 0,
          "startedAt": "2026-11-27T03:00:00Z",
          "finishedAt": "2026-11-27T03:04:10Z",
          "result": {
            "policy": "9f86d081884c", "access": "8830e3d32cf3",
            "messages": 120000, "trimmed": 412, "bytes": 350112,
            "rules": [{ "rule": "messages.kinds.page.days", "messages": 412, "fields": 903 }]
          }
        }
        """;

    public static RouteDescription Get { get; } =
        new("getRetention", Tag, "What the last trimming of the log came to, and the last dry run.")
        {
            Details =
                "The result counts messages that were looked at, those of which something went, and what they are shorter by in "
                + "bytes; and for each rule the messages and the fields. While a run is under way it has what was done so far.",
            Answer = RouteAnswer.Json(
                "How it stands.",
                $$"""{ "policyVersion": "9f86d081884c", "keepsAll": false, "run": {{Done}}, "dryRun": null }"""
            ),
            Problems = [503],
        };

    public static RouteDescription Run { get; } =
        new("runRetention", Tag, "Trims the log by retention.yaml now, or counts what that would take out.")
        {
            Details =
                "A job, as it also begins by itself once a day: `GET /v1/jobs/{jobId}` follows it, `DELETE` ends it. Profiles, merges and "
                + "splits stay as they are. What went does not come back.",
            Parameters =
            [
                RouteParameter.Query(
                    "dryRun",
                    JsonSchemaType.Boolean,
                    "`true`: it only counts, rule by rule, and changes nothing. Default: `false`.",
                    "true"
                ),
            ],
            Answer = RouteAnswer.Json("Begun; `Location` names the job.", Done) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 503],
        };
}
