using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Simulation.Storage;

/// <summary>The list of names.</summary>
internal sealed partial class ProcessStorage
{
    public Task<ImmutableArray<int>> CountAsync(
        ImmutableArray<string> words,
        int limit,
        CancellationToken cancellationToken
    ) => Read("names", "", () => disk.Names.Count(words, limit), cancellationToken);

    public Task<NameLookPage> LookAsync(NameLook look, CancellationToken cancellationToken) =>
        Read("names", "", () => disk.Names.Look(look), cancellationToken);

    public Task<bool> IsBackfillOwedAsync(CancellationToken cancellationToken) => Task.FromResult(false);
}
