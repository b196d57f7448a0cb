using Customer360.Rules.Profiles;

namespace Customer360.Rules.Attribution;

/// <summary>How well it is known where a visit came from, the best first.</summary>
public enum TouchEvidence
{
    /// <summary>A click id of an ad.</summary>
    ClickId = 1,

    /// <summary><c>utm_*</c>, or what an SDK made of it.</summary>
    Tag = 2,

    Referrer = 3,

    /// <summary>Nothing says it.</summary>
    Direct = 4,

    /// <summary>It came back from a page on the way, so it is what the touch before was.</summary>
    Continued = 5,
}

/// <summary>A message of a person on a site or in an app, as far as it says where the visit came from.</summary>
/// <param name="At">When it was, and not after it was received: a clock that goes ahead is set right.</param>
/// <param name="Source"><see cref="TrafficSource.Unknown"/> where nothing says it.</param>
/// <param name="Referrer">What the referrer means.</param>
public sealed record VisitHit(
    DateTimeOffset At,
    Arrival Arrival,
    TrafficSource Source,
    TouchEvidence Evidence,
    ReferrerKind Referrer
)
{
    public CampaignFaults Faults { get; init; }

    /// <summary>The host of the referrer, whatever it means; null: there is none.</summary>
    public string? ReferrerHost { get; init; }

    /// <summary>The page or screen; null: it does not say.</summary>
    public string? Page { get; init; }

    /// <summary>It names its address, or a campaign. What retention has taken that from does not.</summary>
    public bool HasAddress { get; init; }

    /// <summary>False: it goes on with a visit and begins none, whatever came before.</summary>
    public bool Begins { get; init; } = true;

    /// <summary>It says nothing of where it came from, not even that it came from nowhere.</summary>
    public bool IsBare => !HasAddress && ReferrerHost is null;
}
