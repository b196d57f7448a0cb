using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>Sends what waits for a destination. Key: the destination's name.</summary>
[Alias("c360.IDestinationGrain")]
public interface IDestinationGrain : IGrainWithStringKey
{
    /// <summary>Something waits. It is no loss where this does not arrive: every node asks by itself now and then.</summary>
    [OneWay, AlwaysInterleave]
    [Alias("Ring")]
    Task Ring();

    /// <summary>How it stands; counts take some tens of milliseconds.</summary>
    [Alias("Get")]
    Task<DestinationStanding> Get();

    /// <summary>One page of deliveries.</summary>
    [Alias("List")]
    Task<ImmutableArray<DeliveryLine>> List(DeliveryFilter filter);

    /// <summary>Nothing is sent until somebody says so; what is under way comes to its end.</summary>
    [Alias("Pause")]
    Task<DestinationStanding> Pause(string by);

    /// <summary>It sends again: also one that paused itself, or was switched off by its receiver.</summary>
    [Alias("Resume")]
    Task<DestinationStanding> Resume(string by);

    /// <summary>Puts what was done back among what waits; consent and access are asked anew.</summary>
    /// <returns>How many; as many as the filter's limit: there may be more.</returns>
    [Alias("Replay")]
    Task<int> Replay(DeliveryFilter filter);

    /// <summary>Sends something that is about nobody, and says what came of it. Nobody waits for a receiver that answers late but who asks.</summary>
    [AlwaysInterleave]
    [Alias("Test")]
    Task<DeliveryTest> Test();
}

/// <summary>Whether a destination sends.</summary>
[GenerateSerializer, Alias("c360.DestinationStatus")]
public enum DestinationStatus
{
    Running = 0,

    /// <summary>Somebody has paused it, or it has paused itself: its receiver refuses what it shows, or must not be called.</summary>
    Paused = 1,

    /// <summary>Its receiver has said that it is no more.</summary>
    Disabled = 2,
}

/// <param name="Reason">Why it does not send; empty where it does.</param>
/// <param name="By">Who paused or resumed it: a key, or <c>grid</c>; empty: nobody ever has.</param>
/// <param name="OldestAt">When the oldest of what waits was caused; null: nothing waits.</param>
/// <param name="IsOpen">The breaker is open: its receiver fails.</param>
/// <param name="FreshUntil">Its age is over what was agreed: late since then; null: it is not.</param>
[GenerateSerializer, Immutable, Alias("c360.DestinationStanding")]
public sealed record DestinationStanding(
    [property: Id(0)] DestinationStatus Status,
    [property: Id(1)] string Reason,
    [property: Id(2)] string By,
    [property: Id(3)] DateTimeOffset? Since,
    [property: Id(4)] long Waiting,
    [property: Id(5)] DateTimeOffset? OldestAt,
    [property: Id(6)] DateTimeOffset? NextAt,
    [property: Id(7)] long Sent,
    [property: Id(8)] long Withheld,
    [property: Id(9)] long Failed,
    [property: Id(10)] bool IsOpen,
    [property: Id(11)] DateTimeOffset? FreshUntil
);

/// <summary>Which deliveries are meant; what is null is not asked.</summary>
/// <param name="Outcome"><c>sent</c>, <c>withheld</c>, <c>failed</c> or <c>waiting</c>; null: all that is done.</param>
/// <param name="AfterCustomer">Page on behind this place; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("c360.DeliveryFilter")]
public sealed record DeliveryFilter(
    [property: Id(0)] string? Outcome,
    [property: Id(1)] string? Reason,
    [property: Id(2)] string? CustomerId,
    [property: Id(3)] DateTimeOffset? From,
    [property: Id(4)] DateTimeOffset? To,
    [property: Id(5)] string? AfterCustomer,
    [property: Id(6)] long AfterNumber,
    [property: Id(7)] int Limit
)
{
    /// <summary>Of a replay: only what was done before this time.</summary>
    [Id(8)]
    public DateTimeOffset? DoneBefore { get; init; }
}

/// <summary>What became of an effect, or that it waits.</summary>
/// <param name="Number">With the customer its place in the list.</param>
/// <param name="Outcome"><c>sent</c>, <c>withheld</c>, <c>failed</c> or <c>waiting</c>.</param>
/// <param name="Status">The HTTP status; 0: there was none.</param>
/// <param name="At">When it was caused.</param>
/// <param name="DoneAt">When that became of it; of one that waits when it is tried next.</param>
[GenerateSerializer, Immutable, Alias("c360.DeliveryLine")]
public sealed record DeliveryLine(
    [property: Id(0)] long Number,
    [property: Id(1)] string EffectId,
    [property: Id(2)] string Type,
    [property: Id(3)] string CustomerId,
    [property: Id(4)] string Name,
    [property: Id(5)] string Cause,
    [property: Id(6)] string Outcome,
    [property: Id(7)] string Reason,
    [property: Id(8)] int Status,
    [property: Id(9)] int Tries,
    [property: Id(10)] DateTimeOffset At,
    [property: Id(11)] DateTimeOffset DoneAt,
    [property: Id(12)] string? Note
);

/// <param name="IsTaken">The receiver took it.</param>
/// <param name="Reason">Else why not, as of a delivery.</param>
[GenerateSerializer, Immutable, Alias("c360.DeliveryTest")]
public sealed record DeliveryTest(
    [property: Id(0)] bool IsTaken,
    [property: Id(1)] int Status,
    [property: Id(2)] string Reason,
    [property: Id(3)] double Seconds
);
