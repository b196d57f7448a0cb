using System.Collections.Immutable;

namespace Customer360.Rules.Consent.Wire.Tcf;

/// <summary>
/// A TC string of version 2, field by field, as written. Whether it counts is judged elsewhere. Sets of purposes and
/// features have the ids whose bit is 1, ascending.
/// </summary>
public sealed record TcfConsent
{
    /// <summary>When the string was first made; since TCF 2.2 the day of the last change, at 00:00 UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last changed; since TCF 2.2 the day, at 00:00 UTC.</summary>
    public required DateTimeOffset LastUpdated { get; init; }

    public required int CmpId { get; init; }

    public required int CmpVersion { get; init; }

    public required int ConsentScreen { get; init; }

    /// <summary>Two capital letters.</summary>
    public required string ConsentLanguage { get; init; }

    public required int VendorListVersion { get; init; }

    /// <summary>2 and 3: TCF 2.0 and 2.1; 4: TCF 2.2; 5: TCF 2.3.</summary>
    public required int PolicyVersion { get; init; }

    /// <summary>False in strings of global scope, which are invalid since 2021.</summary>
    public required bool IsServiceSpecific { get; init; }

    public required bool UsesNonStandardTexts { get; init; }

    public required ImmutableArray<int> SpecialFeatures { get; init; }

    public required ImmutableArray<int> PurposeConsents { get; init; }

    /// <summary>As written, also for the purposes 1 and 3 to 6, which may not rest on legitimate interest.</summary>
    public required ImmutableArray<int> PurposeLegitimateInterests { get; init; }

    /// <summary>Purpose 1 was not asked for, because the publisher's country does not require it.</summary>
    public required bool PurposeOneTreatment { get; init; }

    /// <summary>Two capital letters.</summary>
    public required string PublisherCountry { get; init; }

    public required TcfVendors VendorConsents { get; init; }

    public required TcfVendors VendorLegitimateInterests { get; init; }

    public required ImmutableArray<TcfRestriction> Restrictions { get; init; }

    /// <summary>Null where the string has no such segment.</summary>
    public TcfVendors? DisclosedVendors { get; init; }

    /// <summary>Null where the string has no such segment.</summary>
    public TcfPublisher? Publisher { get; init; }
}

/// <summary>The publisher's own consents, for what it does itself.</summary>
public sealed record TcfPublisher
{
    public required ImmutableArray<int> PurposeConsents { get; init; }

    public required ImmutableArray<int> PurposeLegitimateInterests { get; init; }

    /// <summary>Custom purposes have the ids 1 to this.</summary>
    public required int CustomPurposeCount { get; init; }

    public required ImmutableArray<int> CustomConsents { get; init; }

    public required ImmutableArray<int> CustomLegitimateInterests { get; init; }
}

/// <summary>What the publisher allows some vendors for one purpose.</summary>
public sealed record TcfRestriction(int Purpose, TcfRestrictionType Type, TcfVendors Vendors);

/// <summary>The values are those of the string.</summary>
public enum TcfRestrictionType
{
    NotAllowed = 0,
    RequireConsent = 1,
    RequireLegitimateInterest = 2,

    /// <summary>No version defines it.</summary>
    Undefined = 3,
}
