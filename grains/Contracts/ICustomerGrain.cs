using System.Collections.Immutable;
using Customer360.Rules.Events;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>One resolved person: the identifiers it owns and what was learned under each. Key: the customer id.</summary>
[Alias("c360.ICustomerGrain")]
public interface ICustomerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Folds stored messages whose anchors it owns. A message that carries an identifier which the customer does not
    /// hold is folded too, and named in the answer for the identity decision. Repeating a message changes nothing.
    /// </summary>
    [Alias("Apply")]
    Task<ApplyReply> Apply(ApplyRequest request);

    /// <summary>
    /// Takes identifiers on: checks limits, claims each, records the decision. The way a customer is created, too.
    /// Idempotent.
    /// </summary>
    [Alias("Link")]
    Task<LinkReply> Link(LinkRequest request);

    /// <summary>Gives everything it has to an older customer and stays as a forwarding stub. Idempotent, resumable.</summary>
    [Alias("MergeInto")]
    Task<MergeReply> MergeInto(MergeRequest request);

    /// <summary>
    /// Lets go of identifiers under which nothing has been learned. Answers those under which something has: they stay.
    /// Idempotent.
    /// </summary>
    [Alias("Unlink")]
    Task<UnlinkReply> Unlink(UnlinkRequest request);

    /// <summary>What it would come to if it were merged into an older customer. Nothing changes.</summary>
    [ReadOnly]
    [Alias("RehearseMerge")]
    Task<MergeRehearsal> RehearseMerge(string into);

    /// <summary>The same, of the older customer. Asked by the younger one only.</summary>
    [ReadOnly]
    [Alias("RehearseAbsorb")]
    Task<MergeRehearsal> RehearseAbsorb(AbsorbRequest request);

    /// <summary>Takes a younger customer's state in. Called by that customer only. Idempotent by merge id.</summary>
    [Alias("Absorb")]
    Task<AbsorbReply> Absorb(AbsorbRequest request);

    /// <summary>
    /// Takes identifiers away from an older customer and becomes theirs. Asked of a customer that is not there yet.
    /// Idempotent by split id, resumable.
    /// </summary>
    [Alias("SplitFrom")]
    [ResponseTimeout("00:00:30")]
    Task<SplitReply> SplitFrom(SplitRequest request);

    /// <summary>Of a customer that was merged away: takes back what it brought, and is itself again. Resumable.</summary>
    [Alias("UndoMerge")]
    [ResponseTimeout("00:00:30")]
    Task<SplitReply> UndoMerge(UndoRequest request);

    /// <summary>Gives identifiers to a younger customer. Called by that customer only. Idempotent by split id.</summary>
    [Alias("ReleaseTo")]
    Task<ReleaseReply> ReleaseTo(ReleaseRequest request);

    /// <summary>The younger customer has what it was given. Idempotent.</summary>
    [Alias("ConfirmRelease")]
    Task ConfirmRelease(string splitId);

    /// <summary>
    /// Of a customer that was merged away: sends on those of the identifiers that still name it as their owner. Answers
    /// where to, or null where the customer is live and nothing was done. Idempotent.
    /// </summary>
    [Alias("Forward")]
    Task<string?> Forward(ImmutableArray<Identifier> identifiers);

    /// <summary>
    /// Lets go of those of the identifiers that it claimed and does not list: a crash or a failing write came between. True
    /// where there were any. Idempotent.
    /// </summary>
    [Alias("LetGo")]
    Task<bool> LetGo(ImmutableArray<Identifier> identifiers);

    /// <summary>Who it is and what it holds, for an identity decision.</summary>
    [ReadOnly]
    [Alias("GetIdentity")]
    Task<CustomerIdentity> GetIdentity();

    /// <summary>The profile as JSON, rendered once per change: the fast path of reads.</summary>
    [ReadOnly]
    [Alias("GetProfile")]
    Task<ProfileReply> GetProfile();

    /// <summary>The profile in parts, for readers that need more than the plain document.</summary>
    [ReadOnly]
    [Alias("GetView")]
    Task<ProfileViewReply> GetView();

    /// <summary>What it has folded under some identifiers, for a check against the log.</summary>
    [ReadOnly]
    [Alias("GetEntries")]
    Task<EntriesReply> GetEntries(EntriesQuery query);

    /// <summary>A page of its messages, from the log. A caller that has gone ends the reading.</summary>
    [ReadOnly]
    [Alias("GetTimeline")]
    Task<TimelineReply> GetTimeline(TimelineRequest request, CancellationToken cancellationToken);

    /// <summary>Its sessions (gaps of 30 minutes), newest first, from the log. A caller that has gone ends the reading.</summary>
    [ReadOnly]
    [Alias("GetSessions")]
    Task<SessionsReply> GetSessions(SessionsRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// A page of its decisions and of those of the customers that merged into it, from the decision log. Looks at the log
    /// alone, so it may take its time beside any other call. A caller that has gone ends the reading.
    /// </summary>
    [AlwaysInterleave]
    [Alias("GetDecisions")]
    Task<DecisionsReply> GetDecisions(DecisionsRequest request, CancellationToken cancellationToken);

    /// <summary>How far the messages of one of its identifiers are in the profile.</summary>
    [ReadOnly]
    [Alias("GetStanding")]
    Task<StandingReply> GetStanding(Identifier identifier);

    /// <summary>
    /// Goes on behind a message of an anchor that it could not fold; the message is folded when it comes again. Nothing
    /// happens where it is folded already. Answers the customer to ask instead, or null. Idempotent.
    /// </summary>
    [Alias("SetAside")]
    Task<string?> SetAside(Identifier anchor, long position);

    /// <summary>
    /// Empties the customer for good: nothing of its profile and its identifiers is left, and whatever still comes for it is
    /// refused or finds nobody. Nothing happens where it holds an identifier that is not named, or something of it is on its way.
    /// Idempotent.
    /// </summary>
    /// <param name="identifiers">All that the person is known by.</param>
    /// <param name="requestId">Who asks; asked again by the same one, it answers the same.</param>
    [Alias("Erase")]
    Task<EraseReply> Erase(ImmutableArray<Identifier> identifiers, string requestId);

    /// <summary>
    /// Takes mentions of erased identifiers out of what was learned of this customer. Answers the customer to ask instead, or null.
    /// Idempotent.
    /// </summary>
    [Alias("Forget")]
    Task<string?> Forget(ImmutableArray<Identifier> identifiers);

    /// <summary>The audiences that it is in, and its computed traits.</summary>
    [ReadOnly]
    [Alias("GetAudiences")]
    Task<CustomerAudiencesReply> GetAudiences();

    /// <summary>Why it is in an audience or not: the condition with all that was compared.</summary>
    [ReadOnly]
    [Alias("ExplainAudience")]
    Task<AudienceWhyReply> ExplainAudience(string audience);

    /// <summary>
    /// Takes what its lead and its account are now, for conditions that ask for it. Answers the customer to tell instead, or null.
    /// Idempotent.
    /// </summary>
    /// <param name="factsJson">A JSON object of facts by name.</param>
    [Alias("TellFacts")]
    Task<string?> TellFacts(ReadOnlyMemory<byte> factsJson);

    /// <summary>
    /// Decides all audiences, by what is in force now; where other events are counted than before, it reads its messages again. Idempotent.
    /// </summary>
    [Alias("LookAtAudiences")]
    [ResponseTimeout("00:01:00")]
    Task<AudienceLookReply> LookAtAudiences();

    /// <summary>Sees to it that it is found by its names, where the list does not have them; true where that was so. Idempotent.</summary>
    [Alias("ListNames")]
    Task<bool> ListNames();

    /// <summary>What was said about consent under each of its identifiers.</summary>
    [ReadOnly]
    [Alias("GetConsent")]
    Task<ConsentReply> GetConsent();

    /// <summary>
    /// Writes down what an authenticated person says about consent, under every identifier that it holds. Durable, and in the
    /// audit, when it answers. Idempotent by request id.
    /// </summary>
    [Alias("PutConsent")]
    Task<ConsentReply> PutConsent(ConsentPut put);

    /// <summary>The leads that it has, with the identifier under which each began.</summary>
    [ReadOnly]
    [Alias("GetLeads")]
    Task<CustomerLeads> GetLeads();

    /// <summary>
    /// A lead begins under an identifier that it holds: with which the lead goes when the customer is merged or split. Nothing happens
    /// where it has another number of leads by now. Durable when it answers.
    /// </summary>
    /// <param name="known">How many leads the caller knows of.</param>
    [Alias("BeginLead")]
    Task<CustomerLeads> BeginLead(CustomerLead lead, int known);

    /// <summary>
    /// Writes down that what is known is kept and not used, or that this is lifted. Durable, and in the audit, when it answers.
    /// Idempotent by request id.
    /// </summary>
    [Alias("Restrict")]
    Task<RestrictionReply> Restrict(RestrictionPut put);
}
