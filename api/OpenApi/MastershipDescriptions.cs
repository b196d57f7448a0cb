namespace Customer360.Api.OpenApi;

internal static class MastershipDescriptions
{
    private const string Tag = "Mastership";

    private const string Taken = """
        {
          "revision": 2,
          "version": "5d0c1a3f9b7e",
          "action": "put",
          "by": "operator",
          "at": "2026-11-22T10:00:00Z",
          "policy": {
            "default": { "strategy": "latest" },
            "fields": { "plan": { "strategy": "source-priority", "sources": ["product"], "writers": ["product"] } }
          },
          "yaml": "fields:\n  plan: {sources: [product], writers: [product]}\n"
        }
        """;

    private const string Current = """
        {
          "revision": 1,
          "version": "5d0c1a3f9b7e",
          "action": "put",
          "by": "operator",
          "at": "2026-11-22T10:00:00Z",
          "policy": {
            "default": { "strategy": "latest" },
            "fields": { "plan": { "strategy": "source-priority", "sources": ["product"] } }
          },
          "yaml": "fields:\n  plan: {sources: [product]}\n",
          "history": [
            {
              "revision": 1,
              "version": "5d0c1a3f9b7e",
              "action": "put",
              "by": "operator",
              "at": "2026-11-22T10:00:00Z"
            }
          ]
        }
        """;

    public static RouteDescription Get { get; } =
        new("getMastership", Tag, "Reads the mastership policy that counts, and its history, newest first.")
        {
            Answer = RouteAnswer.Json("The policy. Revision 0 is the built-in one: the latest value wins.", Current),
            Problems = [503],
        };

    public static RouteDescription Put { get; } =
        new("putMastership", Tag, "Replaces the mastership policy.")
        {
            Details =
                "It counts at once on the node that answers, within a second on the others; no message is read again. "
                + "A text with errors changes nothing; the problem's `errors` lists all of them, with line and rule.",
            Body = new RouteBody(
                "application/yaml",
                "`mastership.yaml`: per field its strategy (`latest`, `first`, `source-priority`, `most-frequent`, `max`, "
                    + "`min`), its ranked sources, and who may write it. Up to 64 K characters.",
                "\"default:\\n  strategy: latest\\nfields:\\n  plan:\\n    sources: [product]\\n    writers: [product]\\n\""
            ),
            Answer = RouteAnswer.Json("The policy as it counts now.", Taken),
            Problems = [400, 408, 413, 415, 503],
        };

    public static RouteDescription Rollback { get; } =
        new("rollbackMastership", Tag, "Makes the policy of an earlier revision count again.")
        {
            Details =
                "It becomes a new revision; asking twice makes one. Revision 0 is the built-in policy. The last 50 are kept.",
            Body = new RouteBody("application/json", "The revision.", """{ "revision": 1 }"""),
            Answer = RouteAnswer.Json("The policy as it counts now.", Taken),
            Problems = [400, 404, 408, 413, 415, 503],
        };
}
