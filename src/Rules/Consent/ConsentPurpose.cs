using System.Collections.Immutable;

namespace Customer360.Rules.Consent;

/// <summary>Whom a word about a purpose is about.</summary>
public enum ConsentScope
{
    /// <summary>The person: every identifier that the message carried.</summary>
    Person = 0,

    /// <summary>The device: the identifiers of devices that the message carried, or all where it carried none.</summary>
    Device = 1,
}

/// <summary>What may be done where nothing was said.</summary>
public enum ConsentChoice
{
    /// <summary>Nothing: it needs a grant.</summary>
    OptIn = 0,

    /// <summary>Everything, until it is denied.</summary>
    OptOut = 1,

    /// <summary>Everything, whatever is said: it rests on something else than consent.</summary>
    None = 2,
}

/// <summary>What is done with a field for a purpose that consent does not allow.</summary>
public enum ConsentRead
{
    /// <summary>It is not shown.</summary>
    Withhold = 0,

    /// <summary>A mask is shown.</summary>
    Mask = 1,

    /// <summary>It is shown.</summary>
    Allow = 2,
}

/// <summary>A purpose that people can say yes or no to. Immutable.</summary>
/// <param name="Name">Lower-case letters, digits and hyphens.</param>
public sealed record ConsentPurpose(string Name)
{
    public ConsentScope Scope { get; init; }

    /// <summary>The legal basis: <c>consent</c>, <c>legitimate-interest</c>, <c>contract</c>, <c>legal-obligation</c>, …</summary>
    public string Basis { get; init; } = "consent";

    /// <summary>Outside all regions that <see cref="Regions"/> names.</summary>
    public ConsentChoice Choice { get; init; }

    public ImmutableSortedDictionary<string, ConsentChoice> Regions { get; init; } =
        ImmutableSortedDictionary.Create<string, ConsentChoice>(StringComparer.Ordinal);

    /// <summary>Days that a grant counts; null: until it is taken back.</summary>
    public int? Days { get; init; }

    /// <summary>Forms that can grant it; empty: every form can. Each form can deny.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];

    /// <summary>What becomes of a message that denies it.</summary>
    public CollectBoundary Collect { get; init; }

    public ConsentRead Read { get; init; }

    /// <summary>Whether it is delivered without regard to consent.</summary>
    public bool DeliversAnyway { get; init; }

    /// <summary>An objection that names no purposes is about it: direct marketing, and profiling.</summary>
    public bool IsObjectedTo { get; init; }

    /// <summary>What counts in a region. Who does not know the region gets the strictest of all.</summary>
    public ConsentChoice ChoiceIn(string? region) =>
        region is null ? Regions.Values.Append(Choice).Min() : Regions.GetValueOrDefault(region, Choice);
}
