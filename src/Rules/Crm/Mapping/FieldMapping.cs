using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Mapping;

/// <summary>What a field's value has to be, and how it is written in the profile.</summary>
public enum FieldType
{
    Text = 1,

    /// <summary>A number, or a text that is one: its digits stay as they are.</summary>
    Number = 2,

    Flag = 3,

    /// <summary>RFC 3339 in UTC.</summary>
    Time = 4,

    /// <summary>A list of texts; a text is taken apart at the separator.</summary>
    List = 5,

    /// <summary><c>{"minor":19900,"currency":"USD"}</c></summary>
    Money = 6,

    /// <summary>Whatever it is.</summary>
    Json = 7,
}

/// <summary>The unit in which a source writes a time or an amount.</summary>
public enum FieldUnit
{
    /// <summary>Of a time: RFC 3339 or a date. Of an amount: units of the currency.</summary>
    Usual = 1,

    /// <summary>Of a time: seconds since 1970.</summary>
    Seconds = 2,

    /// <summary>Of a time: milliseconds since 1970.</summary>
    Milliseconds = 3,

    /// <summary>Of a time: <c>/Date(1795770000123)/</c>, as Dynamics writes it.</summary>
    SlashDate = 4,

    /// <summary>Of an amount: cents.</summary>
    Minor = 5,
}

/// <summary>A field of a profile or an event, and where its value comes from.</summary>
/// <param name="Name">As the profile has it.</param>
/// <param name="Value">Where it stands.</param>
/// <param name="Type">What it has to be.</param>
public sealed record FieldMapping(string Name, ValueSource Value, FieldType Type)
{
    private const string SlashDateStart = "/Date(";
    private const string SlashDateEnd = ")/";

    public FieldUnit Unit { get; init; } = FieldUnit.Usual;

    /// <summary>Of a list.</summary>
    public string Separator { get; init; } = ";";

    /// <summary>Of money: where its currency stands.</summary>
    public ValueSource? Currency { get; init; }

    /// <summary>True: a record without the field can't be read. Else it is passed over.</summary>
    public bool IsRequired { get; init; }

    /// <summary>A time as a source writes it; null where it is none.</summary>
    public static DateTimeOffset? TimeOf(JsonElement value, FieldUnit unit)
    {
        string? text = CrmJson.Text(value);
        text = unit == FieldUnit.SlashDate ? InSlashDate(text) : text;
        if (unit is FieldUnit.Seconds or FieldUnit.Milliseconds or FieldUnit.SlashDate)
        {
            long ticks = unit == FieldUnit.Seconds ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond;
            return
                decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count)
                && count <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / ticks
                ? DateTimeOffset.UnixEpoch.AddTicks((long)(count * ticks))
                : null;
        }

        // Where no unit is given, as times of messages are read.
        return text is null ? null : SentTime.Of(value);
    }

    /// <summary>The milliseconds in <c>/Date(1795770000123+0000)/</c>; the zone behind them says only how to show them.</summary>
    private static string? InSlashDate(string? text)
    {
        if (
            text?.StartsWith(SlashDateStart, StringComparison.Ordinal) != true
            || !text.EndsWith(SlashDateEnd, StringComparison.Ordinal)
            || text.Length <= SlashDateStart.Length + SlashDateEnd.Length
        )
        {
            return null;
        }

        string inside = text[SlashDateStart.Length..^SlashDateEnd.Length];
        int zone = inside.AsSpan(1).IndexOfAny('+', '-');
        return zone < 0 ? inside : inside[..(zone + 1)];
    }

    /// <summary>The field of a record; null where it has none. False where what stands there is not what the field has to be.</summary>
    public bool TryRead(RecordContext context, out CrmField? field)
    {
        field = null;
        if (Type == FieldType.List)
        {
            field = ListOf(context);
            return field is not null || !IsRequired;
        }

        if (Value.Find(context) is not { } value)
        {
            return !IsRequired;
        }

        field = Type switch
        {
            FieldType.Text => ValueSource.TextOf(value) is { } text ? CrmField.Of(Name, text) : null,
            FieldType.Number => NumberOf(value),
            FieldType.Flag => FlagOf(value) is { } flag ? new CrmField(Name, flag ? s_true : s_false) : null,
            FieldType.Time => TimeOf(value, Unit) is { } time ? CrmField.Of(Name, Rfc3339.Text(time)) : null,
            FieldType.Money => MoneyOf(value, context),
            _ => CrmField.Of(Name, value),
        };
        return field is not null
            // An empty text is how many sources say that there is none.
            || (!IsRequired && value.ValueKind == JsonValueKind.String && ValueSource.TextOf(value) is null);
    }

    private static readonly byte[] s_true = [.. "true"u8];
    private static readonly byte[] s_false = [.. "false"u8];

    private CrmField? ListOf(RecordContext context)
    {
        string[] items =
        [
            .. Value
                .FindAll(context)
                .SelectMany(value =>
                    value.ValueKind == JsonValueKind.Array
                        ? value.EnumerateArray().Select(ValueSource.TextOf)
                        : (
                            ValueSource
                                .TextOf(value)
                                ?.Split(
                                    Separator,
                                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                                )
                            ?? []
                        )
                )
                .OfType<string>(),
        ];
        return items.Length == 0 ? null : CrmField.Of(Name, JsonSerializer.SerializeToElement(items, s_plain));
    }

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = Outcomes.AnswerJson.Encoder };

    private CrmField? NumberOf(JsonElement value)
    {
        string? text = CrmJson.Text(value);
        if (value.ValueKind == JsonValueKind.Number)
        {
            return CrmField.Of(Name, value);
        }

        return decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out decimal number
        )
            ? new CrmField(Name, Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)))
            : null;
    }

    private static bool? FlagOf(JsonElement value) =>
        ValueSource.TextOf(value)?.ToLowerInvariant() switch
        {
            "true" or "yes" or "1" => true,
            "false" or "no" or "0" => false,
            _ => null,
        };

    private CrmField? MoneyOf(JsonElement value, RecordContext context) =>
        MoneyValue.TryParse(
            CrmJson.Text(value),
            Unit == FieldUnit.Minor,
            Currency?.FindText(context),
            out MoneyValue money
        )
            ? new CrmField(
                Name,
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"minor":{{money.Minor}},"currency":"{{money.Currency}}"}"""
                    )
                )
            )
            : null;
}
