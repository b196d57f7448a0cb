using System.Collections.Immutable;

namespace Customer360.Rules.Identity;

/// <summary>Separations over numbered identifiers, by id.</summary>
internal sealed class ShadowSeparations
{
    private readonly ImmutableArray<(string Id, int[] One, int[] Other)> _all;
    private readonly Dictionary<int, int[]> _byIdentifier;

    public ShadowSeparations(IEnumerable<(string Id, int[] One, int[] Other)> separations)
    {
        _all = [.. separations.OrderBy(separation => separation.Id, StringComparer.Ordinal)];
        _byIdentifier = _all.SelectMany(
                (separation, number) =>
                    separation.One.Concat(separation.Other).Select(identifier => (identifier, number))
            )
            .GroupBy(pair => pair.identifier, pair => pair.number)
            .ToDictionary(group => group.Key, group => group.Distinct().ToArray());
    }

    public string IdOf(int separation) => _all[separation].Id;

    /// <summary>The separations that are about an identifier; empty for nearly all.</summary>
    public ReadOnlySpan<int> About(int identifier) =>
        _byIdentifier.Count > 0 && _byIdentifier.TryGetValue(identifier, out int[]? found) ? found : [];

    public bool Mentions(int separation, int identifier) =>
        _all[separation].One.AsSpan().Contains(identifier) || _all[separation].Other.AsSpan().Contains(identifier);

    /// <summary>True where something of both sides is among what <paramref name="isThere"/> says.</summary>
    public bool IsBroken(int separation, Func<int, bool> isThere) =>
        Array.Exists(_all[separation].One, one => isThere(one))
        && Array.Exists(_all[separation].Other, other => isThere(other));

    /// <summary>True where one of its identifiers is there.</summary>
    public bool Touches(int separation, Func<int, bool> isThere) =>
        Array.Exists(_all[separation].One, one => isThere(one))
        || Array.Exists(_all[separation].Other, other => isThere(other));
}
