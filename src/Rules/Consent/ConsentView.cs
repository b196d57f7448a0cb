using System.Collections.Immutable;

namespace Customer360.Rules.Consent;

/// <summary>
/// How consent stands of a profile, worked out when the profile changes. Immutable. A purpose that it does not name is unknown.
/// </summary>
/// <remarks>
/// Grants may end without anything being said, so whoever decides asks <see cref="AsOf"/> first, which is the same object until
/// the next grant ends.
/// </remarks>
public sealed class ConsentView : IEquatable<ConsentView>
{
    private ConsentView(ImmutableArray<ConsentStanding> purposes, bool isRestricted = false)
    {
        Purposes = purposes;
        IsRestricted = isRestricted;
        foreach (ConsentStanding standing in purposes)
        {
            if (standing is { Status: ConsentStatus.Granted, Until: { } until } && !(ValidUntil <= until))
            {
                ValidUntil = until;
            }
        }
    }

    /// <summary>Nothing was said: unknown for every purpose.</summary>
    public static ConsentView Empty { get; } = new([]);

    /// <summary>By purpose (ordinal).</summary>
    public ImmutableArray<ConsentStanding> Purposes { get; }

    /// <summary>When the first grant ends; null: none does.</summary>
    public DateTimeOffset? ValidUntil { get; }

    /// <summary>The data is kept and not used, whatever was consented to: see <see cref="Restriction"/>.</summary>
    public bool IsRestricted { get; }

    /// <param name="purposes">Each purpose once.</param>
    /// <param name="isRestricted">A restriction is in force.</param>
    public static ConsentView Of(IEnumerable<ConsentStanding> purposes, bool isRestricted = false)
    {
        ImmutableArray<ConsentStanding> sorted = [.. purposes.OrderBy(one => one.Purpose, StringComparer.Ordinal)];
        return sorted.IsEmpty && !isRestricted ? Empty : new ConsentView(sorted, isRestricted);
    }

    /// <summary>The same at a time, with what has ended by then as unknown. No object is made where nothing has.</summary>
    public ConsentView AsOf(DateTimeOffset time) =>
        ValidUntil <= time ? new ConsentView([.. Purposes.Select(one => one.AsOf(time))], IsRestricted) : this;

    /// <summary>How consent to a purpose stands. Only <see cref="ConsentStatus.Granted"/> is a grant.</summary>
    public ConsentStatus Of(string purpose) => Find(purpose)?.Status ?? ConsentStatus.Unknown;

    /// <summary>What decides a purpose; null where nothing was said.</summary>
    public ConsentStanding? Find(string purpose)
    {
        foreach (ConsentStanding standing in Purposes)
        {
            if (string.Equals(standing.Purpose, purpose, StringComparison.Ordinal))
            {
                return standing;
            }
        }

        return null;
    }

    public bool Equals(ConsentView? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && IsRestricted == other.IsRestricted
            && Purposes.AsSpan().SequenceEqual(other.Purposes.AsSpan())
        );

    public override bool Equals(object? obj) => Equals(obj as ConsentView);

    public override int GetHashCode() => Purposes.Length;
}
