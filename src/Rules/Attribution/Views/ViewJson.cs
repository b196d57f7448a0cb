using System.Buffers;
using System.Text.Json;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Writes a view: <c>{"view","definition","from","to","model","policyVersion","rows":[{"name","currency","values":{}}],"rowsWithheld",
/// "cases":[{"id","externalId","reason","amount","currency"}]}</c>.
/// </summary>
public static class ViewJson
{
    /// <param name="foldsFew">Rows of too few people are left out, and counted.</param>
    /// <param name="hidesSales">Likewise rows of sales people and pools.</param>
    public static byte[] Write(
        AttributionView view,
        ReconciliationScope scope,
        ViewReport report,
        string policyVersion,
        bool foldsFew,
        bool hidesSales = false
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("view"u8, AttributionViews.WordOf(view));
        writer.WriteString("definition"u8, AttributionViews.DefinitionOf(view));
        writer.WriteString("from"u8, scope.From.UtcDateTime);
        writer.WriteString("to"u8, scope.To.UtcDateTime);
        writer.WriteString("model"u8, AttributionModels.WordOf(scope.Model));
        writer.WriteString("policyVersion"u8, policyVersion);
        writer.WriteStartArray("rows"u8);
        ViewRow[] shown = [.. report.Rows.Where(row => !(foldsFew && row.IsFew) && !(hidesSales && row.IsOfSales))];
        foreach (ViewRow row in shown)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, row.Name);
            writer.WriteString("currency"u8, row.Currency);
            writer.WriteStartObject("values"u8);
            foreach ((string name, string value) in row.Values)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("rowsWithheld"u8, report.Rows.Length - shown.Length);
        writer.WritePropertyName("cases"u8);
        ReconciliationJson.Write(writer, report.Cases);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
