using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>Finds customers by words of their names. It owns nothing: it reads the list for the API, which sees no storage. Key: 0.</summary>
[Alias("c360.INameListGrain")]
public interface INameListGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// One page of customers that have these words, by the first of their words that fits. What they are called now, and what of it a caller
    /// may see, is to be asked of each.
    /// </summary>
    [ReadOnly]
    [Alias("Find")]
    Task<NamesPage> Find(NamesQuery query);
}

/// <param name="Words">In their one spelling; each is how a word begins. One or more.</param>
/// <param name="Fields">Words count that one of these fields has: flags.</param>
/// <param name="After">The place behind which the page begins; null: the first page.</param>
/// <param name="Limit">Customers at most.</param>
[GenerateSerializer, Immutable, Alias("c360.NamesQuery")]
public sealed record NamesQuery(
    [property: Id(0)] ImmutableArray<string> Words,
    [property: Id(1)] int Fields,
    [property: Id(2)] NamesPlace? After,
    [property: Id(3)] int Limit
);

/// <summary>A place in a search.</summary>
/// <param name="Lead">Which of the query's words the list is gone through by.</param>
/// <param name="Word">The word of the place.</param>
/// <param name="CustomerId">The customer of the place.</param>
[GenerateSerializer, Immutable, Alias("c360.NamesPlace")]
public sealed record NamesPlace(
    [property: Id(0)] int Lead,
    [property: Id(1)] string Word,
    [property: Id(2)] string CustomerId
);

/// <param name="CustomerIds">In the order of the list.</param>
/// <param name="Next">Where the next page begins; null: there is none. A page may be empty and have a next one.</param>
[GenerateSerializer, Immutable, Alias("c360.NamesPage")]
public sealed record NamesPage(
    [property: Id(0)] ImmutableArray<string> CustomerIds,
    [property: Id(1)] NamesPlace? Next
);
