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

    public ReadOnlySpan<int> SideOf(int separation, SeparationSide side) =>
        side == SeparationSide.One ? _all[separation].One : _all[separation].Other;
}
