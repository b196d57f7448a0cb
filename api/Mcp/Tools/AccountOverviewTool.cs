using System.Text.Json;
using Customer360.Api.Accounts;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>account_overview</c>: a company and its people, as <c>GET /v1/accounts/{groupId}</c> answers it.</summary>
internal sealed class AccountOverviewTool(AccountsHandler accounts, IOptions<JsonOptions> json)
    : GridTool(s_description)
{
    private const string AccountName = "account";

    private static readonly ToolDescription s_description = new(
        "account_overview",
        "See a company",
        "Shows what is known of a company, and the people that were linked to it, page by page. Take the account's id from get_profile "
            + "or find_customer."
    )
    {
        Parameters =
        [
            new(AccountName, ArgumentKind.Text, "The company's id, as group calls name it.") { IsRequired = true },
            ToolParts.Limit,
            ToolParts.Cursor,
        ],
        Data = ToolParts.Shape(
            ("groupId", "string", "The company's id."),
            ("traits", "object", "Name to value."),
            ("memberCount", "integer", "How many people it has."),
            ("members", "array", "The people of this page: type, value, firstAt, lastAt.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<AccountAnswer> found = await accounts.Find(
            call.Asker,
            call.Arguments.Text(AccountName),
            call.Arguments.Whole(ToolParts.LimitName, ToolParts.RowsDefault),
            call.Arguments.Text(ToolParts.CursorName)
        );
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        string? next = found.Value.Next is { } cursor ? JsonSerializer.Deserialize<string?>(cursor.Utf8.Span) : null;
        return new ToolData(json.Json(found.Value with { Next = null }))
        {
            Listing = call.Listing,
            HasPages = true,
            Next = next,
        };
    }
}
