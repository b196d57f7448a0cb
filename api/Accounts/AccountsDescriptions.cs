using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Accounts;

internal static class AccountsDescriptions
{
    public static RouteDescription List { get; } =
        new(
            "listAccounts",
            "Accounts",
            "Lists accounts by their group ids, or those whose name has words that begin in a way."
        )
        {
            Details =
                "Names are searched in one spelling, as those of people are: case, accents and punctuation do not count. "
                + "A company's name has no index: a page looks at 1,000 accounts at most and may be short, or empty; `next` goes on where it stopped. "
                + "Who may not see the field `company.name` may not search by it: 403.",
            Parameters =
            [
                RouteParameter.Query(
                    "name",
                    JsonSchemaType.String,
                    "Words of the name, or how they begin, in any order.",
                    "ac"
                ),
                GateQueries.Parameter,
            ],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                """
                {
                  "accounts": [
                    { "groupId": "acme.com", "name": "Acme", "domains": ["acme.com"], "openDeals": 1, "linked": 12 },
                    { "groupId": "hubspot.company:62515:512", "partOf": "acme.com", "name": "ACME Inc", "domains": [], "openDeals": 0, "linked": 0 }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

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
                  "groupIds": ["acme.com", "hubspot.company:62515:512"],
                  "traits": { "name": "Acme", "employees": 120, "domain": "acme.com" },
                  "domains": ["acme.com"],
                  "opportunities": [
                    {
                      "id": "900",
                      "source": "hubspot",
                      "status": "open",
                      "name": "Acme, 50 seats",
                      "stage": "contractsent",
                      "amount": { "minor": 1250000, "currency": "EUR" },
                      "owner": "ann",
                      "changedAt": "2026-11-22T10:00:00Z",
                      "contacts": [{ "type": "hubspot.contact", "value": "62515:1" }]
                    }
                  ],
                  "buyingGroup": [
                    { "type": "hubspot.contact", "value": "62515:1", "roles": [], "opportunities": ["900"] }
                  ],
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

    public static RouteDescription Match { get; } =
        new("matchAccount", "Accounts", "Says to which account a person belongs, and why.")
        {
            Details =
                "By a CRM's relation, a group call, or the domain of an e-mail address, in this order; the tie-breakers of the policy "
                + "`routing` decide between accounts of the same evidence. Routing asks the same function.",
            Parameters =
            [
                RouteParameter.Path("identifier", "`type:value`, URL-encoded.", "email:jane@acme.com"),
                GateQueries.Parameter,
            ],
            Answer = RouteAnswer.Json(
                "The account; without `account` where there is none.",
                """
                {
                  "account": "acme.com",
                  "evidence": "emailDomain",
                  "candidates": [{ "account": "acme.com", "evidence": "emailDomain", "clue": "acme.com" }],
                  "leftOut": [{ "domain": "gmail.com", "because": "freeMail" }]
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    private static readonly RouteParameter s_groupId = RouteParameter.Path(
        "groupId",
        "Any group id of the company, URL-encoded.",
        "acme.com"
    );

    public static RouteDescription Merge { get; } =
        new("mergeAccounts", "Accounts", "Says that two companies are one.")
        {
            Details =
                "What messages say under each group id stays with it and is joined when it is read, so a split gives each its own back. "
                + "What a CRM has merged becomes one by itself.",
            Parameters = [s_groupId, GateQueries.Parameter],
            Body = RouteBody.Json<AccountMergeBody>(
                "A group id of the other company, and the reason, 1 to 500 characters.",
                """{ "with": "hubspot.company:62515:512", "reason": "the same company" }"""
            ),
            Answer = RouteAnswer.Json(
                "One company, also where it was one before.",
                """{ "groupIds": ["acme.com", "hubspot.company:62515:512"] }"""
            ),
            Problems = [400, 404, 409, 413, 503],
        };

    public static RouteDescription Split { get; } =
        new("splitAccount", "Accounts", "Takes group ids out of a company: they are one of their own.")
        {
            Details = "From then on a separation keeps the two apart, also from what a CRM says.",
            Parameters = [s_groupId, GateQueries.Parameter],
            Body = RouteBody.Json<AccountSplitBody>(
                "1 to 100 group ids of the company, and the reason, 1 to 500 characters.",
                """{ "groupIds": ["hubspot.company:62515:512"], "reason": "another company of that name" }"""
            ),
            Answer = RouteAnswer.Json(
                "The company of what was split off.",
                """{ "groupIds": ["hubspot.company:62515:512"] }"""
            ),
            Problems = [400, 404, 409, 413, 503],
        };
}
