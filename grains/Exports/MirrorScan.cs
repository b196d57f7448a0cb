using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>Goes through all stored states of a kind for a pass, one by one.</summary>
internal static class MirrorScan
{
    public static async Task Run(
        JobTools tools,
        string kind,
        int atOnce,
        Func<ScannedState, Task> add,
        MirrorSinks sinks,
        JobPace pace,
        CancellationToken stop
    )
    {
        string after = "";
        ImmutableArray<ScannedState> page;
        do
        {
            page = await pace.Storage(tools.Scan.ReadPageAsync(kind, after, atOnce, stop));
            foreach (ScannedState state in page)
            {
                await add(state);
                await sinks.Flush(stop);
                await pace.Rest();
            }

            after = page.IsEmpty ? after : page[^1].Key;
        } while (page.Length == atOnce);
    }
}
