using System.Collections.Immutable;
using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Segment;

internal static class SegmentDescriptions
{
    private const string Tag = "Segment Profile API";
    private const string Url = "/v1/spaces/main/collections/users/profiles/customer:c_019ac8d12f400030000000001/";

    private static readonly ImmutableArray<RouteParameter> s_profile =
    [
        RouteParameter.Path("space", "Any name: there is one space here.", "main"),
        RouteParameter.Path("collection", "`users` or `accounts`.", "users"),
        RouteParameter.Path(
            "identifier",
            "`type:value`, the value URL-encoded; of an account `group_id:…`.",
            "user_id:u-1"
        ),
        GateQueries.Parameter,
    ];

    private static readonly RouteParameter s_next = RouteParameter.Query(
        "next",
        JsonSchemaType.String,
        "The cursor's `next` of the page before.",
        "plan"
    );

    private static readonly RouteParameter s_verbose = RouteParameter.Query(
        "verbose",
        JsonSchemaType.Boolean,
        "`true` for every field.",
        "false"
    );

    public static RouteDescription Traits { get; } =
        Of(
            "getSegmentTraits",
            "Lists a profile's traits by name.",
            [
                Limit(10, 200),
                Names("include", "Only these traits, comma-separated.", "firstName,plan"),
                RouteParameter.Query(
                    "class",
                    JsonSchemaType.String,
                    "`audience` or `computed_trait`; neither exists yet, so either selects none.",
                    "audience"
                ),
                s_verbose,
                s_next,
            ],
            $$"""{ "traits": { "firstName": "Jane" }, "cursor": { "url": "{{Url}}traits", "has_more": true, "next": "plan", "limit": 1 } }"""
        );

    public static RouteDescription ExternalIds { get; } =
        Of(
            "getSegmentExternalIds",
            "Lists a profile's identifiers.",
            [
                Limit(25, 100),
                Names("include", "Only these types, comma-separated.", "user_id,email"),
                s_verbose,
                s_next,
            ],
            $$"""
            {
              "data": [
                {
                  "source_id": "web",
                  "collection": "users",
                  "id": "u-1",
                  "type": "user_id",
                  "created_at": "2026-11-20T08:00:00Z",
                  "encoding": "none",
                  "first_message_id": "m-1"
                }
              ],
              "cursor": { "url": "{{Url}}external_ids", "has_more": false, "next": "", "limit": 25 }
            }
            """
        );

    public static RouteDescription Events { get; } =
        Of(
            "getSegmentEvents",
            "Lists a user's messages.",
            [
                Limit(10, 100),
                Names("include", "Only events of these names, comma-separated.", "Order Completed"),
                Names("exclude", "No events of these names, comma-separated.", "Page Viewed"),
                RouteParameter.Query(
                    "start",
                    JsonSchemaType.String,
                    "From this time or date on. With neither start nor end: the last 14 days.",
                    "2026-11-01"
                ),
                RouteParameter.Query("end", JsonSchemaType.String, "Before this time or date.", "2026-12-01"),
                RouteParameter.Query("sort", JsonSchemaType.String, "`desc` (the default) or `asc`.", "desc"),
                s_next,
            ],
            $$"""
            {
              "data": [
                {
                  "external_ids": [{ "collection": "users", "type": "user_id", "id": "u-1", "encoding": "none" }],
                  "context": { "library": { "name": "analytics.js" } },
                  "type": "track",
                  "message_id": "m-1",
                  "source_id": "web",
                  "timestamp": "2026-11-22T10:00:00Z",
                  "properties": { "total": 12.5 },
                  "event": "Order Completed",
                  "related": { "users": "c_019ac8d12f400030000000001" }
                }
              ],
              "cursor": { "url": "{{Url}}events", "has_more": false, "next": "", "limit": 10 }
            }
            """
        );

    public static RouteDescription Metadata { get; } =
        Of(
            "getSegmentMetadata",
            "Says when a user's profile was made and last changed.",
            [s_verbose],
            """
            {
              "metadata": {
                "created_at": "2026-11-20T08:00:00Z",
                "updated_at": "2026-11-22T10:00:00Z",
                "expires_at": null,
                "first_message_id": "m-1",
                "first_source_id": "web",
                "last_message_id": "m-9",
                "last_source_id": "web"
              }
            }
            """
        );

    public static RouteDescription Links { get; } =
        Of(
            "getSegmentLinks",
            "Lists a user's accounts, or an account's users.",
            [Limit(20, 20)],
            """
            {
              "data": [
                {
                  "to_collection": "accounts",
                  "external_ids": [
                    {
                      "source_id": null,
                      "collection": "accounts",
                      "id": "acme.com",
                      "type": "group_id",
                      "created_at": "2026-11-20T08:00:00Z",
                      "encoding": "none"
                    }
                  ]
                }
              ]
            }
            """
        );

    private static RouteDescription Of(
        string operationId,
        string summary,
        ImmutableArray<RouteParameter> parameters,
        string example
    ) =>
        new(operationId, Tag, summary)
        {
            Details = "In the shape of Segment's Profile API. Every answer has a header `Request-Id`.",
            Parameters = s_profile.AddRange(parameters),
            Answer = RouteAnswer.Json("The list.", example),
            Problems = [400, 404, 503],
        };

    private static RouteParameter Limit(int otherwise, int max) =>
        RouteParameter.Query(
            "limit",
            JsonSchemaType.Integer,
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"Entries a page, 1 to {max}. Default: {otherwise}."
            ),
            "10"
        );

    private static RouteParameter Names(string name, string description, string example) =>
        RouteParameter.Query(name, JsonSchemaType.String, description, example);
}
