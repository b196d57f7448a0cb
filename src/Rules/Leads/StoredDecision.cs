using System.Text.Json;

namespace Customer360.Rules.Leads;

/// <summary>The last decision of a lead, as it is stored: see <see cref="LeadFile.Decision"/>.</summary>
/// <param name="Attempt">Which handing over it decided.</param>
/// <param name="Outcome"><c>assigned</c>, <c>queued</c> or <c>held</c>.</param>
/// <param name="Pool">The pool that dealt it; null: none did.</param>
public sealed record StoredDecision(
    int Attempt,
    DateTimeOffset At,
    string PolicyVersion,
    string TeamVersion,
    string Outcome,
    string? PersonId,
    string? Pool,
    string? Queue,
    string? Rule
)
{
    /// <summary>What was known of the lead, JSON.</summary>
    public required string FactsJson { get; init; }

    /// <summary>Every rule and answer with why it counted or not, JSON.</summary>
    public required string TraceJson { get; init; }

    /// <summary>Reads what <see cref="LeadFileRules.DecisionText"/> wrote; null where no decision was made, or it is forgotten.</summary>
    public static StoredDecision? Of(LeadFile file)
    {
        if (file.Decision is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(file.Decision);
        JsonElement stored = document.RootElement;
        JsonElement decision = stored.GetProperty("decision"u8);
        return new StoredDecision(
            stored.GetProperty("attempt"u8).GetInt32(),
            stored.GetProperty("at"u8).GetDateTimeOffset(),
            stored.GetProperty("policyVersion"u8).GetString()!,
            stored.GetProperty("teamVersion"u8).GetString()!,
            decision.GetProperty("outcome"u8).GetString()!,
            TextOf(decision, "person"u8),
            TextOf(decision, "pool"u8),
            TextOf(decision, "queue"u8),
            TextOf(decision, "rule"u8)
        )
        {
            FactsJson = stored.GetProperty("facts"u8).GetRawText(),
            TraceJson = decision.GetRawText(),
        };
    }

    private static string? TextOf(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
