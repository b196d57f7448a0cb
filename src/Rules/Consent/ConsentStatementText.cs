using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Consent;

/// <summary>
/// A <see cref="ConsentStatement"/> in an envelope: <c>{"policy","words":[{"purpose","status","form","at"?,"until"?,"evidence"?,
/// "types"?:[…]}],"boundary"?:"without_personal|dropped"}</c>.
/// </summary>
internal static class ConsentStatementText
{
    public static void Write(ref Utf8Buffer buffer, ConsentStatement statement)
    {
        buffer.Raw("{\"policy\":"u8);
        buffer.Text(statement.PolicyVersion);
        buffer.Raw(",\"words\":["u8);
        foreach (ConsentClause clause in statement.Clauses)
        {
            Write(ref buffer, clause);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
        if (statement.Boundary != CollectBoundary.Stored)
        {
            buffer.Raw(",\"boundary\":"u8);
            buffer.Text(TextOf(statement.Boundary));
        }

        buffer.Raw("}"u8);
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ConsentStatement Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        try
        {
            return new ConsentStatement(
                root.GetProperty("policy"u8).GetString()!,
                [.. root.GetProperty("words"u8).EnumerateArray().Select(ReadClause)]
            )
            {
                Boundary = root.TryGetProperty("boundary"u8, out JsonElement boundary)
                    ? BoundaryOf(boundary.GetString())
                    : CollectBoundary.Stored,
            };
        }
        catch (KeyNotFoundException error)
        {
            throw new JsonException("Not a statement of consent.", error);
        }
    }

    /// <summary>As receipts say it.</summary>
    public static string TextOf(CollectBoundary boundary) =>
        boundary switch
        {
            CollectBoundary.WithoutPersonal => "without_personal",
            CollectBoundary.Dropped => "dropped",
            _ => "stored",
        };

    private static CollectBoundary BoundaryOf(string? text) =>
        text switch
        {
            "without_personal" => CollectBoundary.WithoutPersonal,
            "dropped" => CollectBoundary.Dropped,
            "stored" => CollectBoundary.Stored,
            _ => throw new JsonException("An unknown boundary of consent."),
        };

    private static void Write(ref Utf8Buffer buffer, ConsentClause clause)
    {
        buffer.Raw("{\"purpose\":"u8);
        buffer.Text(clause.Purpose);
        buffer.Raw(",\"status\":"u8);
        buffer.Text(ConsentLedgerJson.TextOf(clause.Status));
        buffer.Raw(",\"form\":"u8);
        buffer.Text(clause.Form);
        if (clause.At is { } at)
        {
            buffer.Raw(",\"at\":"u8);
            buffer.Time(at);
        }

        if (clause.Until is { } until)
        {
            buffer.Raw(",\"until\":"u8);
            buffer.Time(until);
        }

        if (clause.Evidence is { } evidence)
        {
            buffer.Raw(",\"evidence\":"u8);
            buffer.Text(evidence);
        }

        if (!clause.Types.IsEmpty)
        {
            buffer.Raw(",\"types\":["u8);
            foreach (string type in clause.Types)
            {
                buffer.Text(type);
                buffer.Raw(","u8);
            }

            buffer.DropComma();
            buffer.Raw("]"u8);
        }

        buffer.Raw("},"u8);
    }

    private static ConsentClause ReadClause(JsonElement clause) =>
        new(
            clause.GetProperty("purpose"u8).GetString()!,
            ConsentLedgerJson.StatusOf(clause.GetProperty("status"u8).GetString())
                ?? throw new JsonException("Consent is granted or denied."),
            clause.GetProperty("form"u8).GetString()!
        )
        {
            At = clause.TryGetProperty("at"u8, out JsonElement at) ? at.GetDateTimeOffset() : null,
            Until = clause.TryGetProperty("until"u8, out JsonElement until) ? until.GetDateTimeOffset() : null,
            Evidence = clause.TryGetProperty("evidence"u8, out JsonElement evidence) ? evidence.GetString() : null,
            Types = clause.TryGetProperty("types"u8, out JsonElement types)
                ? [.. types.EnumerateArray().Select(type => type.GetString()!)]
                : [],
        };
}
