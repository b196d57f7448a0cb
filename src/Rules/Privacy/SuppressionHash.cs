using System.Buffers.Binary;
using System.Globalization;

namespace Customer360.Rules.Privacy;

/// <summary>
/// An identifier that the grid must not take in again, as a keyed hash: who has the store and not the key can't find out whose it
/// is, also not by trying every phone number. Written as 64 hexadecimal digits.
/// </summary>
public readonly record struct SuppressionHash(UInt128 High, UInt128 Low)
{
    /// <summary>Bytes of the hash.</summary>
    public const int Length = 32;

    internal static SuppressionHash Of(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static SuppressionHash Parse(string text) =>
        text.Length == 2 * Length
            ? new SuppressionHash(
                UInt128.Parse(text.AsSpan(0, Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                UInt128.Parse(text.AsSpan(Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            )
            : throw new FormatException("A suppression's hash has 64 hexadecimal digits.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x32}{Low:x32}");
}
