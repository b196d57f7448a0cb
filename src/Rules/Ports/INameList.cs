using System.Collections.Immutable;

namespace Customer360.Rules.Ports;

/// <summary>A word of a customer's names. It is written with the customer's state, in one transaction.</summary>
/// <param name="Word">In its one spelling.</param>
/// <param name="CustomerId">Also the key of the state.</param>
/// <param name="Fields">The fields that have the word: a number of flags.</param>
public sealed record NameRow(string Word, string CustomerId, int Fields);

/// <summary>A place among the words.</summary>
public sealed record NamePlace(string Word, string CustomerId);

/// <summary>A look at a part of the list.</summary>
/// <param name="Lead">How the word begins by which the list is gone through.</param>
/// <param name="Others">How other words of the same customer begin.</param>
/// <param name="Fields">Words count that one of these fields has.</param>
/// <param name="After">Begin behind this place; null: at the first.</param>
/// <param name="LookedAt">Rows that are looked at, at most.</param>
/// <param name="Limit">Customers that are answered, at most.</param>
public sealed record NameLook(
    string Lead,
    ImmutableArray<string> Others,
    int Fields,
    NamePlace? After,
    int LookedAt,
    int Limit
);

/// <param name="Found">By word, then customer id (ordinal). A customer stands once in a list, under the first of its words.</param>
/// <param name="Next">Where the next look begins; null: there is no more.</param>
public sealed record NameLookPage(ImmutableArray<NamePlace> Found, NamePlace? Next);

/// <summary>The list of the words of people's names. The port that storage implements.</summary>
public interface INameList
{
    /// <summary>How many words begin in each of these ways, or the limit where there are more.</summary>
    Task<ImmutableArray<int>> CountAsync(ImmutableArray<string> words, int limit, CancellationToken cancellationToken);

    /// <summary>Goes through a part of the list.</summary>
    Task<NameLookPage> LookAsync(NameLook look, CancellationToken cancellationToken);

    /// <summary>
    /// The store is older than the list, and had customers when it got it: those may be missing until they are written, or looked at.
    /// </summary>
    Task<bool> IsBackfillOwedAsync(CancellationToken cancellationToken);
}
