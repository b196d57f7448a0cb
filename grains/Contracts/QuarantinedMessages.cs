namespace Customer360.Grains.Contracts;

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
