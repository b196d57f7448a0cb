using System.Collections.Immutable;
using Customer360.Rules.Destinations;

namespace Customer360.Rules.Ports;

/// <summary>
/// An effect that a destination has to be told of. It is written with the state that causes it, in one transaction
/// (<see cref="StateCompanions"/>); a row whose effect the destination has already, waiting or told, is not written again.
/// </summary>
public sealed record OutboxRow(string Destination, Effect Effect);

/// <summary>A row that was taken to be sent, with what is known of its subject.</summary>
/// <param name="Sequence">Its place among the subject's rows, rising.</param>
/// <param name="Tries">How often it was taken before.</param>
/// <param name="FirstTriedAt">When it was first taken for a try that counts.</param>
/// <param name="SentBefore">The destination has something of the person, or may have.</param>
/// <param name="HasGap">An earlier row of the subject was given up.</param>
public sealed record OutboxItem(
    Effect Effect,
    long Sequence,
    int Tries,
    DateTimeOffset FirstTriedAt,
    bool SentBefore,
    bool HasGap
);

/// <summary>What became of a row.</summary>
public enum DeliveryOutcome
{
    Sent = 1,

    /// <summary>Consent, access or the person's erasure kept it back, or it says nothing that the destination needs.</summary>
    Withheld = 2,

    /// <summary>It was given up: a dead letter.</summary>
    Failed = 3,

    /// <summary>It is tried again later.</summary>
    Retry = 4,
}

/// <summary>What came of one try.</summary>
/// <param name="Reason">A word: why it was withheld, or what failed; empty of what was sent.</param>
/// <param name="Status">The HTTP status; 0: there was none.</param>
/// <param name="RetryAt">Of a retry: when.</param>
public sealed record DeliveryResult(
    OutboxItem Item,
    DeliveryOutcome Outcome,
    string Reason = "",
    int Status = 0,
    DateTimeOffset? RetryAt = null
)
{
    /// <summary>What the receiver called it, or said: at most 200 characters without personal data; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The try does not count: nobody was asked.</summary>
    public bool IsNoTry { get; init; }

    /// <summary>Whom what was sent was about; null: whom the effect is about. The destination counts as told of her, too.</summary>
    public string? AboutId { get; init; }

    /// <summary>
    /// It was not taken, or nobody knows whether it was, and the receiver may have it all the same: an answer may have been lost on its way.
    /// From then on the destination counts as told of the person, so that a withdrawal or an erasure reaches it.
    /// </summary>
    public bool MayHaveArrived { get; init; }

    /// <summary>
    /// Of an erasure: the destination has nothing of the person any more, or never had. One that was withheld for another reason has not
    /// happened there, and keeps by what the person was known, for whoever does it by hand or sends it again.
    /// </summary>
    public bool IsForgotten =>
        Item.Effect.Kind == EffectKind.PersonErased
        && (
            Outcome == DeliveryOutcome.Sent
            || (Outcome == DeliveryOutcome.Withheld && Reason == DeliveryWords.NeverSent)
        );
}

/// <summary>A taking of rows: they are the taker's until it ends.</summary>
/// <param name="Id">Of the taker; another than any before.</param>
/// <param name="Until">From then on others may take them.</param>
public sealed record OutboxLease(string Id, DateTimeOffset Until);

/// <summary>What became of a row, or that it waits.</summary>
/// <param name="Number">Its place in the list; of one that waits its sequence.</param>
/// <param name="Outcome">Null: it waits.</param>
/// <param name="DoneAt">Of one that waits: when it is tried next.</param>
public sealed record DeliveryRow(
    long Number,
    Effect Effect,
    DeliveryOutcome? Outcome,
    string Reason,
    int Status,
    int Tries,
    DateTimeOffset DoneAt,
    string? Note
);

/// <summary>Which deliveries are meant; what is null is not asked.</summary>
public sealed record DeliveryQuery(string Destination)
{
    /// <summary>Null with <see cref="IsWaiting"/> false: all that is done.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>Those that wait, by subject; else those that are done, the newest first.</summary>
    public bool IsWaiting { get; init; }

    public string? Reason { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>Only what was caused at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what was caused before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// Of what is done only what was before this time: so that a replay in several calls does not come upon what it has put back itself.
    /// </summary>
    public DateTimeOffset? DoneBefore { get; init; }

    /// <summary>Page on behind this place: see <see cref="DeliveryCursor"/>; null: the first page.</summary>
    public DeliveryCursor? After { get; init; }

    public int Limit { get; init; } = 100;
}

/// <summary>The place of a delivery in its list.</summary>
/// <param name="CustomerId">Of one that waits; else empty.</param>
public sealed record DeliveryCursor(string CustomerId, long Number);

/// <summary>How a destination's part of the outbox stands.</summary>
/// <param name="Waiting">Rows that wait; beyond a million it says a million, as the other counts do.</param>
/// <param name="OldestAt">When the oldest of them was caused; null: none waits.</param>
/// <param name="NextAt">When the next may be taken; null: none waits.</param>
public sealed record OutboxStanding(
    long Waiting,
    DateTimeOffset? OldestAt,
    DateTimeOffset? NextAt,
    long Sent,
    long Withheld,
    long Failed
);

/// <summary>The outbox: what waits for destinations, and what became of it. The port that storage implements.</summary>
public interface IOutbox
{
    /// <summary>
    /// Takes rows that are due: of each subject the first, and of none whose first is taken or waits. So what is sent about one customer
    /// is sent in order, and a customer that has to wait holds up no other. One whose lease ended without a word may have been sent.
    /// </summary>
    Task<ImmutableArray<OutboxItem>> TakeAsync(
        string destination,
        OutboxLease lease,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Writes what became of rows that were taken. Of those that the taker has no longer nothing is written. The subjects' next rows are
    /// due.
    /// </summary>
    /// <returns>How many were still the taker's.</returns>
    Task<int> SettleAsync(
        string destination,
        string leaseId,
        ImmutableArray<DeliveryResult> results,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>Counts, for people; it may take some tens of milliseconds.</summary>
    Task<OutboxStanding> ReadStandingAsync(string destination, CancellationToken cancellationToken);

    /// <summary>When the oldest row that waits was caused, and when the next may be taken; nulls where none waits. Cheap.</summary>
    Task<(DateTimeOffset? OldestAt, DateTimeOffset? NextAt)> ReadNextAsync(
        string destination,
        CancellationToken cancellationToken
    );

    /// <summary>One page of deliveries.</summary>
    Task<ImmutableArray<DeliveryRow>> ReadAsync(DeliveryQuery query, CancellationToken cancellationToken);

    /// <summary>Puts what was done back among what waits, behind it: it is asked anew whether it may be sent.</summary>
    /// <param name="query">Which; its limit is how many at once.</param>
    /// <returns>How many; fewer than the limit: there are no more.</returns>
    Task<int> ReplayAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes what was done of an outcome before a time, some at once; answers how many.</summary>
    Task<int> TrimAsync(
        string destination,
        DeliveryOutcome outcome,
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    );
}
