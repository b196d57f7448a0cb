using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// Reads what decision records have in common:
/// <c>{"messageId","source","ruleVersion","because","identifiers":["type:value"],…}</c>.
/// </summary>
public static class DecisionPayload
{
    /// <summary>The identifiers that the payload names; empty where it has none.</summary>
    public static ImmutableArray<Identifier> Identifiers(ReadOnlyMemory<byte> payload)
    {
        using var document = JsonDocument.Parse(payload);
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("identifiers"u8, out JsonElement named)
            || named.ValueKind != JsonValueKind.Array
        )
        {
            return [];
        }

        var identifiers = ImmutableArray.CreateBuilder<Identifier>();
        foreach (JsonElement one in named.EnumerateArray())
        {
            if (
                one.ValueKind == JsonValueKind.String
                && Identifier.TryParse(one.GetString(), out Identifier identifier)
            )
            {
                identifiers.Add(identifier);
            }
        }

        return identifiers.DrainToImmutable();
    }

    /// <summary>True where the payload names one of the identifiers.</summary>
    public static bool Names(ReadOnlyMemory<byte> payload, ImmutableArray<Identifier> identifiers) =>
        Identifiers(payload).Any(identifiers.Contains);

    /// <summary>A member that is a text, or null.</summary>
    public static string? Text(ReadOnlyMemory<byte> payload, string member)
    {
        using var document = JsonDocument.Parse(payload);
        return
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(member, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
    }
}
