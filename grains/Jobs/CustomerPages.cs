using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>Goes through what is stored of all customers, for jobs that have to see each.</summary>
internal static class CustomerPages
{
    private const int PageCustomers = 200;

    /// <summary>Page by page, by id. How far it is, is told behind each page.</summary>
    /// <param name="visit">Does what has to be done for a page; it rests between pieces of work.</param>
    public static async Task Walk(
        JobTools tools,
        JobPace pace,
        JobProgress progress,
        Func<ImmutableArray<ScannedState>, Task> visit,
        CancellationToken stop
    )
    {
        string after = "";
        string? first = null;
        ImmutableArray<ScannedState> page;
        do
        {
            page = await pace.Storage(tools.Scan.ReadPageAsync(GrainKeys.CustomerState, after, PageCustomers, stop));
            first ??= page.FirstOrDefault()?.Key;
            await visit(page);
            after = page.IsEmpty ? after : page[^1].Key;
            await progress(first is null ? 100 : PercentOf(first, after, tools.Time.GetUtcNow()));
        } while (page.Length == PageCustomers);
    }

    /// <summary>How far a walk is, 0 to 100: ids rise with the time at which customers began.</summary>
    private static double PercentOf(string first, string reached, DateTimeOffset now)
    {
        DateTimeOffset began = CustomerId.CreatedAt(first);
        return 100 * (CustomerId.CreatedAt(reached) - began) / (now - began + TimeSpan.FromSeconds(1));
    }
}
