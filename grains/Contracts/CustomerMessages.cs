// What customers are asked and answer, in the order of ICustomerGrain.
using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains.Contracts;

/// <param name="Anchor">The identifier under which it began.</param>
/// <param name="LeadId">The key of its grain.</param>
[GenerateSerializer, Immutable, Alias("c360.CustomerLead")]
public readonly record struct CustomerLead([property: Id(0)] Identifier Anchor, [property: Id(1)] string LeadId);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Leads">All that it has.</param>
[GenerateSerializer, Immutable, Alias("c360.CustomerLeads")]
public sealed record CustomerLeads(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<CustomerLead> Leads
);

/// <param name="RequestId">The privacy request that asks for it.</param>
/// <param name="By">Who took the request: the name of a key.</param>
/// <param name="At">When it was taken; of what is lifted, when it was lifted. UTC.</param>
/// <param name="IsLifted">True: what the request has restricted is lifted.</param>
[GenerateSerializer, Immutable, Alias("c360.RestrictionPut")]
public sealed record RestrictionPut(
    [property: Id(0)] string RequestId,
    [property: Id(1)] string By,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] bool IsLifted
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Identifiers">What it holds: each has a copy of the restriction. Empty: the customer is nobody.</param>
[GenerateSerializer, Immutable, Alias("c360.RestrictionReply")]
public sealed record RestrictionReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<Identifier> Identifiers
);

/// <param name="IsErased">Nothing is left.</param>
/// <param name="WaitFor">The customer whose split is under way: when it answers, try again.</param>
/// <param name="MessageCount">How many messages it had folded, where this request has emptied it.</param>
[GenerateSerializer, Immutable, Alias("c360.EraseReply")]
public sealed record EraseReply(
    [property: Id(0)] bool IsErased,
    [property: Id(1)] string? WaitFor = null,
    [property: Id(2)] long MessageCount = 0
);

/// <summary>A message with its place in the log.</summary>
[GenerateSerializer, Immutable, Alias("c360.StoredEnvelope")]
public readonly record struct StoredEnvelope(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Position,
    [property: Id(2)] Envelope Envelope
);

/// <param name="Messages">In log order.</param>
[GenerateSerializer, Immutable, Alias("c360.ApplyRequest")]
public sealed record ApplyRequest([property: Id(0)] ImmutableArray<StoredEnvelope> Messages);

/// <param name="MovedTo">The customer that holds its state now (nothing was folded here), or null.</param>
/// <param name="Unowned">
/// Indexes into the request of messages whose anchor this customer does not own: they were not folded.
/// </param>
/// <param name="Unlinked">Indexes of messages that were folded, and carry an identifier that it does not hold.</param>
[GenerateSerializer, Immutable, Alias("c360.ApplyReply")]
public sealed record ApplyReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<int> Unowned,
    [property: Id(2)] ImmutableArray<int> Unlinked
)
{
    /// <summary>All folded, nothing new.</summary>
    public static ApplyReply Done { get; } = new(null, [], []);

    /// <summary>All were folded, and carry nothing that the customer does not hold.</summary>
    public bool IsDone => MovedTo is null && Unowned.IsEmpty && Unlinked.IsEmpty;
}

/// <param name="Identifiers">What to take on, by priority.</param>
/// <param name="Declined">What the decision left out: not to be asked about again for a while.</param>
/// <param name="MessageId">The message that asks for it: the evidence.</param>
/// <param name="Source">That message's source.</param>
/// <param name="At">That message's time.</param>
/// <param name="RuleVersion">The rules by which it was decided: others may be in force by now.</param>
/// <param name="JobId">
/// The cut-over that asks for it, or null. It has decided the whole log, so limits are not asked again; separations and the
/// size of the profile are.
/// </param>
[GenerateSerializer, Immutable, Alias("c360.LinkRequest")]
public sealed record LinkRequest(
    [property: Id(0)] ImmutableArray<Identifier> Identifiers,
    [property: Id(1)] ImmutableArray<Identifier> Declined,
    [property: Id(2)] string MessageId,
    [property: Id(3)] string Source,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] string RuleVersion,
    [property: Id(6)] string? JobId = null
)
{
    /// <summary>The message only claims that they belong together (<see cref="StatementTrust.Claimed"/>).</summary>
    [Id(7)]
    public bool IsClaimed { get; init; }
}

/// <param name="JobId">The roll back that asks for it.</param>
[GenerateSerializer, Immutable, Alias("c360.UnlinkRequest")]
public sealed record UnlinkRequest(
    [property: Id(0)] ImmutableArray<Identifier> Identifiers,
    [property: Id(1)] string JobId,
    [property: Id(2)] DateTimeOffset At
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="InUse">Identifiers that messages are anchored at by now: they stay.</param>
[GenerateSerializer, Immutable, Alias("c360.UnlinkReply")]
public sealed record UnlinkReply([property: Id(0)] string? MovedTo, [property: Id(1)] ImmutableArray<Identifier> InUse);

/// <param name="MovedTo">The customer that holds its state now (nothing was linked here), or null.</param>
/// <param name="OwnedByOthers">Identifiers that another customer owns, with that owner: a merge may be due.</param>
/// <param name="LeftOut">
/// Identifiers that were not linked because something stands against it: a limit, a separation, a region or the profile's size.
/// </param>
[GenerateSerializer, Immutable, Alias("c360.LinkReply")]
public sealed record LinkReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<IdentifierOwner> OwnedByOthers,
    [property: Id(2)] ImmutableArray<Identifier> LeftOut
);

[GenerateSerializer, Immutable, Alias("c360.IdentifierOwner")]
public readonly record struct IdentifierOwner(
    [property: Id(0)] Identifier Identifier,
    [property: Id(1)] string CustomerId
);

/// <param name="Into">The older customer.</param>
/// <param name="MergeId">Derived from the two customers and the message, or the step of the job.</param>
/// <param name="RuleVersion">The rules by which it was decided.</param>
/// <param name="Identifiers">Those of the message that the decision kept: what vouches for the merge.</param>
/// <param name="JobId">
/// The cut-over or roll back that asks for it, or null. It has decided the whole log, so limits are not asked again;
/// separations and the size of the profile are.
/// </param>
[GenerateSerializer, Immutable, Alias("c360.MergeRequest")]
public sealed record MergeRequest(
    [property: Id(0)] string Into,
    [property: Id(1)] string MergeId,
    [property: Id(2)] string MessageId,
    [property: Id(3)] string Source,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] string RuleVersion,
    [property: Id(6)] ImmutableArray<Identifier> Identifiers,
    [property: Id(7)] string? JobId = null
)
{
    /// <summary>The message only claims that they belong together (<see cref="StatementTrust.Claimed"/>).</summary>
    [Id(8)]
    public bool IsClaimed { get; init; }
}

/// <param name="MovedTo">Where its state is now; null when the merge was refused.</param>
/// <param name="Refused">
/// Why not (<see cref="MergeRefusal.Code"/>), or null.
/// </param>
/// <param name="WaitFor">The customer whose split is under way: when it answers, try again.</param>
/// <param name="MergeId">Where it has moved: the merge that did it, which may be another one than was asked for.</param>
[GenerateSerializer, Immutable, Alias("c360.MergeReply")]
public sealed record MergeReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] string? Refused,
    [property: Id(2)] string? WaitFor = null,
    [property: Id(3)] string? MergeId = null
);

/// <param name="StateJson">The younger customer's whole state, in its stored form.</param>
[GenerateSerializer, Immutable, Alias("c360.AbsorbRequest")]
public sealed record AbsorbRequest(
    [property: Id(0)] string From,
    [property: Id(1)] string MergeId,
    [property: Id(2)] ReadOnlyMemory<byte> StateJson
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Refused">Why not, or null.</param>
/// <param name="RuleVersion">Of a refusal: the rules by which it was refused.</param>
/// <param name="Revision">Where it took the state in: its own revision.</param>
[GenerateSerializer, Immutable, Alias("c360.AbsorbReply")]
public sealed record AbsorbReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] string? Refused,
    [property: Id(2)] string? RuleVersion = null,
    [property: Id(3)] long Revision = 0
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Facts">What it holds: nothing where no message has created it yet.</param>
[GenerateSerializer, Immutable, Alias("c360.CustomerIdentity")]
public sealed record CustomerIdentity([property: Id(0)] string? MovedTo, [property: Id(1)] CustomerFacts Facts);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Json">The document of <see cref="ProfileDocument"/>; empty where there is no such customer.</param>
/// <param name="PolicyTag">
/// Of the mastership policy that chose the values, null for the built-in one: with the version it says every byte.
/// </param>
/// <param name="IsRestricted">It is kept and not used: not everybody who may read is shown it.</param>
[GenerateSerializer, Immutable, Alias("c360.ProfileReply")]
public sealed record ProfileReply(
    [property: Id(0)] bool Exists,
    [property: Id(1)] string? MovedTo,
    [property: Id(2)] string CustomerId,
    [property: Id(3)] long Version,
    [property: Id(4)] ReadOnlyMemory<byte> Json,
    [property: Id(5)] string? PolicyTag = null,
    [property: Id(6)] bool IsRestricted = false
);

/// <param name="View">Null where there is no such customer, or it has moved.</param>
[GenerateSerializer, Immutable, Alias("c360.ProfileViewReply")]
public sealed record ProfileViewReply([property: Id(0)] string? MovedTo, [property: Id(1)] ProfileView? View);

/// <param name="Cursor">Of the page before, or null.</param>
[GenerateSerializer, Immutable, Alias("c360.TimelineRequest")]
public sealed record TimelineRequest(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] DateTimeOffset To,
    [property: Id(2)] bool Descending,
    [property: Id(3)] int Limit,
    [property: Id(4)] TimelinePlace? Cursor
);

/// <summary>A place in a timeline: where the next page goes on.</summary>
[GenerateSerializer, Immutable, Alias("c360.TimelinePlace")]
public sealed record TimelinePlace(
    [property: Id(0)] DateTimeOffset Timestamp,
    [property: Id(1)] int Partition,
    [property: Id(2)] long Position
);

/// <param name="Next">Where the next page goes on; null on the last.</param>
[GenerateSerializer, Immutable, Alias("c360.TimelineReply")]
public sealed record TimelineReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<Envelope> Messages,
    [property: Id(2)] TimelinePlace? Next
);

/// <param name="Before">Only sessions that began before this time: where the next page goes on.</param>
[GenerateSerializer, Immutable, Alias("c360.SessionsRequest")]
public sealed record SessionsRequest(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] DateTimeOffset To,
    [property: Id(2)] int Limit,
    [property: Id(3)] DateTimeOffset? Before
);

[GenerateSerializer, Immutable, Alias("c360.SessionsReply")]
public sealed record SessionsReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<CustomerSession> Sessions,
    [property: Id(2)] DateTimeOffset? Next
);

[GenerateSerializer, Immutable, Alias("c360.CustomerSession")]
public readonly record struct CustomerSession(
    [property: Id(0)] DateTimeOffset StartedAt,
    [property: Id(1)] DateTimeOffset EndedAt,
    [property: Id(2)] int EventCount
);
