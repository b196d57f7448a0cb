using System.Collections.Immutable;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>Where the log ends now, for jobs that read all of it: what comes later they do not look at.</summary>
internal static class LogHeads
{
    /// <summary>By partition: the position up to which messages are in their profiles.</summary>
    public static async Task<ImmutableArray<long>> ReadHeads(this JobTools tools, CancellationToken stop)
    {
        IntakeStatus[] partitions = await Task.WhenAll(
            Enumerable
                .Range(0, tools.Grid.Partitions)
                .Select(partition => tools.Grains.GetGrain<IIntakeGrain>(partition).Start())
        );
        stop.ThrowIfCancellationRequested();
        return [.. partitions.Select(status => status.AppliedPosition)];
    }
}
