using System.Collections.Immutable;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Profiles;

/// <summary>The message that linked an identifier to its customer.</summary>
/// <param name="MessageId">That message.</param>
/// <param name="Source">Its source.</param>
/// <param name="At">Its time.</param>
/// <param name="RuleVersion">The identity rules by which it was decided.</param>
/// <param name="Anchor">That message's anchor: with whom the identifier goes when a merge is undone.</param>
public sealed record LinkEvidence(
    string MessageId,
    string Source,
    DateTimeOffset At,
    string RuleVersion,
    Identifier? Anchor = null
)
{
    /// <summary>The message only claimed that the identifier is its customer's. False in states that are older than this.</summary>
    public bool IsClaimed { get; init; }
}

/// <summary>What a customer holds under one of its identifiers.</summary>
/// <param name="Identifier">The identifier.</param>
/// <param name="Evidence">How it came to the customer.</param>
/// <param name="AppliedTo">
/// The log position of the last message of this anchor that is in <paramref name="Fold"/>; 0 before the first. All
/// messages of an anchor stand in one partition and are folded in its order, so one number tells a repeat from news.
/// </param>
/// <param name="Fold">The fold of the messages whose anchor it is.</param>
public sealed record ProfileEntry(Identifier Identifier, LinkEvidence Evidence, long AppliedTo, ProfileFold Fold)
{
    /// <summary>How many positions an entry remembers as set aside; beyond, no more can be, and its messages wait.</summary>
    public const int SetAsideMax = 100;

    /// <summary>Positions up to <see cref="AppliedTo"/>, rising, whose messages are not in the fold: they could not be folded.</summary>
    public ImmutableArray<long> SetAside { get; init; } = [];

    /// <summary>What was said about consent: in those messages, and by requests under this identifier.</summary>
    public ConsentLedger Consent { get; init; } = ConsentLedger.Empty;

    /// <summary>Leads that began under the identifier, by id: they go where it goes.</summary>
    public ImmutableArray<string> Leads { get; init; } = [];

    /// <summary>What audiences count of those messages; empty where none ask for anything.</summary>
    public EntryTallies Tallies { get; init; } = EntryTallies.Empty;

    /// <summary>Claims alone speak of the identifier: it was linked by one, and no other message came under it.</summary>
    public bool IsClaimed => Evidence.IsClaimed && Fold.ClaimedCount == Fold.MessageCount;

    /// <summary>The entry as an identity decision asks for it.</summary>
    public HeldIdentifier Held =>
        new(Identifier, Evidence.At) { IsLinkClaimed = Evidence.IsClaimed, IsClaimed = IsClaimed };

    /// <summary>True where a message at this position is still to be folded.</summary>
    public bool Lacks(long position) => position > AppliedTo || SetAside.BinarySearch(position) >= 0;

    /// <summary>The entry with one more message in it.</summary>
    public ProfileEntry With(long position, ProfileFold fold) =>
        this with
        {
            AppliedTo = Math.Max(AppliedTo, position),
            Fold = fold,
            SetAside = SetAside.IsEmpty ? SetAside : SetAside.Remove(position),
        };

    /// <summary>
    /// True where other events are to be counted than those that were, or not all were looked at: the log has to be read again.
    /// </summary>
    public bool HasToBeRecounted(IEventSelection? selection) =>
        selection is not null && AppliedTo > 0 && !Tallies.IsOf(selection, AppliedTo);

    /// <summary>The entry that goes on behind a message which can't be folded, and takes it in when it comes again.</summary>
    /// <exception cref="InvalidOperationException">
    /// It remembers <see cref="SetAsideMax"/> already: one that it forgot would count as a repeat, and be lost.
    /// </exception>
    public ProfileEntry Without(long position)
    {
        if (position <= AppliedTo)
        {
            return this;
        }

        return SetAside.Length < SetAsideMax
            ? this with
            {
                AppliedTo = position,
                SetAside = SetAside.Add(position),
            }
            : throw new InvalidOperationException($"An anchor may have {SetAsideMax} messages set aside.");
    }
}
