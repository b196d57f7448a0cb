using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Names;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="INameListGrain"/>
/// <remarks>
/// A search goes along the rarest of its words and looks whether whoever has it has the others. It begins with few rows, since of one word
/// nearly every row is meant, and stops after a bounded number of them: where two frequent words meet in few people, a page is short and has
/// a next one.
/// </remarks>
[GrainType("name-list")]
[StatelessWorker]
public sealed class NameListGrain(INameList list) : Grain, INameListGrain
{
    /// <summary>Names of a word that are counted to find the rarest; beyond, words are equally frequent.</summary>
    public const int CountedMax = 10_000;

    /// <summary>Rows that one page looks at, at most.</summary>
    public const int LookedAtMax = 3_000;

    private const int FirstLook = 200;

    public async Task<NamesPage> Find(NamesQuery query)
    {
        int lead = query.After?.Lead ?? await Lead(query.Words);
        if (lead >= query.Words.Length)
        {
            // A cursor of another search: there is nothing behind it.
            return new NamesPage([], Next: null);
        }

        ImmutableArray<string> others = query.Words.RemoveAt(lead);
        var found = ImmutableArray.CreateBuilder<string>(query.Limit);
        NamePlace? after = query.After is { } place ? new NamePlace(place.Word, place.CustomerId) : null;
        int left = LookedAtMax;
        for (int look = FirstLook; left > 0 && found.Count < query.Limit; look *= 10)
        {
            int rows = Math.Min(look, left);
            NameLookPage page = await list.LookAsync(
                new NameLook(query.Words[lead], others, query.Fields, after, rows, query.Limit - found.Count),
                CancellationToken.None
            );
            found.AddRange(page.Found.Select(one => one.CustomerId));
            left -= rows;
            after = page.Next;
            if (after is null)
            {
                break;
            }
        }

        return new NamesPage(
            found.DrainToImmutable(),
            after is null ? null : new NamesPlace(lead, after.Word, after.CustomerId)
        );
    }

    private async Task<int> Lead(ImmutableArray<string> words) =>
        words.Length == 1 ? 0 : NameQuery.Rarest(await list.CountAsync(words, CountedMax, CancellationToken.None));
}
