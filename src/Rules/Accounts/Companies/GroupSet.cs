using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Accounts;

/// <summary>
/// What a company holds: the group ids that are the same company. What messages say under each stays with that group and never moves, so
/// a merge or a split moves ids alone and can lose nothing.
/// </summary>
public sealed record GroupSet(ImmutableArray<Identifier> Identifiers) : IHoldings<GroupSet>
{
    public static GroupSet Empty { get; } = new([]);

    public long MessageCount => 0;

    /// <summary>In order.</summary>
    public IEnumerable<string> GroupIds => Identifiers.Select(identifier => identifier.Value);

    public static GroupSet Of(string groupId) => new([CompanyId.GroupOf(groupId)]);

    public static GroupSet Union(GroupSet left, GroupSet right) =>
        new([.. left.Identifiers.Union(right.Identifiers).Order()]);

    public bool Holds(Identifier identifier) => Identifiers.Contains(identifier);

    public bool Equals(GroupSet? other) =>
        other is not null && Identifiers.AsSpan().SequenceEqual(other.Identifiers.AsSpan());

    public override int GetHashCode() => Identifiers.Length;
}
