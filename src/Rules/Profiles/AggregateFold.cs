using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>What an oversized profile learns of a message.</summary>
public static class AggregateFold
{
    /// <summary>
    /// The fold of one message without new keys: the message counts, its time counts as first or last touch, and traits,
    /// counters and accounts that are known already are brought up to date. An event with a name that is not known counts
    /// under the empty name of its kind, so the counts still add up to the messages. Whatever is left out sets
    /// <see cref="ProfileFold.IsTruncated"/>.
    /// </summary>
    /// <param name="envelope">The message.</param>
    /// <param name="place">Where it stands in the log.</param>
    /// <param name="held">What was learned under the message's anchor so far.</param>
    /// <remarks>
    /// Unlike the full fold it depends on when the profile became oversized: what is known by then goes on, what comes
    /// later does not begin. Counts and touches are exact in any order.
    /// </remarks>
    public static ProfileFold Of(ProfileFold held, Envelope envelope, LogPlace place)
    {
        ProfileFold full = ProfileFold.Of(envelope, place);
        EventCounter counter = full.Counters[0];
        bool isKnown = Knows(held.Counters, counter) || counter.Name.Length == 0;
        ImmutableArray<Trait> traits = [.. full.Traits.Where(trait => Knows(held.Traits, trait))];
        ImmutableArray<AccountLink> accounts = [.. full.Accounts.Where(account => Knows(held.Accounts, account))];
        return new ProfileFold
        {
            Traits = traits,
            Counters = [isKnown ? counter : new EventCounter(counter.Kind, "", 1, counter.FirstAt, counter.LastAt)],
            Accounts = accounts,
            First = full.First,
            Last = full.Last,
            MessageCount = full.MessageCount,
            ClaimedCount = full.ClaimedCount,
            IsTruncated =
                full.IsTruncated
                || !isKnown
                || traits.Length < full.Traits.Length
                || accounts.Length < full.Accounts.Length,
        };
    }

    private static bool Knows<T>(ImmutableArray<T> entries, T entry)
        where T : struct, IFoldEntry<T>
    {
        int low = 0;
        int high = entries.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = T.CompareKeys(entries[middle], entry);
            if (order == 0)
            {
                return true;
            }

            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }

        return false;
    }
}
