using System.Collections.Immutable;

namespace Customer360.Rules.Consent.Wire;

/// <summary>What the meaning of a form depends on, besides the form itself.</summary>
/// <param name="ReceivedAt">When the form arrived here.</param>
public sealed record WireJudgement(DateTimeOffset ReceivedAt)
{
    /// <summary>
    /// The ids of the form that somebody asks about: those that a mapping names. Some forms list only what is allowed
    /// (OneTrust's active groups, Snowplow's scopes, the vendors of a TC string), so a refusal shows as an id that is not
    /// there; these ids are then denied. Default: none, and such a form says nothing about what it leaves out.
    /// </summary>
    public ImmutableArray<string> AskedIds { get; init; } = [];

    /// <summary>
    /// A TC string that was generated at this moment or later counts only with policy version 4 (TCF 2.2) or higher.
    /// Null: every version counts. Default: 2023-10-01, 00:00 UTC.
    /// </summary>
    public DateTimeOffset? PolicyVersion4From { get; init; } = new(2023, 10, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// A TC string that was generated at this moment or later counts only with a segment of disclosed vendors (TCF 2.3).
    /// Null: none needs it. Default: 2026-03-01, 00:00 UTC.
    /// </summary>
    public DateTimeOffset? DisclosedVendorsFrom { get; init; } = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Purposes come from the publisher's own segment of a TC string where it has one, else from its core. False: always
    /// from the core. Default: true.
    /// </summary>
    public bool UsesPublisherSegment { get; init; } = true;

    /// <summary>
    /// The sections of a GPP string that apply to the person (<c>gpp_sid</c>, where it travels beside the string). Null:
    /// nobody said, so every section counts and a denial in any of them wins. Empty: none applies. Default: null.
    /// </summary>
    public ImmutableArray<int>? GppSections { get; init; }
}
