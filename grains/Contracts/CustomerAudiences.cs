using System.Collections.Immutable;

namespace Customer360.Grains.Contracts;

/// <summary>An audience that a customer is in.</summary>
/// <param name="Cause"><c>message:PARTITION/POSITION</c>, <c>time:TICKS</c>, <c>identity:ID</c>, <c>definition:VERSION</c> or another word.</param>
[GenerateSerializer, Immutable, Alias("c360.CustomerAudience")]
public sealed record CustomerAudience(
    [property: Id(0)] string Audience,
    [property: Id(1)] DateTimeOffset Since,
    [property: Id(2)] string Cause
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Exists">There is somebody of this id.</param>
/// <param name="DueAt">When the first of them may change by itself; null: none does.</param>
/// <param name="ComputedJson">The computed traits that are there, a JSON object; empty where nobody is.</param>
[GenerateSerializer, Immutable, Alias("c360.CustomerAudiencesReply")]
public sealed record CustomerAudiencesReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] bool Exists,
    [property: Id(2)] ImmutableArray<CustomerAudience> Audiences,
    [property: Id(3)] DateTimeOffset? DueAt,
    [property: Id(4)] ReadOnlyMemory<byte> ComputedJson
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Exists">There are such a customer and such an audience.</param>
/// <param name="Membership">Null: it is not in it.</param>
/// <param name="TraceJson">The condition with all that was compared, as conditions write it.</param>
/// <param name="ChangesAt">When a comparison changes by itself next; null: none does.</param>
/// <param name="IsToBeCounted">The definition is new, and the customer's events are not counted by it yet.</param>
[GenerateSerializer, Immutable, Alias("c360.AudienceWhyReply")]
public sealed record AudienceWhyReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] bool Exists,
    [property: Id(2)] CustomerAudience? Membership,
    [property: Id(3)] ReadOnlyMemory<byte> TraceJson,
    [property: Id(4)] DateTimeOffset? ChangesAt,
    [property: Id(5)] bool IsToBeCounted
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Changes">How many audiences it has entered or left.</param>
[GenerateSerializer, Immutable, Alias("c360.AudienceLookReply")]
public sealed record AudienceLookReply([property: Id(0)] string? MovedTo, [property: Id(1)] int Changes);
