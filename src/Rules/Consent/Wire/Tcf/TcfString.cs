using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Customer360.Rules.Consent.Wire.Tcf;

/// <summary>Reads TC strings of version 2: a core, then other segments in any order, with dots between them.</summary>
public static class TcfString
{
    private const int Version = 2;
    private const int DisclosedVendors = 1;
    private const int Publisher = 3;
    private const int PurposeCount = 24;
    private const int SpecialFeatureCount = 12;

    /// <summary>Four kinds of segments are known, and each may stand once.</summary>
    private const int SegmentCountMax = 8;

    /// <summary>
    /// False where any part can't be read: another version, a segment cut off, a character outside of the base64url alphabet
    /// (so no padding and no space), bits behind the end of a segment, a segment twice.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out TcfConsent? consent)
    {
        int end = text.IndexOf('.');
        consent = ReadCore(end < 0 ? text : text[..end]);
        int count = 1;
        while (end >= 0 && consent is not null)
        {
            text = text[(end + 1)..];
            end = text.IndexOf('.');
            consent = ++count <= SegmentCountMax ? WithSegment(consent, end < 0 ? text : text[..end]) : null;
        }

        return consent is not null;
    }

    private static TcfConsent? ReadCore(ReadOnlySpan<char> segment)
    {
        var bits = new Base64UrlBits(segment);
        if (bits.ReadInt(6) != Version)
        {
            return null;
        }

        // The initializers run in the order in which they stand, which is the order of the fields.
        var consent = new TcfConsent
        {
            Created = ReadTime(ref bits),
            LastUpdated = ReadTime(ref bits),
            CmpId = bits.ReadInt(12),
            CmpVersion = bits.ReadInt(12),
            ConsentScreen = bits.ReadInt(6),
            ConsentLanguage = ReadLetters(ref bits),
            VendorListVersion = bits.ReadInt(12),
            PolicyVersion = bits.ReadInt(6),
            IsServiceSpecific = bits.ReadFlag(),
            UsesNonStandardTexts = bits.ReadFlag(),
            SpecialFeatures = ReadIds(ref bits, SpecialFeatureCount),
            PurposeConsents = ReadIds(ref bits, PurposeCount),
            PurposeLegitimateInterests = ReadIds(ref bits, PurposeCount),
            PurposeOneTreatment = bits.ReadFlag(),
            PublisherCountry = ReadLetters(ref bits),
            VendorConsents = TcfVendors.Read(ref bits),
            VendorLegitimateInterests = TcfVendors.Read(ref bits),
            Restrictions = ReadRestrictions(ref bits),
        };
        return bits.IsAtEnd ? consent : null;
    }

    private static TcfConsent? WithSegment(TcfConsent consent, ReadOnlySpan<char> segment)
    {
        var bits = new Base64UrlBits(segment);
        int type = bits.ReadInt(3);
        switch (type)
        {
            case DisclosedVendors when consent.DisclosedVendors is null:
                consent = consent with { DisclosedVendors = TcfVendors.Read(ref bits) };
                return bits.IsAtEnd ? consent : null;
            case Publisher when consent.Publisher is null:
                consent = consent with { Publisher = ReadPublisher(ref bits) };
                return bits.IsAtEnd ? consent : null;
            case DisclosedVendors or Publisher or 0:
                return null;
            default:
                // The vendors that a publisher allows (2) are obsolete, and what comes with later versions changes nothing
                // that we read.
                return bits.IsBroken ? null : consent;
        }
    }

    private static TcfPublisher ReadPublisher(ref Base64UrlBits bits)
    {
        ImmutableArray<int> consents = ReadIds(ref bits, PurposeCount);
        ImmutableArray<int> legitimateInterests = ReadIds(ref bits, PurposeCount);
        int customCount = bits.ReadInt(6);
        return new TcfPublisher
        {
            PurposeConsents = consents,
            PurposeLegitimateInterests = legitimateInterests,
            CustomPurposeCount = customCount,
            CustomConsents = ReadIds(ref bits, customCount),
            CustomLegitimateInterests = ReadIds(ref bits, customCount),
        };
    }

    private static ImmutableArray<TcfRestriction> ReadRestrictions(ref Base64UrlBits bits)
    {
        int count = bits.ReadInt(12);
        var restrictions = ImmutableArray.CreateBuilder<TcfRestriction>();
        for (int i = 0; i < count && !bits.IsBroken; i++)
        {
            int purpose = bits.ReadInt(6);
            var type = (TcfRestrictionType)bits.ReadInt(2);
            restrictions.Add(new TcfRestriction(purpose, type, TcfVendors.ReadRanges(ref bits, ushort.MaxValue)));
        }

        return restrictions.ToImmutable();
    }

    private static ImmutableArray<int> ReadIds(ref Base64UrlBits bits, int count)
    {
        var ids = ImmutableArray.CreateBuilder<int>();
        for (int id = 1; id <= count; id++)
        {
            if (bits.ReadFlag())
            {
                ids.Add(id);
            }
        }

        return ids.ToImmutable();
    }

    private static DateTimeOffset ReadTime(ref Base64UrlBits bits) =>
        DateTimeOffset.UnixEpoch.AddTicks(bits.Read(36) * (TimeSpan.TicksPerSecond / 10));

    private static string ReadLetters(ref Base64UrlBits bits)
    {
        int first = bits.ReadInt(6);
        int second = bits.ReadInt(6);
        if (first > 25 || second > 25)
        {
            bits.Break();
        }

        return string.Create(
            2,
            (first, second),
            (text, letters) =>
            {
                text[0] = (char)('A' + letters.first);
                text[1] = (char)('A' + letters.second);
            }
        );
    }
}
