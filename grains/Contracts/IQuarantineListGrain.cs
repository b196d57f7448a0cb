using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// A part of the list of quarantined identifiers. Key: the part's number, 0 to <see cref="QuarantineList.Parts"/> - 1.
/// Identifiers enter and leave themselves; whether one is quarantined is its own answer, not the list's.
/// </summary>
[Alias("c360.IQuarantineListGrain")]
public interface IQuarantineListGrain : IGrainWithIntegerKey
{
    /// <summary>Enters an identifier. Repeating it changes nothing.</summary>
    [Alias("Add")]
    Task Add(Identifier identifier);

    /// <summary>Takes an identifier out. Repeating it changes nothing.</summary>
    [Alias("Remove")]
    Task Remove(Identifier identifier);

    /// <summary>The first identifiers behind <paramref name="after"/> (null: from the first), by type and value.</summary>
    /// <param name="limit">How many at most.</param>
    [ReadOnly]
    [Alias("List")]
    Task<ImmutableArray<Identifier>> List(Identifier? after, int limit);
}

/// <summary>How the list is divided.</summary>
public static class QuarantineList
{
    /// <summary>Fixed: another number would look for identifiers in the wrong part.</summary>
    public const int Parts = 64;

    /// <summary>The part that an identifier stands in.</summary>
    public static int PartOf(Identifier identifier) => (int)(Containment.TieOf(identifier) % Parts);
}
