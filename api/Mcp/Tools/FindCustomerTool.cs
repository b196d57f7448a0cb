using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Names;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>find_customer</c>: the customers that identifiers lead to, or who have a name.</summary>
internal sealed class FindCustomerTool(ProfileAccess access, ProfilesFind names, IOptions<JsonOptions> json)
    : GridTool(s_description)
{
    private const string IdentifiersName = "identifiers";
    private const string NameName = "name";
    private const int NamedMax = 20;
    private const int IdentifiersMax = 20;

    private static readonly ToolDescription s_description = new(
        "find_customer",
        "Find customers",
        "Finds the customers that identifiers lead to, and by what else each is known. Several identifiers of one person lead to one "
            + "customer id. Or finds people by their name: several people may have one name, so ask for more before you choose one."
    )
    {
        Parameters =
        [
            new(IdentifiersName, ArgumentKind.Texts, "Each type:value, for example email:jane@example.com.")
            {
                Most = IdentifiersMax,
            },
            new(
                NameName,
                ArgumentKind.Text,
                "In place of identifiers: words of the name, or how they begin, in any order."
            )
            {
                LengthMax = NameQuery.TextLengthMax,
            },
            ToolParts.Cursor,
        ],
        Data = ToolParts.Shape(
            (
                "results",
                "array",
                "One for each identifier, in their order: asked, found, and where found customerId, identifiers, accounts."
            ),
            (
                "profiles",
                "array",
                "Of a name: 20 people at most, each with customerId, their names and some identifiers."
            ),
            ("next", "string?", "Of a name: the cursor of the next page; null on the last.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        ImmutableArray<string> asked = call.Arguments.Texts(IdentifiersName);
        string? name = call.Arguments.Text(NameName);
        if (asked.IsEmpty == name is null)
        {
            return new ParameterInvalid(IdentifiersName, "either identifiers or a name is wanted");
        }

        if (name is not null)
        {
            return await FindByName(call, name);
        }

        List<(string Asked, VisibleProfile? Found)> results = [];
        foreach (string text in asked)
        {
            Outcome<VisibleProfile> found = await access.GetParts(call.Asker, text);
            if (
                found is { Succeeded: false, Refusal: not NotFound }
                && (found.Refusal is not IdentifierRefusal || asked.Length == 1)
            )
            {
                return found.Refusal;
            }

            results.Add((text, found.Value));
        }

        return new ToolData(ToolParts.Json(writer => Write(writer, results))) { Listing = call.Listing };
    }

    private async Task<Outcome<ToolData>> FindByName(ToolCall call, string name)
    {
        Outcome<NameQuery> query = NameQuery.Of(name);
        if (!query.Succeeded)
        {
            return query.Refusal;
        }

        Outcome<FoundProfilesAnswer> found = await names.FindPage(
            call.Asker,
            new ProfilesFindBody(query.Value, NamedMax, call.Arguments.Text(ToolParts.CursorName))
        );
        return found.Succeeded ? new ToolData(json.Json(found.Value)) { Listing = call.Listing } : found.Refusal;
    }

    private static void Write(Utf8JsonWriter writer, List<(string Asked, VisibleProfile? Found)> results)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("results"u8);
        foreach ((string asked, VisibleProfile? found) in results)
        {
            writer.WriteStartObject();
            writer.WriteString("asked"u8, asked);
            writer.WriteBoolean("found"u8, found is not null);
            if (found is not null)
            {
                Write(writer, found);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, VisibleProfile found)
    {
        writer.WriteString("customerId"u8, found.CustomerId);
        writer.WriteStartArray("identifiers"u8);
        foreach (ProfileIdentifier one in found.Identifiers)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, one.Identifier.Type);
            writer.WriteString("value"u8, one.Identifier.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("accounts"u8);
        foreach (AccountLink account in found.Accounts)
        {
            writer.WriteStringValue(account.GroupId);
        }

        writer.WriteEndArray();
    }
}
