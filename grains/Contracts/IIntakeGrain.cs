using System.Collections.Immutable;
using Customer360.Rules.Events;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// The one writer of a partition of the event log. Key: the partition's number. Appends what comes in, acknowledges it
/// when it is durable, then hands it to its customers in log order, also after a crash.
/// </summary>
[Alias("c360.IIntakeGrain")]
public interface IIntakeGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Takes messages whose anchors belong to this partition. Completes when they are durable or, if asked for, when
    /// their profiles show them. Calls are answered together: many callers share one append.
    /// </summary>
    /// <exception cref="Rules.Ports.StorageUnavailableException">Nothing of it may be acknowledged.</exception>
    [AlwaysInterleave]
    [Alias("Collect")]
    Task<CollectReply> Collect(CollectRequest request);

    /// <summary>Opens the partition and goes on with what was accepted but not yet handed over. Idempotent.</summary>
    [AlwaysInterleave]
    [Alias("Start")]
    Task<IntakeStatus> Start();

    /// <summary>Where the partition stands.</summary>
    [AlwaysInterleave]
    [Alias("GetStatus")]
    Task<IntakeStatus> GetStatus();

    /// <summary>A page of the quarantined messages of all partitions, by partition and position; any partition can answer.</summary>
    /// <param name="after">Where the page before ended, or null.</param>
    /// <param name="limit">How many at most.</param>
    [AlwaysInterleave]
    [Alias("ListQuarantined")]
    Task<ImmutableArray<QuarantinedPlace>> ListQuarantined(MessagePlace? after, int limit);

    /// <summary>
    /// Hands a quarantined message of this partition over once more; applied, it leaves the quarantine. It goes through its
    /// anchor's lane, behind what waits there.
    /// </summary>
    [AlwaysInterleave]
    [Alias("RetryQuarantined")]
    Task<RetryReply> RetryQuarantined(long position);

    /// <summary>
    /// Takes those of these messages of this partition out of quarantine that keep their contracts by now, in their order. Repeating it
    /// changes nothing.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Redrive")]
    Task<RedriveReply> Redrive(RedriveRequest request);

    /// <summary>
    /// Completes when the partition stores no more messages under anchors that rules of before a change gave them, and what it
    /// was just storing is stored or is not. It waits for storage only, never for another grain's append.
    /// </summary>
    /// <param name="since">The change: the <see cref="PolicyVersion.Epoch"/> of the identity rules.</param>
    [AlwaysInterleave]
    [Alias("FollowAnchors")]
    Task FollowAnchors(long since);

    /// <summary>Waits until a stored message is in its profile; false where that took longer.</summary>
    [AlwaysInterleave]
    [Alias("WhenApplied")]
    Task<bool> WhenApplied(long position, TimeSpan waitAtMost);

    /// <summary>
    /// Completes when the partition takes nothing in any more that the list of suppressions names up to a place in it. Answers the
    /// last position that it stored before: what stands up to there may still be on its way.
    /// </summary>
    /// <param name="sequence">The place in the list.</param>
    [AlwaysInterleave]
    [Alias("FollowSuppressions")]
    Task<long> FollowSuppressions(long sequence);

    /// <summary>True where nothing up to that position is on its way any more: it is in its profile, set aside or not taken.</summary>
    [AlwaysInterleave]
    [Alias("HasSettled")]
    Task<bool> HasSettled(long position);
}

/// <summary>Messages of one request for one partition.</summary>
/// <param name="WaitUntilApplied">True: answer when the profiles show them, or after <paramref name="WaitAtMost"/>.</param>
/// <param name="WaitAtMost">How long to wait for that.</param>
[GenerateSerializer, Immutable, Alias("c360.CollectRequest")]
public sealed record CollectRequest(
    [property: Id(0)] ImmutableArray<Envelope> Envelopes,
    [property: Id(1)] bool WaitUntilApplied,
    [property: Id(2)] TimeSpan WaitAtMost
)
{
    /// <summary>
    /// The <see cref="PolicyVersion.Epoch"/> of the identity rules of the sender's node when the messages were read: a
    /// partition that does not know of that change asks about it before it stores anything.
    /// </summary>
    [Id(3)]
    public long AnchorsSince { get; init; }
}

/// <summary>What became of a request's messages.</summary>
[GenerateSerializer, Alias("c360.CollectStatus")]
public enum CollectStatus
{
    /// <summary>Every message is durable (or was before).</summary>
    Stored = 1,

    /// <summary>Stored, and the profiles show them.</summary>
    Applied = 2,

    /// <summary>The partition has too much waiting; nothing of the request was taken. Try again later.</summary>
    Overloaded = 3,

    /// <summary>
    /// By the rules in force one of the messages has another anchor than the one that it was sent with. Nothing of the
    /// request was taken: read the messages again by rules of <see cref="CollectReply.AnchorsSince"/>, and send them again.
    /// </summary>
    OtherAnchors = 4,
}

/// <param name="Receipts">One per message, in the request's order; empty when overloaded.</param>
/// <param name="RetryAfterSeconds">When overloaded: whole seconds until another try makes sense; else 0.</param>
[GenerateSerializer, Immutable, Alias("c360.CollectReply")]
public sealed record CollectReply(
    [property: Id(0)] CollectStatus Status,
    [property: Id(1)] ImmutableArray<StoredReceipt> Receipts,
    [property: Id(2)] int RetryAfterSeconds
)
{
    /// <summary>With <see cref="CollectStatus.OtherAnchors"/>: the change of rules that the sender's node must know; else 0.</summary>
    [Id(3)]
    public long AnchorsSince { get; init; }
}

/// <param name="Position">Its position in the partition; of a duplicate, the position of the stored message.</param>
[GenerateSerializer, Immutable, Alias("c360.StoredReceipt")]
public readonly record struct StoredReceipt([property: Id(0)] long Position, [property: Id(1)] bool Duplicate)
{
    /// <summary>
    /// The partition that has it, where that is another one: a duplicate of a message that was stored when other rules gave
    /// it another anchor. Null: the partition that answers.
    /// </summary>
    [Id(2)]
    public int? OtherPartition { get; init; }

    /// <summary>It was not stored: its person must not be taken in again.</summary>
    [Id(3)]
    public bool IsSuppressed { get; init; }
}

/// <param name="NextPosition">The next message's position.</param>
/// <param name="AppliedPosition">Every message up to here is in its profile.</param>
/// <param name="Waiting">Messages taken in but not yet applied.</param>
/// <param name="Recovering">Those of them that were stored before the partition was opened: a reader would miss them.</param>
[GenerateSerializer, Immutable, Alias("c360.IntakeStatus")]
public sealed record IntakeStatus(
    [property: Id(0)] int Partition,
    [property: Id(1)] long NextPosition,
    [property: Id(2)] long AppliedPosition,
    [property: Id(3)] int Waiting,
    [property: Id(4)] int Recovering
);
