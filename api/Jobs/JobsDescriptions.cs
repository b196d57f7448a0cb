using Customer360.Api.OpenApi;

namespace Customer360.Api.Jobs;

internal static class JobsDescriptions
{
    private const string Tag = "Jobs";

    private const string Running = """
        {
          "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "kind": "dryRun",
          "status": "running",
          "by": "operator",
          "percent": 0,
          "estimatedSecondsLeft": null,
          "startedAt": "2026-11-22T10:00:00Z",
          "finishedAt": null
        }
        """;

    private const string Done = """
        {
          "id": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "kind": "dryRun",
          "status": "done",
          "by": "operator",
          "percent": 100,
          "estimatedSecondsLeft": 0,
          "startedAt": "2026-11-22T10:00:00Z",
          "finishedAt": "2026-11-22T10:00:31Z",
          "result": {
            "rules": { "current": "5d41402abc4b", "proposed": "9f86d081884c" },
            "messages": 3, "messagesWithoutIdentifier": 0, "identifiers": 3, "identifiersGone": 0,
            "customers": { "now": 2, "then": 1, "stay": 0, "merge": 2, "split": 0, "mergeAndSplit": 0, "vanish": 0 },
            "affected": 2, "affectedKept": 2,
            "largest": [{ "customerId": "c_019ac8d12f400030000000001", "identifiers": 3, "customersNow": 2 }]
          }
        }
        """;

    private static readonly RouteParameter s_id = RouteParameter.Path(
        "jobId",
        "The job.",
        "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b"
    );

    private static readonly RouteAnswer s_begun = RouteAnswer.Json("Begun; `Location` names the job.", Running) with
    {
        Status = StatusCodes.Status202Accepted,
    };

    public static RouteDescription Check { get; } =
        new("checkRebuild", Tag, "Folds the whole log anew and compares it with the profiles, byte for byte.")
        {
            Details =
                "The result: `{\"messages\",\"anchors\",\"slices\",\"perSecond\",\"differenceCount\",\"differences\":"
                + "[{\"customerId\",\"kind\"}]}`; kind is `differs`, `behind`, `missing` or `unowned`. Nothing is changed.",
            Answer = s_begun,
            Problems = [409, 503],
        };

    public static RouteDescription List { get; } =
        new("listJobs", Tag, "The last 100 jobs, the newest first.")
        {
            Answer = RouteAnswer.Json("The jobs.", $$"""{ "jobs": [{{Done}}] }"""),
            Problems = [503],
        };

    public static RouteDescription Get { get; } =
        new("getJob", Tag, "How a job stands, and what it came to.")
        {
            Details = "`status` is `running`, `done`, `failed` (then `failure` says why) or `cancelled`.",
            Parameters = [s_id],
            Answer = RouteAnswer.Json("The job.", Done),
            Problems = [404, 503],
        };

    public static RouteDescription Cancel { get; } =
        new("cancelJob", Tag, "Ends a running job.")
        {
            Parameters = [s_id],
            Answer = RouteAnswer.Json("Cancelled, now or before.", Running),
            Problems = [404, 409, 503],
        };

    public static RouteDescription Apply { get; } =
        new(
            "applyDryRun",
            Tag,
            "Cuts over: puts the rules of a dry run in force, with the merges and splits they make."
        )
        {
            Details =
                "The rules first, then the difference, as ordinary merges and splits that name this job in their decision "
                + "records. Each customer is looked at anew when its turn comes. Splits leave no separation: the rules keep "
                + "apart. Cancelled, it stops where it is. The result: `{\"dryRun\",\"rules\":{\"former\",\"inForce\"},\"passes\","
                + "\"merged\",\"split\",\"linked\",\"unlinked\",\"quarantined\",\"released\",\"changed\",\"refused\",\"unforeseen\","
                + "\"unchanged\",\"left\"}`. Refused with `not_a_dry_run`, `job_not_finished`, `already_applied` or `rules_changed`.",
            Parameters = [s_id],
            Answer = s_begun,
            Problems = [404, 409, 503],
        };

    public static RouteDescription RollBack { get; } =
        new(
            "rollBackCutOver",
            Tag,
            "Takes a cut-over back: the former rules, and its steps undone, the last one first."
        )
        {
            Details =
                "Also of a cut-over that was cancelled or failed. Customers get their ids back. What came between is kept, under "
                + "its identifiers. A step that later merges or splits made impossible is refused and reported. Refused with "
                + "`not_a_cut_over`, `job_not_finished`, `already_rolled_back` or `rules_changed`.",
            Parameters = [s_id],
            Answer = s_begun,
            Problems = [404, 409, 503],
        };

    public static RouteDescription Steps { get; } =
        new("listJobSteps", Tag, "What a cut-over or a roll back did, step by step, in its order.")
        {
            Details = "The ids of merges and splits are those of their decision records.",
            Parameters = [s_id],
            Answer = RouteAnswer.Json(
                "A page.",
                """
                {
                  "status": "done",
                  "steps": [
                    {
                      "id": "d_0123456789abcdef0123456789abcdef", "kind": "merge", "outcome": "done",
                      "customerId": "c_019ac8d12f400030000000001", "otherCustomerId": "c_019ac8d1a1b000f0000000002",
                      "identifiers": [], "messageId": "m-2", "source": "web", "because": "together",
                      "at": "2026-11-22T10:01:00Z", "foreseen": true
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    public static RouteDescription Customers { get; } =
        new("listAffectedCustomers", Tag, "The customers that a dry run found affected, with what causes it.")
        {
            Details =
                "By customer id, the first 10,000; the counts of the job are exact. `because` is `together` (the message "
                + "carries both identifiers), `same_value`, `limit:{type}`, `separation:{id}`, `quarantined`, `profile_too_large`, "
                + "`gone:{type}` (no type of the proposed rules) or `no_value:{type}` (blocked or not valid under them).",
            Parameters = [s_id],
            Answer = RouteAnswer.Json(
                "A page.",
                """
                {
                  "status": "done",
                  "customers": [
                    {
                      "customerId": "c_019ac8d12f400030000000001", "change": "merge", "parts": 1,
                      "with": ["c_019ac8d1a1b000f0000000002"],
                      "edges": [
                        { "messageId": "m-2", "identifiers": ["user_id:u-1", "email:x@example.com"], "because": "together" }
                      ]
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 404, 503],
        };
}
