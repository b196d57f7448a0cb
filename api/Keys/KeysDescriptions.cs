using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Keys;

internal static class KeysDescriptions
{
    private const string Tag = "Keys";

    private const string Rest = """
        "status": "active",
          "roles": ["collect"],
          "sources": ["crm"],
          "purposes": [],
          "origins": [],
          "addresses": ["10.0.0.0/8"],
          "createdAt": "2026-11-27T10:00:00Z",
          "createdBy": "operator",
          "expiresAt": "2027-11-27T00:00:00Z",
          "requestsPerMinute": 6000,
          "requestsPerDay": null,
          "lastUsedOn": null,
          "secrets": [
            { "id": "4fT9zQ0a", "createdAt": "2026-11-27T10:00:00Z", "until": null, "lastUsedOn": null }
          ]
        }
        """;

    private const string Shown = """
        {
          "name": "crm",
          "key": "c360_collect_4fT9zQ0aW3nXr7LmK2pVd8sYc1HbG5jE6uNiRo0eQS",

        """;

    private const string Listed = """
        {
          "name": "crm",

        """;

    private static readonly RouteParameter s_name = RouteParameter.Path("name", "The key's name.", "crm");

    public static RouteDescription Create { get; } =
        new("createKey", Tag, "Makes a key. Its text is in this answer, and nowhere else.")
        {
            Details =
                "It counts at once on the process that answers, and within two seconds on the others. `roles` are `collect`, `read`, "
                + "`admin` or roles of the access policy. `sources` is what messages have as their source that come with it; without it, "
                + "its name. `origins` and `addresses` bind it to pages and networks. The limits are those of each process of the API.",
            Body = new RouteBody(
                "application/json",
                "What the key is to be; all but name and roles may be left out.",
                """
                {
                  "name": "crm",
                  "roles": ["collect"],
                  "sources": ["crm"],
                  "trust": "server",
                  "purposes": [],
                  "origins": [],
                  "addresses": ["10.0.0.0/8"],
                  "expiresAt": "2027-11-27T00:00:00Z",
                  "requestsPerMinute": 6000
                }
                """
            ),
            Answer = new RouteAnswer(
                StatusCodes.Status201Created,
                "The key. Keep its text: nobody can show it again.",
                "application/json",
                Shown + Rest
            ),
            Problems = [400, 409, 413, 429, 503],
        };

    public static RouteDescription List { get; } =
        new("listKeys", Tag, "Lists the keys that the grid keeps, without their secrets.")
        {
            Details =
                "By name. `lastUsedOn` is the last day (UTC) that somebody came with it. Keys of the settings are not among them.",
            Parameters =
            [
                RouteParameter.Query("limit", JsonSchemaType.Integer, "Keys a page, 1 to 200. Default: 50.", "50"),
                RouteParameter.Query("cursor", JsonSchemaType.String, "`next` of the page before.", "S2NybQ"),
            ],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                $$"""{ "keys": [{{Listed + Rest}}], "next": null }"""
            ),
            Problems = [400, 429, 503],
        };

    public static RouteDescription Rotate { get; } =
        new("rotateKey", Tag, "Gives a key another secret; the old one lives on for a while.")
        {
            Details =
                "Without a body the old secret lives on for a day. Repeated before anybody came with the new secret, it replaces the new "
                + "one, so an answer that got lost harms nobody. `overlapSeconds` 0 ends all other secrets at once.",
            Parameters = [s_name],
            Body = new RouteBody(
                "application/json",
                "How long the old secret lives on, 0 to 2,592,000 seconds; it may be left out.",
                """{ "overlapSeconds": 86400 }"""
            ),
            Answer = RouteAnswer.Json("The key with its new text.", Shown + Rest),
            Problems = [400, 404, 409, 429, 503],
        };

    public static RouteDescription Revoke { get; } =
        new("revokeKey", Tag, "Takes a key back.")
        {
            Details = "It counts no more at once on the process that answers, and within five seconds nowhere.",
            Parameters = [s_name],
            Answer = new RouteAnswer(StatusCodes.Status204NoContent, "It is gone."),
            Problems = [404, 429, 503],
        };
}
