using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles.Tallies;

/// <summary>Which events are counted, and how each is told.</summary>
public interface IEventSelection
{
    /// <summary>Names the selectors: two selections of one id count the same events.</summary>
    string Id { get; }

    /// <summary>True where a selector has this id.</summary>
    bool Has(string selector);

    /// <summary>The selectors that a message meets, each with what is kept of it. Mostly none.</summary>
    ImmutableArray<(string Selector, Moment Moment)> Meet(Envelope envelope, LogPlace place);
}

/// <summary>
/// What is counted of the messages of one anchor. It stands beside the fold of the same messages and goes where the identifier goes, so
/// a merge is a union and a split its inverse.
/// </summary>
/// <param name="Selection">The id of the selection by which all were counted; empty: none were.</param>
/// <param name="CountedTo">The log position of the last message that was looked at.</param>
/// <param name="All">By selector (ordinal); one that has met nothing has no tally.</param>
public sealed record EntryTallies(string Selection, long CountedTo, ImmutableArray<Tally> All)
{
    public static EntryTallies Empty { get; } = new("", 0, []);

    public bool IsEmpty => Selection.Length == 0;

    /// <summary>
    /// True where all messages that are folded were looked at by this selection. While another one counted, or none, some were not.
    /// </summary>
    public bool IsOf(IEventSelection selection, long appliedTo) => Selection == selection.Id && CountedTo >= appliedTo;

    public Tally? Find(string selector)
    {
        int index = IndexOf(selector);
        return index < 0 ? null : All[index];
    }

    /// <summary>
    /// One more message of the anchor. One that comes while another selection counts is left to <see cref="Recount"/>, which reads the log;
    /// but where it stands before what was counted, which happens with messages that were set aside, all is counted anew then.
    /// </summary>
    /// <param name="appliedTo">The position of the last message that was folded before; 0: none was.</param>
    /// <param name="selection">Null: nothing is counted.</param>
    public EntryTallies With(Envelope envelope, LogPlace place, long appliedTo, IEventSelection? selection)
    {
        if (selection is null || (appliedTo > 0 && !IsOf(selection, appliedTo)))
        {
            return place.Position <= CountedTo ? Empty : this;
        }

        EntryTallies counted = this with { Selection = selection.Id, CountedTo = Math.Max(CountedTo, place.Position) };
        foreach ((string selector, Moment moment) in selection.Meet(envelope, place))
        {
            counted = counted.Add(selector, moment);
        }

        return counted;
    }

    /// <summary>
    /// What another selection counts, from the messages that the log has. What was counted before and is counted still is kept: the log may
    /// not reach back so far any more.
    /// </summary>
    /// <param name="messages">All messages of the anchor that are folded, rising.</param>
    /// <param name="appliedTo">The position of the last message that is folded.</param>
    public EntryTallies Recount(
        IEventSelection selection,
        IEnumerable<(LogPlace Place, Envelope Envelope)> messages,
        long appliedTo
    )
    {
        EntryTallies counted = new(selection.Id, appliedTo, [.. All.Where(tally => selection.Has(tally.Selector))]);
        HashSet<string> kept = [.. counted.All.Select(tally => tally.Selector)];
        foreach ((LogPlace place, Envelope envelope) in messages)
        {
            foreach ((string selector, Moment moment) in selection.Meet(envelope, place))
            {
                if (place.Position > CountedTo || !kept.Contains(selector))
                {
                    counted = counted.Add(selector, moment);
                }
            }
        }

        return counted;
    }

    /// <summary>The same with words changed, where an erasure takes out what they say of somebody.</summary>
    public EntryTallies WithWords(Func<string, string?> change) =>
        this with
        {
            All = [.. All.Select(tally => tally.WithWords(change))],
        };

    public bool Equals(EntryTallies? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Selection == other.Selection
            && CountedTo == other.CountedTo
            && All.AsSpan().SequenceEqual(other.All.AsSpan())
        );

    public override int GetHashCode() => HashCode.Combine(Selection, CountedTo, All.Length);

    private EntryTallies Add(string selector, Moment moment)
    {
        int index = IndexOf(selector);
        return this with
        {
            All =
                index < 0
                    ? All.Insert(~index, Tally.Of(selector, moment))
                    : All.SetItem(index, All[index].With(moment)),
        };
    }

    private int IndexOf(string selector)
    {
        int low = 0;
        int high = All.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = string.CompareOrdinal(All[middle].Selector, selector);
            if (order == 0)
            {
                return middle;
            }

            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }

        return ~low;
    }
}
