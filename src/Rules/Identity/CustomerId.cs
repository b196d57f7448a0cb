using System.Buffers;
using System.Globalization;

namespace Customer360.Rules.Identity;

/// <summary>
/// A customer's id: <c>c_</c>, then 12, 3 and 10 hexadecimal digits: when the creating message was received
/// (milliseconds since 1970), its partition, its position. So a rebuild makes the same ids, and ids compare by age.
/// </summary>
/// <remarks>
/// Merges and splits only call from the younger customer to the older, so that calls never form a circle; with the age in the id,
/// which of two is the older is known to everyone without asking.
/// </remarks>
public static class CustomerId
{
    private const string Prefix = "c_";
    private const int Length = 27;
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The highest partition number that an id can hold.</summary>
    public const int PartitionMax = 0xfff;

    public static string From(DateTimeOffset receivedAt, int partition, long position) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{receivedAt.ToUnixTimeMilliseconds():x12}{partition:x3}{position:x10}"
        );

    /// <summary>
    /// The id of the customer that a split makes: of the time of the split, in no partition, numbered by the split. Younger
    /// than the customer that it is split from, whatever the clock says.
    /// </summary>
    /// <param name="splitId">Ends in at least ten hexadecimal digits.</param>
    /// <param name="from">The customer that is split.</param>
    /// <param name="at">When the split was asked for.</param>
    public static string ForSplit(string splitId, string from, DateTimeOffset at)
    {
        long number = long.Parse(
            splitId.AsSpan(splitId.Length - 10),
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture
        );
        DateTimeOffset later = CreatedAt(from).AddMilliseconds(1);
        return From(at > later ? at : later, PartitionMax, number);
    }

    /// <summary>True where the text has the form of a customer id.</summary>
    public static bool IsValid(string text) =>
        text.Length == Length
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(s_digits) < 0;

    /// <summary>True where <paramref name="left"/> was created before <paramref name="right"/>.</summary>
    public static bool IsOlder(string left, string right) => string.CompareOrdinal(left, right) < 0;

    /// <summary>When the customer was created: its creating message's receipt.</summary>
    public static DateTimeOffset CreatedAt(string customerId) =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            long.Parse(customerId.AsSpan(Prefix.Length, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        );
}
