using System.Collections.Immutable;

namespace Customer360.Rules.Policies;

/// <summary>How an entry came into force. The names are stored and shown, in camelCase.</summary>
public enum PolicyAction
{
    /// <summary>By <c>PUT</c>.</summary>
    Put = 1,

    /// <summary>A file at a node's start.</summary>
    File = 2,

    /// <summary>By <c>:rollBack</c>.</summary>
    RollBack = 3,

    /// <summary>By a job that makes the difference that the policy makes in stored data.</summary>
    CutOver = 4,

    /// <summary>By a job that takes that difference back.</summary>
    CutOverRollBack = 5,

    /// <summary>The same policy; a release that understands it otherwise was started.</summary>
    Release = 6,

    /// <summary>The policy that is built into a release; there was no other.</summary>
    BuiltIn = 7,

    /// <summary>By the approval of a proposal.</summary>
    Approved = 8,
}

/// <summary>An entry of the history.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Version">See <see cref="PolicyBody{T}.Version"/>.</param>
/// <param name="TextId">Names the file as it came.</param>
/// <param name="By">Who brought it: the name of a key; of a file <c>file</c>.</param>
/// <param name="Replaces">The version that was in force before; empty where that was not noted.</param>
public sealed record PolicyEntry(
    long Number,
    string Version,
    string TextId,
    DateTimeOffset At,
    string By,
    PolicyAction Action,
    string Replaces
)
{
    /// <inheritdoc cref="PolicyInForce{T}.Epoch"/>
    public long Epoch { get; init; }

    /// <summary>How the release understood it; empty where that was not noted.</summary>
    public string Release { get; init; } = "";

    /// <summary>The key that approved it; null where the kind needs no approval.</summary>
    public string? ApprovedBy { get; init; }

    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>Of a roll back: the entry whose policy it repeats, 0 for the built-in one.</summary>
    public long? RollBackTo { get; init; }
}

/// <summary>A policy that waits for an approval.</summary>
/// <param name="Replaces">The version that it is meant to replace.</param>
public sealed record PolicyProposal(string Version, string TextId, DateTimeOffset At, string By, string Replaces);

/// <summary>What the ledger must know of the kind.</summary>
/// <param name="BuiltInVersion">What counts while the history is empty.</param>
public sealed record PolicyTerms(bool NeedsFourEyes, string BuiltInVersion, string BuiltInTextId);

/// <param name="IfInForce">Only if one of these versions is in force; empty: whatever is.</param>
/// <param name="KeepsGround">See <see cref="PolicyKind.HasSameGround"/>.</param>
public sealed record PolicySubmission(
    string Version,
    string TextId,
    DateTimeOffset At,
    string By,
    PolicyAction Action,
    ImmutableArray<string> IfInForce,
    bool KeepsGround
);

/// <param name="Version">The proposal that is approved.</param>
/// <param name="Replaces">The version that the approver saw in force.</param>
public sealed record PolicyApproval(
    string Version,
    string Replaces,
    DateTimeOffset At,
    string By,
    ImmutableArray<string> IfInForce,
    bool KeepsGround
);

/// <param name="Version">The version of the history to go back to.</param>
/// <param name="Becomes">Its version as this release reads it: another one where the canonical form has changed since.</param>
public sealed record PolicyRollBack(
    string Version,
    string Becomes,
    DateTimeOffset At,
    string By,
    ImmutableArray<string> IfInForce,
    bool KeepsGround
);

/// <summary>Why a command changes nothing.</summary>
public enum PolicyObjection
{
    /// <summary>Another version is in force than the command was meant for.</summary>
    Replaced = 1,

    /// <summary>There is no such proposal, or not any more.</summary>
    NotProposed = 2,

    /// <summary>Who proposes does not approve.</summary>
    OwnProposal = 3,

    /// <summary>Too many proposals are open.</summary>
    TooManyProposals = 4,

    /// <summary>The history does not have that version.</summary>
    NeverInForce = 5,

    /// <summary>The kind needs four eyes, and this way has two.</summary>
    ApprovalNeeded = 6,

    /// <summary>The file is not valid where its history is kept: by another release, perhaps.</summary>
    NotValid = 7,
}

/// <summary>What a command came to.</summary>
/// <param name="Ledger">The same object where nothing changed.</param>
public readonly record struct PolicyDecision(PolicyLedger Ledger)
{
    /// <summary>Null where it was done, or had been done before.</summary>
    public PolicyObjection? Objection { get; init; }

    /// <summary>Where it waits for an approval: the proposal.</summary>
    public PolicyProposal? Proposed { get; init; }
}

/// <summary>A kind of step in a policy's life, as the audit has it.</summary>
public enum PolicyStepKind
{
    Proposed = 1,

    /// <summary>Put in force without an approval, where the kind needs none.</summary>
    InForce = 2,

    /// <summary>Approved, and in force by that.</summary>
    Approved = 3,
    RolledBack = 4,

    /// <summary>A proposal that another version in force made void.</summary>
    Dropped = 5,
}

/// <summary>A step in a policy's life.</summary>
/// <param name="Number">From 1, without gaps, in each kind of policy.</param>
/// <param name="By">Who took it; of a dropped proposal, who put the other version in force.</param>
/// <param name="Replaces">The version that was in force.</param>
public sealed record PolicyStep(
    long Number,
    PolicyStepKind Kind,
    DateTimeOffset At,
    string By,
    string Version,
    string TextId,
    string Replaces
);
