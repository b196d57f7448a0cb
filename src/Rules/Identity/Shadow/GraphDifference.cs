using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>What proposed rules would do to a customer. The names are part of the API.</summary>
public enum CustomerChange
{
    Merge = 1,
    Split = 2,
    MergeAndSplit = 3,
}

/// <summary>How many of today's customers would merge, split or stay; together they are all.</summary>
/// <param name="Now">Customers today.</param>
/// <param name="Then">What would be left of them, as customers.</param>
/// <param name="Stay">Neither with anybody else nor apart.</param>
/// <param name="Merge">Whole, together with others.</param>
/// <param name="Split">In several customers, each its own.</param>
/// <param name="MergeAndSplit">In several customers, not all its own.</param>
/// <param name="Vanish">None of their identifiers would be one.</param>
public sealed record GraphCounts(int Now, int Then, int Stay, int Merge, int Split, int MergeAndSplit, int Vanish);

/// <summary>Two identifiers that make the difference.</summary>
/// <param name="Place">The message; null where two values become the same identifier.</param>
/// <param name="Because">
/// <c>together</c>: the message carries both. <c>same_value</c>: the proposed normalisation makes them one.
/// <c>limit:{type}</c>, <c>separation:{id}</c>, <c>quarantined</c>, <c>profile_too_large</c>: what keeps them apart.
/// </param>
public sealed record CausingEdge(LogPlace? Place, Identifier One, Identifier Other, string Because);

/// <summary>A customer that would change.</summary>
/// <param name="With">Customers that it would be together with, some of them where there are many.</param>
/// <param name="Parts">In how many customers its identifiers would be.</param>
/// <param name="Edges">
/// What causes it, some where there are many. None that says why it comes apart where what held it together is no identifier
/// under the proposed rules.
/// </param>
public sealed record AffectedCustomer(
    string CustomerId,
    CustomerChange Change,
    ImmutableArray<string> With,
    int Parts,
    ImmutableArray<CausingEdge> Edges
);

/// <summary>A customer as it would be.</summary>
/// <param name="CustomerId">The id that it would have had from the beginning.</param>
/// <param name="Identifiers">How many it would hold.</param>
/// <param name="Customers">How many of today's customers are in it.</param>
public sealed record ShadowCluster(string CustomerId, int Identifiers, int Customers);

/// <param name="IdentifiersGone">Identifiers of today that would be none.</param>
/// <param name="Largest">The largest customers that there would be, the largest first.</param>
/// <param name="Affected">By customer id; the first of them where there are more than are kept.</param>
public sealed record GraphDifference(
    GraphCounts Customers,
    int IdentifiersGone,
    ImmutableArray<ShadowCluster> Largest,
    ImmutableArray<AffectedCustomer> Affected
);
