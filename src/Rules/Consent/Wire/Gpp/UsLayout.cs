using System.Collections.Immutable;

namespace Customer360.Rules.Consent.Wire.Gpp;

/// <summary>Where the fields of a US section stand. Each has two bits: 0 not applicable, 1 no, 2 yes.</summary>
/// <param name="Length">Bits from the start to the end of the last field.</param>
/// <param name="Choices">Opt-outs (1 opted out, 2 did not) and consents (1 no consent, 2 consent).</param>
/// <param name="Children">Consents for a child that the business knows to be one (1 no consent, 2 consent).</param>
internal sealed record UsLayout(int Length, ImmutableArray<UsChoice> Choices, ImmutableArray<UsChild> Children)
{
    public const int VersionBits = 6;
    public const int FieldBits = 2;

    /// <summary>Writers fill up to 6, 8 or 24 bits with zeros.</summary>
    private const int FillMax = 23;

    private const int No = 1;
    private const int Yes = 2;
    private const int Told = 1;

    /// <summary>True where the bits can be of this layout: long enough, and only zeros of filling behind it.</summary>
    public bool Fits(Base64UrlBits bits)
    {
        int fill = bits.Left - Length;
        bits.Skip(Length);
        return fill is >= 0 and <= FillMax && bits.IsAtEnd;
    }

    /// <summary>What may not be done with the data of a child without a consent that is missing.</summary>
    public ImmutableArray<string> MissingForChild(Base64UrlBits bits)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (UsChild child in Children)
        {
            if (ValueAt(bits, child.Offset) == No)
            {
                missing.AddRange(child.Ids);
            }
        }

        return missing.ToImmutable();
    }

    /// <summary>Adds what the fields say; what is missing for a child is denied where it would be granted.</summary>
    public void Add(Base64UrlBits bits, ImmutableArray<string> missingForChild, WireEntries entries)
    {
        foreach (UsChoice choice in Choices)
        {
            bool isTold = choice.Notice is not { } notice || ValueAt(bits, notice) == Told;
            int value = ValueAt(bits, choice.Offset);
            bool isYes = value == Yes && isTold && choice.CanGrant;
            foreach (string id in choice.Ids)
            {
                bool isRefused = value == No || (value == Yes && missingForChild.Contains(id));
                entries.Add(
                    id,
                    isRefused ? false
                        : isYes ? true
                        : null
                );
            }
        }
    }

    private static int ValueAt(Base64UrlBits bits, int offset)
    {
        bits.Skip(offset);
        return bits.ReadInt(FieldBits);
    }
}

/// <summary>An opt-out or a consent.</summary>
/// <param name="Offset">Bits from the start.</param>
/// <param name="Ids">What it speaks of; California puts three kinds of data into one field.</param>
/// <param name="Notice">
/// Where the notice of an opt-out stands: without a notice that was given, "did not opt out" is not defined. Null of a
/// consent.
/// </param>
/// <param name="CanGrant">False of a consent that is believed only where it is missing.</param>
internal readonly record struct UsChoice(int Offset, ImmutableArray<string> Ids, int? Notice, bool CanGrant = true);

/// <summary>A consent for a child: a second one, which what the ids say needs beside the first.</summary>
internal readonly record struct UsChild(int Offset, ImmutableArray<string> Ids);
