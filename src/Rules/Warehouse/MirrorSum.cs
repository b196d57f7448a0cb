using System.Globalization;

namespace Customer360.Rules.Warehouse;

/// <summary>
/// What rows come to, whatever order they stand in: how many, and the sum of their hashes. A sum and not an exclusive or, in which a row
/// that stands twice would be none.
/// </summary>
public readonly record struct MirrorSum(long Rows, ulong Hash)
{
    public static MirrorSum operator +(MirrorSum left, MirrorSum right) =>
        new(left.Rows + right.Rows, unchecked(left.Hash + right.Hash));

    public MirrorSum Add(MirrorSum other) => this + other;

    /// <summary>16 hexadecimal digits.</summary>
    public string HashText => Hash.ToString("x16", CultureInfo.InvariantCulture);

    public static ulong HashOf(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
