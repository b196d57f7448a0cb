using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>Where an owner of identifiers stands.</summary>
public enum OwnerStatus
{
    /// <summary>It owns identifiers and takes messages (or nothing has created it yet).</summary>
    Live = 0,

    /// <summary>It is giving its state to an older owner and answers nobody until that is done.</summary>
    Sealed = 1,

    /// <summary>Its state is elsewhere; it stays as a stub that answers with the forwarding address.</summary>
    Retired = 2,

    /// <summary>Its person was erased: it holds nothing, and takes nothing on ever again.</summary>
    Erased = 3,
}

/// <summary>What an owner has under its identifiers. A merge is the union of two, a split moves part of one.</summary>
public interface IHoldings<THoldings>
    where THoldings : IHoldings<THoldings>
{
    static abstract THoldings Empty { get; }

    /// <summary>The identifiers, in order.</summary>
    ImmutableArray<Identifier> Identifiers { get; }

    /// <summary>
    /// How much of the owner's version they count for (of a customer: the messages). What leaves is made up for, so that no
    /// reader sees a version go back.
    /// </summary>
    long MessageCount { get; }

    bool Holds(Identifier identifier);

    static abstract THoldings Union(THoldings left, THoldings right);
}

/// <summary>A merge under way, as the younger owner keeps it.</summary>
/// <param name="Into">Whom it asks to take its state in; changes where that one sends it on.</param>
/// <param name="RuleVersion">The rules by which it was decided; empty in states of before it was noted.</param>
/// <param name="Identifiers">Those of the message that vouch for it; none in states of before they were noted.</param>
public sealed record MergeUnderWay(
    string Into,
    string MergeId,
    string MessageId,
    string Source,
    DateTimeOffset At,
    string RuleVersion,
    ImmutableArray<Identifier> Identifiers
)
{
    /// <summary>The job that asked for it; null: a message did.</summary>
    public string? JobId { get; init; }

    /// <summary>The revision of <see cref="Into"/> when it took the state in; 0 before that.</summary>
    public long Since { get; init; }

    /// <summary>The message only claims what it says. False in states that are older than this.</summary>
    public bool IsClaimed { get; init; }
}

/// <summary>A split under way, as the owner that gets the identifiers keeps it.</summary>
/// <param name="From">Whom it takes them from.</param>
/// <param name="Identifiers">What was asked for; of an undoing: what the owner brought.</param>
/// <param name="MergeId">Of an undoing: the merge.</param>
/// <param name="SeparationId">Set once the entries are ours.</param>
public sealed record SplitUnderWay(
    string SplitId,
    string From,
    ImmutableArray<Identifier> Identifiers,
    string? MergeId,
    string Reason,
    string By,
    DateTimeOffset At,
    string? SeparationId
)
{
    /// <summary>The job that asked for it, or null. Then there is no separation, and its id is empty.</summary>
    public string? JobId { get; init; }

    /// <summary>What stays with the other owner in any case.</summary>
    public ImmutableArray<Identifier> Stays { get; init; } = [];
}

/// <summary>
/// What an owner has given away and the younger one has not confirmed yet. It keeps it until then: whatever crashes, the
/// entries are with one of the two.
/// </summary>
public sealed record PendingRelease<THoldings>(
    string SplitId,
    string To,
    string SeparationId,
    THoldings Held,
    ImmutableArray<Separation> Separations
);

/// <summary>
/// What merges and splits know and change of an owner of identifiers: a customer, and whatever else comes to own some. What it
/// has under its identifiers is the owner's own affair.
/// </summary>
public sealed record Ownership<THoldings>(string Id, THoldings Held)
    where THoldings : IHoldings<THoldings>
{
    public OwnerStatus Status { get; init; }

    /// <summary>Rises with every change of identity.</summary>
    public long Revision { get; init; }

    /// <summary>Of a stub: where its state is.</summary>
    public string? MovedTo { get; init; }

    /// <summary>Of a stub: the revision of <see cref="MovedTo"/> when it took the state in; 0 where that was not noted.</summary>
    public long MovedSince { get; init; }

    /// <summary>Of a stub: the merge that retired it; null in states of before it was noted.</summary>
    public string? RetiredBy { get; init; }

    /// <summary>Of a sealed owner: the merge to be finished.</summary>
    public MergeUnderWay? Merge { get; init; }

    /// <summary>A split that it is getting its identifiers by.</summary>
    public SplitUnderWay? Split { get; init; }

    /// <summary>The merges whose state it has taken in, in that order. A stub keeps them.</summary>
    public ImmutableArray<string> Absorbed { get; init; } = [];

    /// <summary>How it has answered younger owners of late; see <see cref="SettledMerge"/>.</summary>
    public ImmutableArray<SettledMerge> Settled { get; init; } = [];

    /// <summary>What it has given away and is not confirmed yet.</summary>
    public ImmutableArray<PendingRelease<THoldings>> Releases { get; init; } = [];

    /// <summary>What must not come together with its identifiers.</summary>
    public ImmutableArray<Separation> Separations { get; init; } = [];
}
