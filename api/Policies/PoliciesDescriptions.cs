using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Policies;

internal static class PoliciesDescriptions
{
    private const string Tag = "Policies";

    private const string Example = """
        {
          "kind": "mastership",
          "version": "5d0c1a3f9b7e",
          "number": 2,
          "action": "put",
          "at": "2026-11-22T10:00:00Z",
          "by": "operator",
          "replaces": "075784da0c79",
          "policy": {
            "default": { "strategy": "latest" },
            "fields": { "plan": { "strategy": "source-priority", "sources": ["product"], "writers": ["product"] } }
          },
          "yaml": "fields:\n  plan: {sources: [product], writers: [product]}\n",
          "proposals": []
        }
        """;

    private const string Comparison = """
        {
          "inForce": "075784da0c79",
          "version": "5d0c1a3f9b7e",
          "warnings": [],
          "changes": [
            { "path": "fields.plan", "before": null, "after": { "strategy": "source-priority", "sources": ["product"] } }
          ]
        }
        """;

    private static readonly RouteParameter s_kind = RouteParameter.Path(
        "kind",
        "The kind of policy; `GET /v1/policies` lists them.",
        "mastership"
    );

    private static readonly RouteParameter s_ifMatch = RouteParameter.Header(
        "If-Match",
        "The `ETag` of the policy that the change is meant for; else 412.",
        "\"075784da0c79\""
    );

    private static readonly RouteBody s_file = new(
        "application/yaml",
        "The policy file, whatever its content type says. `docs/policies.md` says what it may hold.",
        "fields:\n  plan: {sources: [product], writers: [product]}\n"
    );

    public static RouteDescription List { get; } =
        new("listPolicies", Tag, "Lists the kinds of policy and what is in force of each.")
        {
            Answer = RouteAnswer.Json(
                "The kinds.",
                """
                {
                  "policies": [
                    {
                      "kind": "mastership",
                      "version": "5d0c1a3f9b7e",
                      "number": 2,
                      "action": "put",
                      "at": "2026-11-22T10:00:00Z",
                      "by": "operator",
                      "replaces": "075784da0c79",
                      "needsFourEyes": false,
                      "dryRun": "comparison",
                      "proposals": 0
                    }
                  ]
                }
                """
            ),
            Problems = [503],
        };

    public static RouteDescription Get { get; } =
        new("getPolicy", Tag, "Reads the policy in force, another version of the history, or a proposal.")
        {
            Details = "With `Accept: application/yaml` the answer is the file alone.",
            Parameters =
            [
                s_kind,
                RouteParameter.Query(
                    "version",
                    JsonSchemaType.String,
                    "A version of the history or of a proposal. Default: the one in force.",
                    "5d0c1a3f9b7e"
                ),
            ],
            Answer = RouteAnswer.Json(
                "The policy as JSON and as its file, and what is proposed in its place.",
                Example
            ),
            OtherAnswers =
            [
                new RouteAnswer(
                    StatusCodes.Status200OK,
                    "The policy.",
                    "application/yaml",
                    "fields:\n  plan: {sources: [product], writers: [product]}\n"
                ),
            ],
            Problems = [404, 503],
        };

    private static readonly RouteAnswer s_waiting = new(
        202,
        "It waits for the approval of another key.",
        "application/json",
        """
        {
          "kind": "access",
          "version": "5d0c1a3f9b7e",
          "replaces": "075784da0c79",
          "at": "2026-11-22T10:00:00Z",
          "by": "operator"
        }
        """
    );

    public static RouteDescription Propose { get; } =
        new("proposePolicy", Tag, "Proposes a policy, whatever its kind; it counts when another key approves it.")
        {
            Details =
                "For whoever, or whatever, should not decide alone: an agent, a job. The file is checked as with PUT. What is in "
                + "force already is no proposal, and is answered with 200.",
            Parameters = [s_kind, s_ifMatch],
            Body = s_file,
            Answer = RouteAnswer.Json("It is in force already.", Example),
            OtherAnswers = [s_waiting],
            Problems = [400, 404, 408, 409, 412, 413, 415, 503],
        };

    public static RouteDescription Put { get; } =
        new("putPolicy", Tag, "Puts a policy in force, or proposes it where the kind needs four eyes.")
        {
            Details =
                "A file with faults, or one that fails its own examples, changes nothing: `errors` of the problem lists each with "
                + "`line`, `rule` and `message`. This node decides by the new policy at once, others within a second. What is in "
                + "force already is no change.",
            Parameters = [s_kind, s_ifMatch],
            Body = s_file,
            Answer = RouteAnswer.Json("The policy in force now.", Example),
            OtherAnswers = [s_waiting],
            Problems = [400, 404, 408, 409, 412, 413, 415, 503],
        };

    public static RouteDescription History { get; } =
        new("getPolicyHistory", Tag, "Lists the versions that were put in force, the newest first.")
        {
            Details = "The first is in force. The last 1,000 are kept.",
            Parameters = [s_kind],
            Answer = RouteAnswer.Json(
                "A page.",
                """
                {
                  "versions": [
                    {
                      "kind": "mastership",
                      "version": "5d0c1a3f9b7e",
                      "number": 2,
                      "action": "put",
                      "at": "2026-11-22T10:00:00Z",
                      "by": "operator",
                      "replaces": "075784da0c79"
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    public static RouteDescription Validate { get; } =
        new("validatePolicy", Tag, "Says whether a file could be put in force, and what it would change.")
        {
            Details = "Changes nothing. The same check runs without a grid: `customer360 policies check FOLDER`.",
            Parameters = [s_kind],
            Body = s_file,
            Answer = RouteAnswer.Json(
                "It is valid: its version, and how it differs from what is in force.",
                Comparison
            ),
            Problems = [400, 404, 408, 413, 415, 503],
        };

    public static RouteDescription DryRun { get; } =
        new("dryRunPolicy", Tag, "Tries a policy on the live grid, and changes nothing.")
        {
            Details =
                "For `identity` a job decides the whole log anew under the proposed rules and compares who would be one customer "
                + "with who is: 202, and `/v1/jobs/{jobId}` to follow. Of other kinds the answer is the comparison that `:validate` "
                + "gives.",
            Parameters = [s_kind],
            Body = s_file,
            Answer = RouteAnswer.Json("How it differs from what is in force, where the kind has no job.", Comparison),
            OtherAnswers =
            [
                new RouteAnswer(
                    202,
                    "The job has begun.",
                    "application/json",
                    """
                    {
                      "id": "j_0198f3a2b4c57d6e8f9012a3b4c5d6e7",
                      "kind": "dryRun",
                      "status": "running",
                      "by": "operator",
                      "percent": 0,
                      "estimatedSecondsLeft": null,
                      "startedAt": "2026-11-22T10:00:00Z",
                      "finishedAt": null
                    }
                    """
                ),
            ],
            Problems = [400, 404, 408, 409, 413, 415, 503],
        };

    public static RouteDescription Approve { get; } =
        new("approvePolicy", Tag, "Puts a proposal in force: the second pair of eyes.")
        {
            Details =
                "Not by the key that proposed it (403). It names the version and the version that it replaces; where another is in "
                + "force by now, nothing is changed (412).",
            Parameters = [s_kind, s_ifMatch],
            Body = RouteBody.Json<PolicyApproval>(
                "The versions.",
                """{ "version": "5d0c1a3f9b7e", "replaces": "075784da0c79" }"""
            ),
            Answer = RouteAnswer.Json("The policy in force now.", Example),
            Problems = [400, 404, 409, 412, 413, 503],
        };

    public static RouteDescription RollBack { get; } =
        new("rollBackPolicy", Tag, "Puts a version of the history in force again.")
        {
            Details =
                "It becomes the newest entry of the history, under the approval that it had; nothing is removed. The built-in "
                + "version is always there. Of `identity`: customers that were joined meanwhile stay joined.",
            Parameters = [s_kind, s_ifMatch],
            Body = RouteBody.Json<PolicyReturn>("The version.", """{ "version": "5d0c1a3f9b7e" }"""),
            Answer = RouteAnswer.Json("The policy in force now.", Example),
            Problems = [400, 404, 409, 412, 413, 503],
        };
}
