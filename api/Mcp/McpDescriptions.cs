using Customer360.Api.Access;
using Customer360.Api.OpenApi;

namespace Customer360.Api.Mcp;

internal static class McpDescriptions
{
    private const string Tag = "Agents";

    private const string MetadataExample = """
        {
          "resource": "https://grid.example.com/mcp",
          "resource_name": "Customer 360 Grid",
          "authorization_servers": ["https://login.example.com"],
          "bearer_methods_supported": ["header"]
        }
        """;

    public static RouteDescription Call { get; } =
        new("callMcp", Tag, "Takes a message of the Model Context Protocol: tools for agents.")
        {
            Details =
                "Streamable HTTP without sessions, in the revisions 2025-06-18, 2025-11-25 and 2026-07-28. A tool answers what the HTTP path "
                + "beside it answers to the same key and purpose. With `purpose` in the address, the connection is for that purpose alone.",
            Parameters = [GateQueries.Parameter],
            Body = new RouteBody(
                "application/json",
                "A JSON-RPC request.",
                """
                {
                  "jsonrpc": "2.0",
                  "id": 1,
                  "method": "tools/call",
                  "params": { "name": "get_profile", "arguments": { "identifier": "email:jane@example.com" } }
                }
                """
            ),
            Answer = RouteAnswer.Json(
                "A JSON-RPC answer; to who accepts it, as an event of `text/event-stream`.",
                """
                {
                  "jsonrpc": "2.0",
                  "id": 1,
                  "result": { "content": [{ "type": "text", "text": "…" }], "structuredContent": { "data": {} } }
                }
                """
            ),
            OtherAnswers = [new RouteAnswer(StatusCodes.Status202Accepted, "A notification was taken.")],
            Problems = [400, 413, 503],
        };

    public static RouteDescription Metadata { get; } = Describe("getProtectedResource");

    public static RouteDescription MetadataOfMcp { get; } = Describe("getProtectedResourceOfMcp");

    private static RouteDescription Describe(string id) =>
        new(id, Tag, "Says which provider gives tokens for `/mcp` (RFC 9728).")
        {
            Details = "Without a configured issuer the list is empty: then callers need a key.",
            Answer = RouteAnswer.Json("The resource.", MetadataExample),
        };
}
