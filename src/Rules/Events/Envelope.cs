using System.Collections.Immutable;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;

namespace Customer360.Rules.Events;

/// <summary>
/// A trait that a message sets: its name and its value as compact UTF-8 JSON (<c>null</c> removes the trait).
/// </summary>
public readonly record struct TraitAssignment(string Name, ReadOnlyMemory<byte> ValueJson);

/// <summary>
/// One accepted message in canonical form: what the log keeps, what the fold folds. Immutable.
/// </summary>
/// <remarks>
/// <see cref="Json"/> is the whole truth: every other member is read from it, so an envelope that comes back from
/// the log equals the one that went in. Made by <see cref="EnvelopeReader"/> only.
/// </remarks>
public sealed record Envelope
{
    /// <summary>The sender's id of this message: 1 to 100 characters; what a repeat is recognised by.</summary>
    public required string MessageId { get; init; }

    public required EventKind Kind { get; init; }

    /// <summary>The name of the source (the write key's name in the settings) that sent it.</summary>
    public required string Source { get; init; }

    /// <summary>How far it is believed.</summary>
    public StatementTrust Trust { get; init; }

    /// <summary>
    /// When it happened, UTC, corrected for the sender's clock: receivedAt - (sentAt - originalTimestamp).
    /// </summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>When our API took it, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The event's name of a track, the page's or screen's name of those, else null.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The account of a group call; for other kinds that of <c>context.groupId</c>, by which Segment's spec attributes
    /// a non-group call to an account; else null.
    /// </summary>
    public string? GroupId { get; init; }

    /// <summary>Normalized, unblocked, without repeats, in order of priority. Never empty.</summary>
    public required ImmutableArray<Identifier> Identifiers { get; init; }

    /// <summary>
    /// What stands in an identifier's place and is none, with the reason; receipts say it. Mostly empty.
    /// </summary>
    public ImmutableArray<BlockedIdentifier> Blocked { get; init; } = [];

    /// <summary>What could not be read or kept of the message; receipts say it. Mostly empty.</summary>
    public ImmutableArray<LeftOutPart> LeftOut { get; init; } = [];

    /// <summary>
    /// Traits of the person, by name, each name once: an identify's <c>traits</c>, of one that has none <c>context.traits</c>.
    /// Other kinds of calls state nothing of the person: the <c>context.traits</c> in them is a copy that an SDK keeps, and
    /// may be older than what stands.
    /// </summary>
    public required ImmutableArray<TraitAssignment> Traits { get; init; }

    /// <summary>Traits of the account: a group call's <c>traits</c>; empty for every other kind.</summary>
    public required ImmutableArray<TraitAssignment> GroupTraits { get; init; }

    /// <summary>What it says about consent, as it was understood when it was received; null where it says nothing.</summary>
    public ConsentStatement? Consent { get; init; }

    /// <summary>What became of it by its contract when it was received; null where it has none.</summary>
    public ContractJudgement? Contract { get; init; }

    /// <summary>
    /// It does not keep its contract, and waits in quarantine: nothing is learned from it. When it is re-driven, the log gets it a
    /// second time, as <see cref="LogId"/> says.
    /// </summary>
    public bool IsHeld => Contract is { IsHeld: true };

    /// <summary>The id under which the log has it: the message's, or one that no sender can write where it comes out of quarantine.</summary>
    public string LogId => Contract?.ReleasedFrom is { } place ? MessageIds.OfReleased(place) : MessageId;

    /// <summary>The canonical form, compact UTF-8 JSON: what the event log stores.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The identifier that the message belongs to: the highest by priority.</summary>
    public Identifier Anchor => Identifiers[0];

    /// <summary>Equal canonical forms are equal envelopes: every other member is read from them.</summary>
    public bool Equals(Envelope? other) => other is not null && Json.Span.SequenceEqual(other.Json.Span);

    public override int GetHashCode() => MessageId.GetHashCode(StringComparison.Ordinal);
}
