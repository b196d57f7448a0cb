using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>find_customer</c>: the customers that identifiers lead to.</summary>
internal sealed class FindCustomerTool(ProfileAccess access) : GridTool(s_description)
{
    private const string IdentifiersName = "identifiers";
    private const int IdentifiersMax = 20;

    private static readonly ToolDescription s_description = new(
        "find_customer",
        "Find customers",
        "Finds the customers that identifiers lead to, and by what else each is known. Several identifiers of one person lead to one "
            + "customer id. There is no search by name: use an e-mail address, a phone number, a user id or another identifier."
    )
    {
        Parameters =
        [
            new(IdentifiersName, ArgumentKind.Texts, "Each type:value, for example email:jane@example.com.")
            {
                IsRequired = true,
                Most = IdentifiersMax,
            },
        ],
        Data = ToolParts.Shape(
            (
                "results",
                "array",
                "One for each identifier, in their order: asked, found, and where found customerId, identifiers, accounts."
            )
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        ImmutableArray<string> asked = call.Arguments.Texts(IdentifiersName);
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
