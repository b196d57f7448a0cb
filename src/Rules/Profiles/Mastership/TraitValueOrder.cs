using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary>
/// The order of trait values for <see cref="MasterStrategy.Max"/> and <see cref="MasterStrategy.Min"/>. Values of one type
/// by value: <c>false</c> before <c>true</c>; numbers by size; texts that are times (<see cref="Rfc3339"/>) by time; other
/// texts by code point; arrays and objects by their canonical bytes. Values of different types by type: booleans, numbers,
/// times, texts, arrays and objects.
/// </summary>
/// <remarks>
/// A total preorder: what makes the winner independent of the order in which candidates are compared. Equal are
/// <c>1</c> and <c>1.0</c>, or one time in two offsets.
/// </remarks>
public static class TraitValueOrder
{
    // Decimals hold every number of up to 28 digits exactly; beyond, numbers are what JSON's readers make of them.
    private const double DecimalMax = 1e28;

    private enum Kind
    {
        Boolean,
        Number,
        Time,
        Text,
        Composite,
    }

    /// <summary>Below zero where the left one is smaller. Both are compact UTF-8 JSON, and not <c>null</c>.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Kind kind = KindOf(left, out DateTimeOffset leftTime);
        int byKind = kind.CompareTo(KindOf(right, out DateTimeOffset rightTime));
        return byKind != 0
            ? byKind
            : kind switch
            {
                Kind.Boolean => left.SequenceEqual("true"u8).CompareTo(right.SequenceEqual("true"u8)),
                Kind.Number => CompareNumbers(left, right),
                Kind.Time => leftTime.CompareTo(rightTime),
                Kind.Text => CompareTexts(left, right),
                _ => left.SequenceCompareTo(right),
            };
    }

    private static Kind KindOf(ReadOnlySpan<byte> json, out DateTimeOffset time)
    {
        time = default;
        return json[0] switch
        {
            (byte)'t' or (byte)'f' => Kind.Boolean,
            (byte)'"' => Rfc3339.TryParse(json[1..^1], out time) ? Kind.Time : Kind.Text,
            (byte)'[' or (byte)'{' => Kind.Composite,
            _ => Kind.Number,
        };
    }

    /// <summary>By their doubles, and of one double by their decimals: identifiers of 17 digits differ in these only.</summary>
    private static int CompareNumbers(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        double leftDouble = double.Parse(left, NumberStyles.Float, CultureInfo.InvariantCulture);
        int byDouble = leftDouble.CompareTo(double.Parse(right, NumberStyles.Float, CultureInfo.InvariantCulture));
        return byDouble != 0 || Math.Abs(leftDouble) >= DecimalMax
            ? byDouble
            : decimal.Parse(left, NumberStyles.Float, CultureInfo.InvariantCulture)
                .CompareTo(decimal.Parse(right, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private static int CompareTexts(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Contains((byte)'\\') || right.Contains((byte)'\\')
            ? Unescaped(left).AsSpan().SequenceCompareTo(Unescaped(right))
            : left[1..^1].SequenceCompareTo(right[1..^1]);

    private static byte[] Unescaped(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        byte[] text = new byte[json.Length];
        return text[..reader.CopyString(text)];
    }
}
