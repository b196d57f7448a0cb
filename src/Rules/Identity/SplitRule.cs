using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Identity;

/// <summary>Which identifiers a split takes away from a customer, or why it can't be done.</summary>
public static class SplitRule
{
    /// <summary>A steward names the identifiers that leave. All must be held, and something must stay.</summary>
    public static Outcome<Parts<ProfileMap>> Decide(ProfileMap map, ImmutableArray<Identifier> asked)
    {
        if (asked.IsDefaultOrEmpty)
        {
            return new SplitOfNothing();
        }

        if (asked.Any(identifier => !map.Holds(identifier)))
        {
            return new SplitIdentifierNotHeld();
        }

        return Parts(map, [.. asked]);
    }

    /// <summary>
    /// Taking a merge back: what the younger customer brought leaves, and with it what was linked since by messages that are
    /// anchored at one of those. Had the merge never been, those messages would have linked it there.
    /// </summary>
    /// <param name="map">Of the customer that took the state in.</param>
    /// <param name="brought">What the younger customer held when it was merged.</param>
    /// <param name="stays">What stays in any case: what the older customer held before.</param>
    public static Outcome<Parts<ProfileMap>> Undo(
        ProfileMap map,
        ImmutableArray<Identifier> brought,
        IEnumerable<Identifier>? stays = null
    )
    {
        HashSet<Identifier> leaving = [.. brought.Where(map.Holds)];
        HashSet<Identifier> staying = [.. (stays ?? []).Except(brought)];
        if (leaving.Count == 0)
        {
            return new MergeBroughtNothing();
        }

        bool grows = true;
        while (grows)
        {
            grows = false;
            foreach (ProfileEntry entry in map.Entries)
            {
                if (
                    entry.Evidence.Anchor is { } anchor
                    && leaving.Contains(anchor)
                    && !staying.Contains(entry.Identifier)
                    && leaving.Add(entry.Identifier)
                )
                {
                    grows = true;
                }
            }
        }

        return Parts(map, leaving);
    }

    private static Outcome<Parts<ProfileMap>> Parts(ProfileMap map, HashSet<Identifier> leaving)
    {
        Parts<ProfileMap> parts = map.Split(leaving);
        return parts.Stays.Entries.IsEmpty ? new SplitOfEverything() : parts;
    }
}

/// <summary>No identifier was named.</summary>
public sealed record SplitOfNothing()
    : Refusal("split_of_nothing", "Name at least one identifier that is to be split off.");

/// <summary>An identifier that was named is not one of this customer's; perhaps it is another's.</summary>
public sealed record SplitIdentifierNotHeld()
    : Refusal(
        "identifier_not_held",
        "The customer does not hold every identifier that was named: look at its profile, and split one customer at a time."
    );

/// <summary>Nothing would stay.</summary>
public sealed record SplitOfEverything()
    : Refusal("split_of_everything", "At least one identifier must stay with the customer.");

/// <summary>All that the merge brought has left the customer since.</summary>
public sealed record MergeBroughtNothing()
    : Refusal("merge_brought_nothing", "The customer holds nothing any more of what that merge brought.");

/// <summary>There is no such merge.</summary>
public sealed record MergeUnknown() : Refusal("merge_unknown", "There is no merge with this id.");

/// <summary>The merge has been undone before.</summary>
public sealed record MergeAlreadyUndone() : Refusal("merge_already_undone", "This merge has been undone already.");

/// <summary>The customer that took the state in was merged on.</summary>
public sealed record MergeUnderLaterMerge()
    : Refusal(
        "merge_under_later_merge",
        "The customer that took this one in has itself been merged since: undo the later merge first."
    );
