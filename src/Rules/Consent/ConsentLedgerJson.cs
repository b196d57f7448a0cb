using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Consent;

/// <summary>
/// The stored form of a <see cref="ConsentLedger"/>: <c>{"spans":[{"status","purpose","form","source","claimed"?:true,"covers"?:["type:value"],
/// "words":[{"at","cause","policy","until"?,"evidence"?}],"gapUntil"?}],"lost"?:[{"purpose","at"}],"restrictions"?:[{"request","at","liftedAt"?}]}</c>.
/// Equal ledgers give equal bytes.
/// </summary>
public static class ConsentLedgerJson
{
    public static void Write(Utf8JsonWriter writer, ConsentLedger ledger)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("spans"u8);
        foreach (ConsentSpan span in ledger.Spans)
        {
            Write(writer, span);
        }

        writer.WriteEndArray();
        if (!ledger.Lost.IsEmpty)
        {
            writer.WriteStartArray("lost"u8);
            foreach (LostDenial lost in ledger.Lost)
            {
                writer.WriteStartObject();
                writer.WriteString("purpose"u8, lost.Purpose);
                writer.WriteString("at"u8, lost.At);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (!ledger.Restrictions.IsEmpty)
        {
            writer.WriteStartArray("restrictions"u8);
            foreach (Restriction restriction in ledger.Restrictions)
            {
                writer.WriteStartObject();
                writer.WriteString("request"u8, restriction.RequestId);
                writer.WriteString("at"u8, restriction.At);
                if (restriction.LiftedAt is { } liftedAt)
                {
                    writer.WriteString("liftedAt"u8, liftedAt);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, ConsentLedger)"/> wrote; the reader stands on the object's start.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ConsentLedger Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return Read(document.RootElement);
    }

    /// <inheritdoc cref="Read(ref Utf8JsonReader)"/>
    public static ConsentLedger Read(JsonElement ledger)
    {
        try
        {
            return ConsentLedger.Of(
                ledger.GetProperty("spans"u8).EnumerateArray().Select(ReadSpan),
                ledger.TryGetProperty("lost"u8, out JsonElement lost)
                    ? lost.EnumerateArray()
                        .Select(one => new LostDenial(
                            one.GetProperty("purpose"u8).GetString()!,
                            one.GetProperty("at"u8).GetDateTimeOffset()
                        ))
                    : [],
                ledger.TryGetProperty("restrictions"u8, out JsonElement restrictions)
                    ? restrictions
                        .EnumerateArray()
                        .Select(one => new Restriction(
                            one.GetProperty("request"u8).GetString()!,
                            one.GetProperty("at"u8).GetDateTimeOffset(),
                            one.TryGetProperty("liftedAt"u8, out JsonElement lifted) ? lifted.GetDateTimeOffset() : null
                        ))
                    : []
            );
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new JsonException("Not a consent ledger.", error);
        }
    }

    /// <summary>As the API and the stored forms write it: <c>granted</c>, <c>denied</c>, <c>unknown</c>.</summary>
    public static string TextOf(ConsentStatus status) =>
        status switch
        {
            ConsentStatus.Granted => "granted",
            ConsentStatus.Denied => "denied",
            _ => "unknown",
        };

    /// <summary>Reads a word of <see cref="TextOf"/> that says yes or no; null for any other.</summary>
    public static ConsentStatus? StatusOf(string? text) =>
        text switch
        {
            "granted" => ConsentStatus.Granted,
            "denied" => ConsentStatus.Denied,
            _ => null,
        };

    internal static void WriteWord(Utf8JsonWriter writer, ConsentWord word)
    {
        writer.WriteString("at"u8, word.At);
        writer.WriteString("cause"u8, word.CauseId);
        writer.WriteString("policy"u8, word.PolicyVersion);
        if (word.Until is { } until)
        {
            writer.WriteString("until"u8, until);
        }

        if (word.Evidence is { } evidence)
        {
            writer.WriteString("evidence"u8, evidence);
        }
    }

    internal static ConsentWord ReadWord(JsonElement word) =>
        new(
            word.GetProperty("at"u8).GetDateTimeOffset(),
            word.GetProperty("cause"u8).GetString()!,
            word.GetProperty("policy"u8).GetString()!
        )
        {
            Until = word.TryGetProperty("until"u8, out JsonElement until) ? until.GetDateTimeOffset() : null,
            Evidence = word.TryGetProperty("evidence"u8, out JsonElement evidence) ? evidence.GetString() : null,
        };

    private static void Write(Utf8JsonWriter writer, ConsentSpan span)
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, TextOf(span.Status));
        writer.WriteString("purpose"u8, span.Purpose);
        writer.WriteString("form"u8, span.Form);
        writer.WriteString("source"u8, span.Source);
        if (span.IsClaimed)
        {
            writer.WriteBoolean("claimed"u8, true);
        }

        if (!span.Covers.IsEmpty)
        {
            writer.WriteStartArray("covers"u8);
            foreach (Identifier identifier in span.Covers)
            {
                writer.WriteStringValue(identifier.ToString());
            }

            writer.WriteEndArray();
        }

        writer.WriteStartArray("words"u8);
        foreach (ConsentWord word in span.Words)
        {
            writer.WriteStartObject();
            WriteWord(writer, word);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (span.GapUntil is { } gap)
        {
            writer.WriteString("gapUntil"u8, gap);
        }

        writer.WriteEndObject();
    }

    private static ConsentSpan ReadSpan(JsonElement span) =>
        new()
        {
            Status =
                StatusOf(span.GetProperty("status"u8).GetString())
                ?? throw new JsonException("A span of a consent ledger is granted or denied."),
            Purpose = span.GetProperty("purpose"u8).GetString()!,
            Form = span.GetProperty("form"u8).GetString()!,
            Source = span.GetProperty("source"u8).GetString()!,
            IsClaimed = span.TryGetProperty("claimed"u8, out JsonElement claimed) && claimed.GetBoolean(),
            Covers = span.TryGetProperty("covers"u8, out JsonElement covers)
                ? [.. covers.EnumerateArray().Select(one => Identifier.Parse(one.GetString()!))]
                : [],
            Words = [.. span.GetProperty("words"u8).EnumerateArray().Select(ReadWord)],
            GapUntil = span.TryGetProperty("gapUntil"u8, out JsonElement gap) ? gap.GetDateTimeOffset() : null,
        };
}
