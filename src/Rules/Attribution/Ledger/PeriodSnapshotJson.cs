using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Writes and reads frozen periods: <c>{"id","from","to","definition"?,"frozenAt","by","policy","models":[{"model","currencies":[{
/// "currency","conversions","closedWon","refunded","channels":[["name",minor,few?]],"residuals":[["name",minor]],"movements":[…]}]}]}</c>.
/// Amounts are whole minor units.
/// </summary>
public static class PeriodSnapshotJson
{
    public static void Write(Utf8JsonWriter writer, PeriodSnapshot snapshot)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, snapshot.Id);
        writer.WriteString("from"u8, snapshot.From);
        writer.WriteString("to"u8, snapshot.To);
        if (snapshot.Definition is not null)
        {
            writer.WriteString("definition"u8, snapshot.Definition);
        }

        writer.WriteString("frozenAt"u8, snapshot.FrozenAt);
        writer.WriteString("by"u8, snapshot.FrozenBy);
        writer.WriteString("policy"u8, snapshot.PolicyVersion);
        writer.WritePropertyName("models"u8);
        Write(writer, snapshot.Models);
        writer.WriteEndObject();
    }

    /// <summary>The sums alone, an array.</summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<ModelSums> models)
    {
        writer.WriteStartArray();
        foreach (ModelSums model in models)
        {
            writer.WriteStartObject();
            writer.WriteNumber("model"u8, (int)model.Model);
            writer.WriteStartArray("currencies"u8);
            foreach (CurrencyReconciliation one in model.Currencies)
            {
                writer.WriteStartObject();
                writer.WriteString("currency"u8, one.Currency);
                writer.WriteNumber("conversions"u8, one.Conversions);
                writer.WriteNumber("closedWon"u8, one.ClosedWon);
                writer.WriteNumber("refunded"u8, one.Refunded);
                Write(writer, "channels", one.Channels);
                Write(writer, "residuals", one.Residuals);
                Write(writer, "movements", one.Movements);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static PeriodSnapshot Read(JsonElement json) =>
        new(
            json.GetProperty("id"u8).GetString()!,
            json.GetProperty("from"u8).GetDateTimeOffset(),
            json.GetProperty("to"u8).GetDateTimeOffset(),
            json.TryGetProperty("definition"u8, out JsonElement definition) ? definition.GetString() : null,
            json.GetProperty("frozenAt"u8).GetDateTimeOffset(),
            json.GetProperty("by"u8).GetString()!,
            json.GetProperty("policy"u8).GetString()!,
            ReadModels(json.GetProperty("models"u8))
        );

    public static ImmutableArray<ModelSums> ReadModels(JsonElement array) =>
        [
            .. array
                .EnumerateArray()
                .Select(model => new ModelSums(
                    (AttributionModel)model.GetProperty("model"u8).GetInt32(),
                    [
                        .. model
                            .GetProperty("currencies"u8)
                            .EnumerateArray()
                            .Select(one => new CurrencyReconciliation(
                                one.GetProperty("currency"u8).GetString()!,
                                one.GetProperty("conversions"u8).GetInt32(),
                                one.GetProperty("closedWon"u8).GetInt64(),
                                one.GetProperty("refunded"u8).GetInt64(),
                                ReadLines(one.GetProperty("channels"u8)),
                                ReadLines(one.GetProperty("residuals"u8)),
                                ReadLines(one.GetProperty("movements"u8))
                            )),
                    ]
                )),
        ];

    private static void Write(Utf8JsonWriter writer, string name, ImmutableArray<ReconciliationLine> lines)
    {
        writer.WriteStartArray(name);
        foreach (ReconciliationLine line in lines)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(line.Name);
            writer.WriteNumberValue(line.Minor);
            if (line.IsFew)
            {
                writer.WriteBooleanValue(true);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static ImmutableArray<ReconciliationLine> ReadLines(JsonElement lines) =>
        [
            .. lines
                .EnumerateArray()
                .Select(line => new ReconciliationLine(line[0].GetString()!, line[1].GetInt64())
                {
                    IsFew = line.GetArrayLength() > 2,
                }),
        ];
}
