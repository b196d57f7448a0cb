using System.Collections.Immutable;

namespace Customer360.Rules.Policies;

/// <summary>What a policy file says: the policy itself, and what differs from it in regions.</summary>
/// <param name="Version">
/// Twelve hexadecimal digits of the SHA-256 of its canonical JSON. Comments, owners and examples decide nothing, so they are
/// not in it.
/// </param>
/// <param name="Json">The canonical JSON: equal policies have equal bytes.</param>
/// <param name="Overrides">The whole policy as it is in a region, by the region's name.</param>
/// <param name="Owner">Who answers for the file; null where it does not say.</param>
public sealed record PolicyBody<T>(
    T Base,
    string Version,
    ReadOnlyMemory<byte> Json,
    ImmutableSortedDictionary<string, T> Overrides,
    PolicyOwner? Owner
)
    where T : class
{
    /// <summary>A policy that no file has, as tests and tools make one.</summary>
    public static PolicyBody<T> Of(T value, string version) =>
        new(value, version, default, ImmutableSortedDictionary<string, T>.Empty, Owner: null);
}

/// <summary>Who answers for a policy or an entry of one.</summary>
/// <param name="Team">For example <c>growth</c>.</param>
/// <param name="Contact">Where the team is reached: an address, a channel.</param>
public sealed record PolicyOwner(string Team, string Contact);
