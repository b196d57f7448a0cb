using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Conditions;

/// <summary>
/// Facts as callers send them: a JSON object by name, as <see cref="FactJson"/> has it; a time may be a text, since the catalogue says
/// that it is one. What is null is missing.
/// </summary>
public static class CallerFacts
{
    /// <summary>Facts of a call at most.</summary>
    public const int CountMax = 500;

    /// <summary>Reads them all. One that can't be read is named: its value is not, since it may be somebody's.</summary>
    public static (FactSet? Facts, string? Fault) Read(JsonElement json, FactCatalog catalog)
    {
        if (json.ValueKind != JsonValueKind.Object || json.GetPropertyCount() > CountMax)
        {
            return (null, $"must be an object with {CountMax} members at most");
        }

        var facts = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (catalog.KindOf(member.Name) is not { } kind)
            {
                return (null, $"has a fact that there is not. Known: {catalog.Names}");
            }

            FactValue? value =
                kind == FactKind.Instant && member.Value.ValueKind == JsonValueKind.String
                    ? InstantOf(member.Value.GetString()!)
                    : FactJson.Read(member.Value);
            if (value is null || (value.IsKnown && kind != FactKind.Missing && value.Kind != kind))
            {
                return (null, $"has a fact '{member.Name}' that is not {FactLiteral.NameOf(kind)}");
            }

            facts[member.Name] = value;
        }

        return (new FactSet(facts), null);
    }

    private static FactValue? InstantOf(string text) =>
        Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out DateTimeOffset instant) ? FactValue.Of(instant) : null;
}
