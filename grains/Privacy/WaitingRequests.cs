using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;

namespace Customer360.Grains;

/// <summary>Requests as they are stored: those whose people are emptied and wait for a pass, and those about somebody.</summary>
internal static class WaitingRequests
{
    private const int PageStates = 1_000;

    /// <summary>Since when the longest of them waits; null where none does.</summary>
    public static async Task<DateTimeOffset?> Since(IStateScan scan, CancellationToken stop)
    {
        DateTimeOffset? since = null;
        await foreach (PrivacyRequestState request in Read(scan, DateTimeOffset.MaxValue, stop))
        {
            if (since is null || request.FreedAt < since)
            {
                since = request.FreedAt;
            }
        }

        return since;
    }

    /// <summary>Those that waited before a time; their ids are filled in.</summary>
    public static IAsyncEnumerable<PrivacyRequestState> Read(
        IStateScan scan,
        DateTimeOffset before,
        CancellationToken stop
    ) =>
        ReadAll(
            scan,
            request => request is { Erasure.Phase: ErasurePhase.Scrub, FreedAt: { } freedAt } && freedAt < before,
            stop
        );

    /// <summary>Those that a pass has taken out, and that are not done yet.</summary>
    public static IAsyncEnumerable<PrivacyRequestState> Of(IStateScan scan, string passId, CancellationToken stop) =>
        ReadAll(scan, request => request.Erasure.Phase == ErasurePhase.Seal && request.PassId == passId, stop);

    /// <summary>Those that are about one of these customers, however they stand.</summary>
    public static IAsyncEnumerable<PrivacyRequestState> About(
        IStateScan scan,
        ImmutableArray<string> customerIds,
        CancellationToken stop
    ) => ReadAll(scan, request => request.Erasure.Customers.Any(one => customerIds.Contains(one)), stop);

    private static async IAsyncEnumerable<PrivacyRequestState> ReadAll(
        IStateScan scan,
        Func<PrivacyRequestState, bool> isWanted,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        string after = "";
        ImmutableArray<ScannedState> page;
        do
        {
            page = await scan.ReadPageAsync(GrainKeys.PrivacyRequestState, after, PageStates, stop);
            foreach (ScannedState state in page)
            {
                after = state.Key;
                PrivacyRequestState request = PrivacyRequestStateCodec.Decode(state.Json);
                if (isWanted(request))
                {
                    request.Id = state.Key;
                    yield return request;
                }
            }
        } while (page.Length == PageStates);
    }
}
