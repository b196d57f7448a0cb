namespace Customer360.Rules.Attribution;

/// <summary>Where a visit came from, in lower case and cleaned. Null: it does not say.</summary>
public sealed record TrafficSource(string? Source, string? Medium, string? Campaign)
{
    /// <summary>Nobody knows.</summary>
    public static TrafficSource Unknown { get; } = new(null, null, null);

    /// <summary>The content of an ad, or the place of a link; no channel depends on it.</summary>
    public string? Content { get; init; }

    public string? Term { get; init; }

    /// <summary>Nobody says where it came from: a campaign's name alone does not.</summary>
    public bool IsUnknown => Source is null && Medium is null;

    /// <summary>GA4's channel group Direct.</summary>
    public bool IsDirect => IsUnknown || (Source == "(direct)" && Medium is "(none)" or "(not set)");
}
