using Customer360.Api.Access;
using Customer360.Api.OpenApi;

namespace Customer360.Api.Profiles;

internal static class SplitDescriptions
{
    private const string Tag = "Identity";

    private const string AnswerExample = """
        {
          "customerId": "c_019ac8d12f400030000000001",
          "splitCustomerId": "c_019ac8d1a1b0fff1f2e3d4c5b",
          "separationId": "s_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
          "identifiers": ["email:x@example.com"]
        }
        """;

    public static RouteDescription Split { get; } =
        new("splitProfile", Tag, "Takes identifiers away from a customer and makes a customer of their own of them.")
        {
            Details =
                "What was learned under the identifiers goes with them: traits, counters, accounts and history come out as "
                + "if they had never been together. A separation keeps the two apart from then on; `explain` shows both.",
            Parameters =
            [
                RouteParameter.Path("identifier", "The customer, by any identifier.", "user_id:u-1"),
                RegionParameter.Of,
                GateQueries.Parameter,
            ],
            Body = new RouteBody(
                "application/json",
                "1 to 1,000 identifiers, each `type:value`, and the reason, 1 to 500 characters.",
                """{ "identifiers": ["email:x@example.com"], "reason": "two people share a mailbox" }"""
            ),
            Answer = RouteAnswer.Json("Split.", AnswerExample),
            Problems = [400, 404, 409, 413, 503],
        };

    public static RouteDescription Undo { get; } =
        new("undoMerge", Tag, "Takes a merge back.")
        {
            Details =
                "The customer that was merged away is itself again, with what it brought and what was linked through that "
                + "since. Merge ids stand in `explain`.",
            Parameters =
            [
                RouteParameter.Path("mergeId", "The merge.", "d_0b6c1d5e7f8091a2b3c4d5e6f7081920"),
                GateQueries.Parameter,
            ],
            Body = new RouteBody(
                "application/json",
                "The reason, 1 to 500 characters.",
                """{ "reason": "a shared device" }"""
            ),
            Answer = RouteAnswer.Json("Taken back.", AnswerExample),
            Problems = [400, 404, 409, 413, 503],
        };
}
