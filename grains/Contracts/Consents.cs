using System.Collections.Immutable;
using Customer360.Rules.Consent;

namespace Customer360.Grains.Contracts;

/// <summary>See <see cref="ConsentRequest"/>.</summary>
/// <param name="Roles">The caller's, for the audit.</param>
[GenerateSerializer, Immutable, Alias("c360.ConsentPut")]
public sealed record ConsentPut(
    [property: Id(0)] string RequestId,
    [property: Id(1)] ImmutableArray<ConsentSaid> Answers,
    [property: Id(2)] string By,
    [property: Id(3)] string Roles,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] string PolicyVersion,
    [property: Id(6)] string? Evidence
);

/// <summary>See <see cref="ConsentAnswer"/>.</summary>
[GenerateSerializer, Immutable, Alias("c360.ConsentSaid")]
public readonly record struct ConsentSaid(
    [property: Id(0)] string Purpose,
    [property: Id(1)] bool IsGranted,
    [property: Id(2)] DateTimeOffset? Until
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Exists">False: the customer is nobody.</param>
/// <param name="IsRefused">Another request had this id before, and nothing was written.</param>
/// <param name="HoldingsJson">Its identifiers and what was said about them: <see cref="ConsentHoldingsJson"/>.</param>
[GenerateSerializer, Immutable, Alias("c360.ConsentReply")]
public sealed record ConsentReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] bool Exists,
    [property: Id(2)] bool IsRefused,
    [property: Id(3)] ReadOnlyMemory<byte> HoldingsJson
);
