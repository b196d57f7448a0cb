using Customer360.Rules.Events;

namespace Customer360.Grains.Contracts;

/// <param name="Owner">The owning customer's id, or null.</param>
/// <param name="IsQuarantined">True: it links nobody.</param>
/// <param name="IsTied">True: the anchor is counted in its degree.</param>
[GenerateSerializer, Immutable, Alias("c360.IdentifierStanding")]
public readonly record struct IdentifierStanding(
    [property: Id(0)] string? Owner,
    [property: Id(1)] bool IsQuarantined,
    [property: Id(2)] bool IsTied
);

/// <param name="Anchor">The anchor of the message that carries the identifier.</param>
/// <param name="DegreeMax">How many anchors the rules allow.</param>
/// <param name="MessageId">That message.</param>
/// <param name="Source">Its source.</param>
/// <param name="At">Its time.</param>
/// <param name="RuleVersion">The rules in force.</param>
[GenerateSerializer, Immutable, Alias("c360.TieRequest")]
public sealed record TieRequest(
    [property: Id(0)] Identifier Anchor,
    [property: Id(1)] int DegreeMax,
    [property: Id(2)] string MessageId,
    [property: Id(3)] string Source,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] string RuleVersion
);

/// <summary>A quarantine of an identifier.</summary>
/// <param name="Owner">Who owns it; it may have moved on since. Null: nobody.</param>
/// <param name="At">The time of the message that was one too many.</param>
/// <param name="Degree">With how many anchors it had come by then.</param>
/// <param name="MessageId">That message.</param>
/// <param name="Source">Its source.</param>
/// <param name="RuleVersion">The rules then.</param>
[GenerateSerializer, Immutable, Alias("c360.IdentifierQuarantine")]
public sealed record IdentifierQuarantine(
    [property: Id(0)] string? Owner,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] int Degree,
    [property: Id(3)] string MessageId,
    [property: Id(4)] string Source,
    [property: Id(5)] string RuleVersion
);
