using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Contracts;

/// <summary>Asks for a page of a customer's decisions, those of the customers that merged into it included.</summary>
/// <param name="Limit">Decisions at most, 1 to 1,000.</param>
/// <param name="After">Where the page before ended, or null.</param>
/// <param name="Naming">Only decisions that name one of these identifiers; empty: all.</param>
[GenerateSerializer, Immutable, Alias("c360.DecisionsRequest")]
public sealed record DecisionsRequest(
    [property: Id(0)] int Limit,
    [property: Id(1)] HistoryPlace? After,
    [property: Id(2)] ImmutableArray<Identifier> Naming
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Decisions">In order of <see cref="HistoryPlace"/>.</param>
/// <param name="HasMore">Another page follows, behind the last decision of this one.</param>
/// <param name="IsTruncated">
/// There are more decisions or merged customers than one question looks through; some may be missing.
/// </param>
[GenerateSerializer, Immutable, Alias("c360.DecisionsReply")]
public sealed record DecisionsReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<RecordedDecision> Decisions,
    [property: Id(2)] bool HasMore,
    [property: Id(3)] bool IsTruncated
);

/// <summary>A decision of the log, on the wire (<see cref="DecisionRecord"/>).</summary>
/// <param name="PayloadJson">UTF-8 JSON object.</param>
[GenerateSerializer, Immutable, Alias("c360.RecordedDecision")]
public sealed record RecordedDecision(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] string Kind,
    [property: Id(2)] string CustomerId,
    [property: Id(3)] string? OtherCustomerId,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] ReadOnlyMemory<byte> PayloadJson
)
{
    public static RecordedDecision Of(DecisionRecord decision) =>
        new(decision.Id, decision.Kind, decision.CustomerId, decision.OtherCustomerId, decision.At, decision.Payload);

    public DecisionRecord ToRecord() => new(DecisionId, Kind, CustomerId, OtherCustomerId, At, PayloadJson);
}

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="AppliedTo">The log position up to which the identifier's messages are in the profile; 0: none is.</param>
[GenerateSerializer, Immutable, Alias("c360.StandingReply")]
public sealed record StandingReply([property: Id(0)] string? MovedTo, [property: Id(1)] long AppliedTo);

/// <summary>A place in a customer's history on the wire between silos.</summary>
[GenerateSerializer, Immutable, Alias("c360.HistoryPlaceSurrogate")]
public readonly record struct HistoryPlaceSurrogate(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] int Step,
    [property: Id(2)] string DecisionId
);

/// <summary>Lets <see cref="HistoryPlace"/>, which knows no engine, cross the wire.</summary>
[RegisterConverter]
public sealed class HistoryPlaceConverter : IConverter<HistoryPlace, HistoryPlaceSurrogate>
{
    public HistoryPlace ConvertFromSurrogate(in HistoryPlaceSurrogate surrogate) =>
        new(surrogate.At, surrogate.Step, surrogate.DecisionId);

    public HistoryPlaceSurrogate ConvertToSurrogate(in HistoryPlace value) =>
        new(value.At, value.Step, value.DecisionId);
}
