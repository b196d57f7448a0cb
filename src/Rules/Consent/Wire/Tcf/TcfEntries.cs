using System.Collections.Immutable;
using System.Globalization;

namespace Customer360.Rules.Consent.Wire.Tcf;

/// <summary>
/// What a TC string says: <c>purpose:1</c> to <c>purpose:11</c>, <c>li:2</c> and those of 7 to 11, <c>special:1</c> and
/// <c>special:2</c>, <c>custom:1</c> and <c>custom-li:1</c> of the publisher, and of the vendors that are asked about
/// <c>vendor:23</c> and, where the publisher forbids one a purpose, <c>vendor:23/purpose:3</c>.
/// </summary>
/// <remarks>A bit that is 0 is a refusal: in this form nothing else says so.</remarks>
internal static class TcfEntries
{
    public const string Form = "tcf";

    private const string VendorPrefix = "vendor:";
    private const int PurposeMax = 11;
    private const int SpecialFeatureMax = 2;

    /// <summary>
    /// Purpose 1 rests on consent alone, and 3 to 6 may not rest on legitimate interest since TCF 2.2; older strings have
    /// their bits set.
    /// </summary>
    private static readonly ImmutableArray<int> s_legitimateInterests = [2, 7, 8, 9, 10, 11];

    public static void ReadText(string text, WireEntries entries)
    {
        if (TcfString.TryRead(text, out TcfConsent? consent) && IsValid(consent, entries.Judgement))
        {
            Add(consent, entries);
        }
    }

    private static bool IsValid(TcfConsent consent, WireJudgement judgement)
    {
        DateTimeOffset generated = GeneratedAt(consent);
        bool hasOldPolicy = consent.PolicyVersion < 4 && generated >= judgement.PolicyVersion4From;
        bool lacksVendors = consent.DisclosedVendors is null && generated >= judgement.DisclosedVendorsFrom;
        return consent.IsServiceSpecific && !hasOldPolicy && !lacksVendors;
    }

    private static DateTimeOffset GeneratedAt(TcfConsent consent) =>
        consent.Created > consent.LastUpdated ? consent.Created : consent.LastUpdated;

    private static void Add(TcfConsent consent, WireEntries entries)
    {
        TcfPublisher? publisher = entries.Judgement.UsesPublisherSegment ? consent.Publisher : null;
        ImmutableArray<int> consents = publisher?.PurposeConsents ?? consent.PurposeConsents;
        ImmutableArray<int> interests = publisher?.PurposeLegitimateInterests ?? consent.PurposeLegitimateInterests;
        DateTimeOffset saidAt = SaidAtLatest(consent);
        AddEach(Enumerable.Range(1, PurposeMax), "purpose:", consents, saidAt, entries);
        AddEach(s_legitimateInterests, "li:", interests, saidAt, entries);
        AddEach(Enumerable.Range(1, SpecialFeatureMax), "special:", consent.SpecialFeatures, saidAt, entries);
        if (publisher is not null)
        {
            IEnumerable<int> custom = Enumerable.Range(1, publisher.CustomPurposeCount);
            AddEach(custom, "custom:", publisher.CustomConsents, saidAt, entries);
            AddEach(custom, "custom-li:", publisher.CustomLegitimateInterests, saidAt, entries);
        }

        foreach (string id in entries.Judgement.AskedIds)
        {
            if (VendorOf(id) is { } vendor)
            {
                AddVendor(vendor, consent, saidAt, entries);
            }
        }
    }

    private static void AddEach(
        IEnumerable<int> ids,
        string prefix,
        ImmutableArray<int> granted,
        DateTimeOffset saidAt,
        WireEntries entries
    )
    {
        foreach (int id in ids)
        {
            entries.Add(IdOf(prefix, id), granted.Contains(id), saidAt);
        }
    }

    /// <summary>
    /// Nobody can have agreed to a vendor that he was not shown. A restriction to legitimate interest forbids a vendor what
    /// rests on consent, and one that is not defined may mean that, too.
    /// </summary>
    private static void AddVendor(int vendor, TcfConsent consent, DateTimeOffset saidAt, WireEntries entries)
    {
        bool isDisclosed = consent.DisclosedVendors?.Contains(vendor) ?? true;
        entries.Add(IdOf(VendorPrefix, vendor), isDisclosed && consent.VendorConsents.Contains(vendor), saidAt);
        foreach (TcfRestriction restriction in consent.Restrictions)
        {
            if (restriction.Type != TcfRestrictionType.RequireConsent && restriction.Vendors.Contains(vendor))
            {
                string id = IdOf(IdOf(VendorPrefix, vendor) + "/purpose:", restriction.Purpose);
                entries.Add(id, isGranted: false, saidAt);
            }
        }
    }

    private static int? VendorOf(string id) =>
        id.StartsWith(VendorPrefix, StringComparison.Ordinal)
        && ushort.TryParse(
            id.AsSpan(VendorPrefix.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out ushort vendor
        )
        && IdOf(VendorPrefix, vendor) == id
            ? vendor
            : null;

    private static string IdOf(string prefix, int number) => prefix + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Since TCF 2.2 a string knows only the day, so it may have been said until the day's end.</summary>
    private static DateTimeOffset SaidAtLatest(TcfConsent consent)
    {
        DateTimeOffset at = GeneratedAt(consent);
        return at.TimeOfDay == TimeSpan.Zero ? at.AddDays(1).AddTicks(-1) : at;
    }
}
