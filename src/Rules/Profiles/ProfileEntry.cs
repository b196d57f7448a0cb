using Customer360.Rules.Events;

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
);

/// <summary>What a customer holds under one of its identifiers.</summary>
/// <param name="Identifier">The identifier.</param>
/// <param name="Evidence">How it came to the customer.</param>
/// <param name="AppliedTo">
/// The log position of the last message of this anchor that is in <paramref name="Fold"/>; 0 before the first. All
/// messages of an anchor stand in one partition and are folded in its order, so one number tells a repeat from news.
/// </param>
/// <param name="Fold">The fold of the messages whose anchor it is.</param>
public sealed record ProfileEntry(Identifier Identifier, LinkEvidence Evidence, long AppliedTo, ProfileFold Fold);
