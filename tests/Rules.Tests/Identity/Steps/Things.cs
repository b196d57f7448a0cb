using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity.Steps;

/// <summary>Holdings that are no profiles: so many things under each identifier. The steps don't care what they move.</summary>
internal sealed record Things(ImmutableSortedDictionary<Identifier, int> Counts) : IHoldings<Things>
{
    public static Things Empty { get; } = new(ImmutableSortedDictionary<Identifier, int>.Empty);

    public ImmutableArray<Identifier> Identifiers => [.. Counts.Keys];

    public long MessageCount => Counts.Values.Sum();

    public bool Holds(Identifier identifier) => Counts.ContainsKey(identifier);

    public static Things Union(Things left, Things right) => new(left.Counts.SetItems(right.Counts));

    public static Things Of(params (string Identifier, int Count)[] things) =>
        new(things.ToImmutableSortedDictionary(one => Identifier.Parse(one.Identifier), one => one.Count));

    public Parts<Things> Split(IEnumerable<Identifier> leaving)
    {
        ImmutableSortedDictionary<Identifier, int> stays = Counts.RemoveRange(leaving);
        return new Parts<Things>(new Things(Counts.RemoveRange(stays.Keys)), new Things(stays));
    }
}
