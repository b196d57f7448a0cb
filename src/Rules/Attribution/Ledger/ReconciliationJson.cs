using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Crm.Mapping;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Writes a report: <c>{"from","to","model","view","policyVersion","currencies":[{"currency","conversions","closedWon","refunded","net",
/// "channels":[{"name","amount"}],"residuals":[…],"movements":[…],"difference","isReconciled"}],
/// "cases":[{"id","externalId","reason","amount","currency"}]}</c>. Amounts are texts with the digits of their currency: <c>"33350.01"</c>.
/// </summary>
public static class ReconciliationJson
{
    public static byte[] Write(ReconciliationReport report, string policyVersion)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("from"u8, report.Scope.From.UtcDateTime);
        writer.WriteString("to"u8, report.Scope.To.UtcDateTime);
        writer.WriteString("model"u8, AttributionModels.WordOf(report.Scope.Model));
        writer.WriteString("view"u8, report.Scope.IsAsReported ? "asReported"u8 : "restated"u8);
        writer.WriteString("policyVersion"u8, policyVersion);
        writer.WriteStartArray("currencies"u8);
        foreach (CurrencyReconciliation one in report.Currencies)
        {
            writer.WriteStartObject();
            writer.WriteString("currency"u8, one.Currency);
            writer.WriteNumber("conversions"u8, one.Conversions);
            writer.WriteString("closedWon"u8, AmountText.Of(one.ClosedWon, one.Currency));
            writer.WriteString("refunded"u8, AmountText.Of(one.Refunded, one.Currency));
            writer.WriteString("net"u8, AmountText.Of(one.Net, one.Currency));
            Write(writer, "channels", one.Channels, one.Currency);
            Write(writer, "residuals", one.Residuals, one.Currency);
            Write(writer, "movements", one.Movements, one.Currency);
            writer.WriteString("difference"u8, AmountText.Of(one.Difference, one.Currency));
            writer.WriteBoolean("isReconciled"u8, one.Difference == 0);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("cases"u8);
        Write(writer, report.Cases);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Cases alone, an array.</summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<ReconciliationCase> cases)
    {
        writer.WriteStartArray();
        foreach (ReconciliationCase one in cases)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, one.Id);
            writer.WriteString("externalId"u8, one.ExternalId);
            writer.WriteString("reason"u8, one.Reason);
            writer.WriteString("amount"u8, one.Currency is null ? null : AmountText.Of(one.Minor, one.Currency));
            writer.WriteString("currency"u8, one.Currency);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(
        Utf8JsonWriter writer,
        string name,
        ImmutableArray<ReconciliationLine> lines,
        string currency
    )
    {
        writer.WriteStartArray(name);
        foreach (ReconciliationLine line in lines)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, line.Name);
            writer.WriteString("amount"u8, AmountText.Of(line.Minor, currency));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>Amounts as people read them: with as many digits behind the point as the currency has.</summary>
public static class AmountText
{
    public static string Of(long minor, string currency)
    {
        int digits = MoneyValue.DigitsOf(currency);
        string text = Int128.Abs(minor).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        string amount = digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}";
        return minor < 0 ? $"-{amount}" : amount;
    }
}
