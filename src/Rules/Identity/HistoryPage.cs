using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Identity;

/// <summary>
/// Picks one page of a history out of decisions that are offered in any order, also more than once. Keeps no more than
/// the page, however many are offered.
/// </summary>
/// <param name="after">The page begins behind this place; null: with the first decision.</param>
/// <param name="limit">Decisions of the page at most, 1 or more.</param>
public sealed class HistoryPage(HistoryPlace? after, int limit)
{
    // One more than the page tells whether another follows.
    private readonly SortedList<HistoryPlace, DecisionRecord> _first = new(limit + 2);

    /// <summary>In their order.</summary>
    public ImmutableArray<DecisionRecord> Decisions => [.. _first.Values.Take(limit)];

    /// <summary>True: another page follows.</summary>
    public bool HasMore => _first.Count > limit;

    public void Offer(DecisionRecord decision)
    {
        var place = HistoryPlace.Of(decision);
        if (after is not null && place <= after)
        {
            return;
        }

        if (_first.Count > limit)
        {
            if (place >= _first.GetKeyAtIndex(limit))
            {
                return;
            }

            // A repeat takes no place of another.
            if (_first.ContainsKey(place))
            {
                return;
            }

            _first.RemoveAt(limit);
        }

        _first.TryAdd(place, decision);
    }
}
