using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>Messages that could not be applied.</summary>
public partial interface IIntakeGrain
{
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
}

/// <summary>A message's place in the log.</summary>
[GenerateSerializer, Immutable, Alias("c360.MessagePlace")]
public sealed record MessagePlace([property: Id(0)] int Partition, [property: Id(1)] long Position);

/// <param name="Reason">The name of the error's type: it holds nothing of the message.</param>
[GenerateSerializer, Immutable, Alias("c360.QuarantinedPlace")]
public sealed record QuarantinedPlace(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Position,
    [property: Id(2)] string Reason,
    [property: Id(3)] DateTimeOffset At
);

/// <param name="IsFound">False: no such message is in quarantine.</param>
/// <param name="Reason">Why it could not be applied this time either; null where it was.</param>
[GenerateSerializer, Immutable, Alias("c360.RetryReply")]
public sealed record RetryReply([property: Id(0)] bool IsFound, [property: Id(1)] string? Reason);
