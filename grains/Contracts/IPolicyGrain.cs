using System.Collections.Immutable;
using Customer360.Rules.Policies;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Owns one kind of policy: which version is in force, what was before, and what is proposed. Key: the kind's name. Every node
/// keeps a copy of what is in force (<see cref="IPolicyNode"/>) and asks for the number once a second.
/// </summary>
[Alias("c360.IPolicyGrain")]
public interface IPolicyGrain : IGrainWithStringKey
{
    /// <summary>The number of the entry in force, which rises with every change; 0 while there is none.</summary>
    [ReadOnly]
    [Alias("GetNumber")]
    Task<long> GetNumber();

    /// <summary>Of the entry in force (<see cref="PolicyEntry.Epoch"/>); 0 while there is none.</summary>
    [ReadOnly]
    [Alias("GetEpoch")]
    Task<long> GetEpoch();

    /// <summary>The entry in force with its file; null while the built-in policy is in force.</summary>
    [ReadOnly]
    [Alias("GetCurrent")]
    Task<PolicyVersion?> GetCurrent();

    /// <summary>The latest entry of the history, or the open proposal, with a version; null where there is none.</summary>
    [ReadOnly]
    [Alias("Find")]
    Task<PolicyVersion?> Find(string version);

    /// <summary>What waits for an approval, the oldest first, without files.</summary>
    [ReadOnly]
    [Alias("GetProposals")]
    Task<ImmutableArray<PolicyVersion>> GetProposals();

    /// <summary>Entries of the history, the newest first, without files.</summary>
    [ReadOnly]
    [Alias("GetHistory")]
    Task<PolicyHistory> GetHistory(PolicyHistoryQuery query);

    /// <summary>Puts a file in force, or proposes it where the kind needs four eyes. Repeating it changes nothing.</summary>
    [Alias("Put")]
    Task<PolicyReply> Put(PolicyPut put);

    /// <summary>Proposes a file, whatever the kind: it counts when somebody else approves it. Repeating it changes nothing.</summary>
    [Alias("Propose")]
    Task<PolicyReply> Propose(PolicyPut put);

    /// <summary>Puts a proposal in force. Repeating it changes nothing.</summary>
    [Alias("Approve")]
    Task<PolicyReply> Approve(PolicyApprove approve);

    /// <summary>Puts an earlier version in force again. Repeating it changes nothing.</summary>
    [Alias("RollBack")]
    Task<PolicyReply> RollBack(PolicyRevert revert);

    /// <summary>
    /// Told by each node at its start how its release understands the kind (<see cref="PolicyKind.Release"/>). Repeating it
    /// changes nothing.
    /// </summary>
    [Alias("FollowRelease")]
    Task FollowRelease(string release);
}

/// <summary>An entry of the history, or a proposal, with its file.</summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Number">From 1, without gaps; 0 of a proposal and of the built-in policy.</param>
/// <param name="Version">The hash of what the file says. Files that differ in comments only have the same.</param>
/// <param name="Text">The file as it came; empty in lists.</param>
/// <param name="By">The name of the key that brought it; of a file <c>file</c>.</param>
/// <param name="Action">How it came into force; null of a proposal.</param>
/// <param name="Replaces">The version that was, or is, in force; empty where that was not noted.</param>
[GenerateSerializer, Immutable, Alias("c360.PolicyVersion")]
public sealed record PolicyVersion(
    [property: Id(0)] string Kind,
    [property: Id(1)] long Number,
    [property: Id(2)] string Version,
    [property: Id(3)] string Text,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] string By,
    [property: Id(6)] PolicyAction? Action,
    [property: Id(7)] string Replaces
)
{
    /// <inheritdoc cref="PolicyEntry.Epoch"/>
    [Id(8)]
    public long Epoch { get; init; }

    /// <inheritdoc cref="PolicyEntry.Release"/>
    [Id(9)]
    public string Release { get; init; } = "";

    /// <inheritdoc cref="PolicyEntry.ApprovedBy"/>
    [Id(10)]
    public string? ApprovedBy { get; init; }

    [Id(11)]
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <inheritdoc cref="PolicyEntry.RollBackTo"/>
    [Id(12)]
    public long? RollBackTo { get; init; }
}

/// <param name="Action"><c>Put</c>, <c>File</c>, <c>CutOver</c> or <c>CutOverRollBack</c>.</param>
/// <param name="IfInForce">Only if one of these versions is in force; empty: whatever is.</param>
[GenerateSerializer, Immutable, Alias("c360.PolicyPut")]
public sealed record PolicyPut(
    [property: Id(0)] string Text,
    [property: Id(1)] string By,
    [property: Id(2)] PolicyAction Action,
    [property: Id(3)] ImmutableArray<string> IfInForce
);

/// <param name="Replaces">The version that the approver saw in force.</param>
/// <param name="IfInForce">As in <see cref="PolicyPut"/>.</param>
[GenerateSerializer, Immutable, Alias("c360.PolicyApprove")]
public sealed record PolicyApprove(
    [property: Id(0)] string Version,
    [property: Id(1)] string Replaces,
    [property: Id(2)] string By,
    [property: Id(3)] ImmutableArray<string> IfInForce
);

/// <param name="Version">The version to go back to.</param>
/// <param name="IfInForce">As in <see cref="PolicyPut"/>.</param>
[GenerateSerializer, Immutable, Alias("c360.PolicyRevert")]
public sealed record PolicyRevert(
    [property: Id(0)] string Version,
    [property: Id(1)] string By,
    [property: Id(2)] ImmutableArray<string> IfInForce
);

/// <param name="Current">What is in force afterwards; null while the built-in policy is.</param>
/// <param name="Proposed">Where the file waits for an approval: the proposal.</param>
/// <param name="Objection">Why nothing was changed; null where it was done, now or before.</param>
[GenerateSerializer, Immutable, Alias("c360.PolicyReply")]
public sealed record PolicyReply(
    [property: Id(0)] PolicyVersion? Current,
    [property: Id(1)] PolicyVersion? Proposed,
    [property: Id(2)] PolicyObjection? Objection
);

/// <param name="BeforeNumber">Only entries with a lower number; null: from the newest.</param>
/// <param name="Limit">Entries at most.</param>
[GenerateSerializer, Immutable, Alias("c360.PolicyHistoryQuery")]
public sealed record PolicyHistoryQuery([property: Id(0)] long? BeforeNumber, [property: Id(1)] int Limit);

/// <param name="Entries">The newest first, without their files.</param>
/// <param name="HasMore">True: older ones follow.</param>
[GenerateSerializer, Immutable, Alias("c360.PolicyHistory")]
public sealed record PolicyHistory(
    [property: Id(0)] ImmutableArray<PolicyVersion> Entries,
    [property: Id(1)] bool HasMore
);
