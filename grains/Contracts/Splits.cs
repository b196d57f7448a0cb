using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Grains.Contracts;

/// <param name="SplitId">Unique; a repeat of the same split changes nothing.</param>
/// <param name="From">The customer that gives them away; older than the one asked.</param>
/// <param name="Identifiers">What leaves it. At least one, not all.</param>
/// <param name="Reason">Free text of who asks for it.</param>
/// <param name="By">The name of the key that asks for it.</param>
/// <param name="JobId">
/// The cut-over or roll back that asks for it, or null. Such a split makes no separation: what keeps the two apart are the
/// rules.
/// </param>
/// <param name="Stays">
/// With a job: identifiers that stay in any case. What else is held goes with the one whose message linked it.
/// </param>
[GenerateSerializer, Immutable, Alias("c360.SplitRequest")]
public sealed record SplitRequest(
    [property: Id(0)] string SplitId,
    [property: Id(1)] string From,
    [property: Id(2)] ImmutableArray<Identifier> Identifiers,
    [property: Id(3)] string Reason,
    [property: Id(4)] string By,
    [property: Id(5)] DateTimeOffset At,
    [property: Id(6)] string? JobId = null,
    [property: Id(7)] ImmutableArray<Identifier> Stays = default
);

/// <param name="MergeId">The merge to take back.</param>
/// <param name="SplitId">Unique; a repeat of the same undoing changes nothing.</param>
/// <param name="Brought">What the customer held when it was merged (the decision's identifiers).</param>
/// <param name="JobId">The roll back that asks for it, or null: see <see cref="SplitRequest"/>.</param>
/// <param name="Stays">What the other customer held before the merge; default: not known.</param>
[GenerateSerializer, Immutable, Alias("c360.UndoRequest")]
public sealed record UndoRequest(
    [property: Id(0)] string MergeId,
    [property: Id(1)] string SplitId,
    [property: Id(2)] ImmutableArray<Identifier> Brought,
    [property: Id(3)] string Reason,
    [property: Id(4)] string By,
    [property: Id(5)] DateTimeOffset At,
    [property: Id(6)] string? JobId = null,
    [property: Id(7)] ImmutableArray<Identifier> Stays = default
);

/// <param name="Refused">The refusal's code, or null. Nothing was changed then.</param>
/// <param name="MovedTo">The customer that holds the state now (nothing was changed here), or null.</param>
/// <param name="CustomerId">The customer that the identifiers left.</param>
/// <param name="SplitCustomerId">The customer that has them now.</param>
/// <param name="SeparationId">What keeps the two apart; empty where a job asked for it.</param>
/// <param name="Identifiers">What was moved.</param>
[GenerateSerializer, Immutable, Alias("c360.SplitReply")]
public sealed record SplitReply(
    [property: Id(0)] string? Refused,
    [property: Id(1)] string? MovedTo,
    [property: Id(2)] string CustomerId,
    [property: Id(3)] string SplitCustomerId,
    [property: Id(4)] string SeparationId,
    [property: Id(5)] ImmutableArray<Identifier> Identifiers
);

/// <param name="To">The younger customer that asks.</param>
/// <param name="MergeId">Of an undoing: the merge; else null.</param>
/// <param name="IsRehearsal">True: only say what it would come to; change nothing.</param>
/// <param name="JobId">The job that asks for it, or null: see <see cref="SplitRequest"/>.</param>
/// <param name="Stays">Identifiers that stay in any case.</param>
[GenerateSerializer, Immutable, Alias("c360.ReleaseRequest")]
public sealed record ReleaseRequest(
    [property: Id(0)] string SplitId,
    [property: Id(1)] string To,
    [property: Id(2)] ImmutableArray<Identifier> Identifiers,
    [property: Id(3)] string? MergeId,
    [property: Id(4)] string Reason,
    [property: Id(5)] string By,
    [property: Id(6)] DateTimeOffset At,
    [property: Id(7)] bool IsRehearsal,
    [property: Id(8)] string? JobId = null,
    [property: Id(9)] ImmutableArray<Identifier> Stays = default
);

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Refused">The refusal's code, or null.</param>
/// <param name="StateJson">What leaves, as a customer state in its stored form: entries and separations.</param>
[GenerateSerializer, Immutable, Alias("c360.ReleaseReply")]
public sealed record ReleaseReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] string? Refused,
    [property: Id(2)] string SeparationId,
    [property: Id(3)] ReadOnlyMemory<byte> StateJson
);
