using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Leads;

/// <summary>A move that happens by itself when its condition is true.</summary>
/// <param name="From">Stages from which it counts.</param>
/// <param name="Needs">Facts that must be there, whatever the condition says.</param>
/// <param name="Code">Of a move to an exit: why.</param>
public sealed record LifecycleMove(
    string Name,
    ImmutableArray<string> From,
    string To,
    Condition If,
    ImmutableArray<string> Needs,
    string? Code
);

/// <summary><c>lifecycle.yaml</c>, read: the one definition of a lead that marketing and sales share. Immutable.</summary>
/// <param name="Stages">The path, first stage first. It is walked forward; stages may be skipped.</param>
/// <param name="Exits">Stages beside the path, with the codes that say why; from them a lead may enter the path again.</param>
/// <param name="Moves">In the order in which they are asked.</param>
/// <param name="RejectCodes">Why somebody may refuse a lead.</param>
public sealed record LifecyclePolicy(
    ImmutableArray<string> Stages,
    ImmutableSortedDictionary<string, ImmutableArray<string>> Exits,
    ImmutableArray<LifecycleMove> Moves,
    ImmutableArray<string> RejectCodes
)
{
    /// <summary>Who is looked at as a lead at all; null: nobody is, and no leads are kept.</summary>
    public Condition? Begins { get; init; }

    /// <summary>Stages in which a lead is given to sales.</summary>
    public ImmutableArray<string> Routed { get; init; } = [];

    /// <summary>The codes with which a lead is closed: those of all exits.</summary>
    public FrozenSet<string> CloseCodes => Exits.Values.SelectMany(codes => codes).ToFrozenSet(StringComparer.Ordinal);

    public bool IsStage(string stage) => PlaceOf(stage) >= 0 || Exits.ContainsKey(stage);

    /// <summary>The place on the path; -1: it is not on it.</summary>
    public int PlaceOf(string stage) => Stages.IndexOf(stage);

    /// <summary>True where a lead may go from one stage to the other: forward, out of the path, or into it again.</summary>
    public bool MayGo(string from, string to)
    {
        if (from == to || !IsStage(to))
        {
            return false;
        }

        return Exits.ContainsKey(to) || Exits.ContainsKey(from) || PlaceOf(to) > PlaceOf(from);
    }
}
