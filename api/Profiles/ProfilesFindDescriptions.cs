using Customer360.Api.Access;
using Customer360.Api.OpenApi;

namespace Customer360.Api.Profiles;

internal static class ProfilesFindDescriptions
{
    public static RouteDescription Find { get; } =
        new("findProfiles", "Profiles", "Finds people by their names.")
        {
            Details =
                "Each word of `name` is the beginning of a word of the person's `name`, `firstName` or `lastName`, in any order and one "
                + "spelling: case, accents and punctuation do not count. What any source says is looked through; what a profile does not show "
                + "finds nobody but for who sees overruled values. Who sees none of these fields may not search: 403; a field that is masked "
                + "is not searched. A page may be short, or empty, where frequent words meet in few people: `next` goes on. "
                + "A person who begins to be found, or ceases to, is not moved in the order of the others.",
            Parameters = [GateQueries.Parameter],
            Body = RouteBody.Json<ProfilesFindShape>(
                "The name, up to 256 characters and 8 words; people of a page, 1 to 50 (default: 20); the `next` of the page before.",
                """{ "name": "jane do", "limit": 20 }"""
            ),
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                """
                {
                  "profiles": [
                    {
                      "customerId": "c_019ac8d12f400030000000001",
                      "firstName": "Jane",
                      "lastName": "Doe",
                      "identifiers": [{ "type": "email", "value": "jane@example.com" }],
                      "lastSeenAt": "2026-11-22T10:00:00Z"
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 413, 503],
        };
}

/// <summary>What <c>POST /v1/profiles:find</c> takes.</summary>
/// <param name="Name">Words, or how they begin.</param>
/// <param name="Limit">People of a page.</param>
/// <param name="Cursor">The <c>next</c> of the page before.</param>
public sealed record ProfilesFindShape(string Name, int? Limit, string? Cursor);
