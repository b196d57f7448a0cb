using Customer360.Rules.Outcomes;

namespace Customer360.Api.Security;

/// <summary>Who calls, or why that is not known.</summary>
/// <param name="Key">The caller; null: nobody was found.</param>
/// <param name="Refusal">Why nobody was found; null where there is a key, and where nothing was shown at all.</param>
public readonly record struct FoundCaller(ApiKey? Key, Refusal? Refusal)
{
    /// <summary>Nothing was shown.</summary>
    public static FoundCaller Nobody => default;

    public static FoundCaller Of(ApiKey key) => new(key, null);

    public static FoundCaller Of(Refusal refusal) => new(null, refusal);
}

/// <summary>Kept with the request for the answer: why what was shown does not count, where it is no wrong key.</summary>
internal sealed record RefusedCaller(Refusal Refusal);
