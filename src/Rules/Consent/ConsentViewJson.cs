using System.Text.Json;

namespace Customer360.Rules.Consent;

/// <summary>
/// A <see cref="ConsentView"/> between silos:
/// <c>[{"purpose","status","form","source","ends"?,"at","cause","policy","until"?,"evidence"?}]</c>.
/// </summary>
public static class ConsentViewJson
{
    public static void Write(Utf8JsonWriter writer, ConsentView view)
    {
        writer.WriteStartArray();
        foreach (ConsentStanding standing in view.Purposes)
        {
            writer.WriteStartObject();
            writer.WriteString("purpose"u8, standing.Purpose);
            writer.WriteString("status"u8, ConsentLedgerJson.TextOf(standing.Status));
            writer.WriteString("form"u8, standing.Form);
            writer.WriteString("source"u8, standing.Source);
            if (standing.Until is { } ends)
            {
                writer.WriteString("ends"u8, ends);
            }

            ConsentLedgerJson.WriteWord(writer, standing.Word);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ConsentView Read(JsonElement view) =>
        ConsentView.Of(
            view.EnumerateArray()
                .Select(standing => new ConsentStanding(
                    standing.GetProperty("purpose"u8).GetString()!,
                    ConsentLedgerJson.StatusOf(standing.GetProperty("status"u8).GetString()) ?? ConsentStatus.Unknown,
                    standing.GetProperty("form"u8).GetString()!,
                    standing.GetProperty("source"u8).GetString()!,
                    ConsentLedgerJson.ReadWord(standing)
                )
                {
                    Until = standing.TryGetProperty("ends"u8, out JsonElement ends) ? ends.GetDateTimeOffset() : null,
                })
        );
}
