using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Events;

namespace Customer360.Rules.Conditions;

/// <summary>A value that conditions compare. Immutable; equal values are equal whatever their spelling (<c>1.0</c> is <c>1</c>).</summary>
public sealed class FactValue : IEquatable<FactValue>
{
    private FactValue(FactKind kind) => Kind = kind;

    /// <summary>Nobody has said it.</summary>
    public static FactValue Missing { get; } = new(FactKind.Missing);

    /// <summary>It may not be seen.</summary>
    public static FactValue Withheld { get; } = new(FactKind.Withheld);

    public static FactValue True { get; } = new(FactKind.Flag) { Number = 1 };

    public static FactValue False { get; } = new(FactKind.Flag);

    public FactKind Kind { get; }

    /// <summary>Of a text: itself. Of money: the currency, three upper-case letters.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Of a number: itself. Of money: minor units. Of a flag: 1 or 0.</summary>
    public decimal Number { get; private init; }

    /// <summary>Of an instant: itself, in UTC.</summary>
    public DateTimeOffset Instant { get; private init; }

    /// <summary>Of a list: its items, none of them a list.</summary>
    public ImmutableArray<FactValue> Items { get; private init; } = [];

    /// <summary>True where there is a value and it may be seen.</summary>
    public bool IsKnown => Kind > FactKind.Withheld;

    public static FactValue Of(string text) => new(FactKind.Text) { Text = text };

    // Divided by a one of many digits a number loses the zeros at its end, so equal numbers are written alike.
    public static FactValue Of(decimal number) =>
        new(FactKind.Number) { Number = number / 1.0000000000000000000000000000m };

    public static FactValue Of(bool flag) => flag ? True : False;

    public static FactValue Of(DateTimeOffset instant) => new(FactKind.Instant) { Instant = instant.ToUniversalTime() };

    /// <exception cref="ArgumentException">An item is a list, missing or withheld.</exception>
    public static FactValue Of(IEnumerable<FactValue> items)
    {
        ImmutableArray<FactValue> all = [.. items];
        return all.All(item => item.IsKnown && item.Kind != FactKind.List)
            ? new FactValue(FactKind.List) { Items = all }
            : throw new ArgumentException("A list holds plain values.", nameof(items));
    }

    public static FactValue OfTexts(params IEnumerable<string> texts) => Of(texts.Select(Of));

    /// <param name="minorUnits">Cents, of a currency that has them.</param>
    /// <param name="currency">Three upper-case letters, as in ISO 4217.</param>
    /// <exception cref="ArgumentException">The currency is not of that form.</exception>
    public static FactValue Money(long minorUnits, string currency) =>
        IsCurrency(currency)
            ? new FactValue(FactKind.Money) { Number = minorUnits, Text = currency }
            : throw new ArgumentException("A currency is three upper-case letters.", nameof(currency));

    /// <summary>True of three upper-case letters.</summary>
    public static bool IsCurrency(string text) => text.Length == 3 && text.All(char.IsAsciiLetterUpper);

    /// <summary>Whether two values are the same; null where they are of kinds or currencies that are not compared.</summary>
    public bool? IsSameAs(FactValue other, bool ignoresCase)
    {
        if (Kind != other.Kind || !IsKnown)
        {
            return null;
        }

        return Kind switch
        {
            FactKind.Text => string.Equals(
                Text,
                other.Text,
                ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal
            ),
            FactKind.Money when Text != other.Text => null,
            _ => Equals(other),
        };
    }

    /// <summary>The order of two numbers, instants, or amounts of one currency; null of anything else.</summary>
    public int? CompareTo(FactValue other)
    {
        if (Kind != other.Kind)
        {
            return null;
        }

        return Kind switch
        {
            FactKind.Number => Number.CompareTo(other.Number),
            FactKind.Money when Text == other.Text => Number.CompareTo(other.Number),
            FactKind.Instant => Instant.CompareTo(other.Instant),
            _ => null,
        };
    }

    public bool Equals(FactValue? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Kind == other.Kind
            && Number == other.Number
            && Instant == other.Instant
            && string.Equals(Text, other.Text, StringComparison.Ordinal)
            && Items.SequenceEqual(other.Items)
        );

    public override bool Equals(object? obj) => Equals(obj as FactValue);

    public override int GetHashCode() =>
        HashCode.Combine(Kind, Number, Instant, Text.GetHashCode(StringComparison.Ordinal), Items.Length);

    /// <summary>As people read it: <c>1000 EUR</c> are minor units.</summary>
    public override string ToString() =>
        Kind switch
        {
            FactKind.Missing => "missing",
            FactKind.Withheld => "withheld",
            FactKind.Number => Number.ToString(CultureInfo.InvariantCulture),
            FactKind.Money => string.Create(CultureInfo.InvariantCulture, $"{Number} {Text}"),
            FactKind.Flag => Number == 0 ? "false" : "true",
            FactKind.Instant => Rfc3339.Text(Instant),
            FactKind.List => string.Join(", ", Items),
            _ => Text,
        };
}
