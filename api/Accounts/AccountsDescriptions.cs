using Customer360.Api.Access;
using Customer360.Api.OpenApi;

namespace Customer360.Api.Accounts;

internal static class AccountsDescriptions
{
    public static RouteDescription Get { get; } =
        new("getAccount", "Accounts", "Reads an account: its traits, and a page of its members.")
        {
            Parameters =
            [
                RouteParameter.Path("groupId", "The group id as group calls send it, URL-encoded.", "acme.com"),
                GateQueries.Parameter,
            ],
            Answer = RouteAnswer.Json(
                "The account; `next` is null on the last page of members. `\"truncated\": true` where there were more than the "
                    + "10,000 members, or the traits, that an account keeps: the count is that of those.",
                """
                {
                  "groupId": "acme.com",
                  "traits": { "name": "Acme", "employees": 120 },
                  "memberCount": 1,
                  "members": [
                    {
                      "type": "user_id",
                      "value": "u-1",
                      "firstAt": "2026-11-20T08:00:00Z",
                      "lastAt": "2026-11-22T10:00:00Z"
                    }
                  ],
                  "next": null,
                  "version": 3
                }
                """
            ),
            Problems = [400, 404, 503],
        };
}
