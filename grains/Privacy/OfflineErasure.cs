using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;

namespace Customer360.Grains;

/// <summary>What erasing in a store that no grid runs on came to.</summary>
/// <param name="Suppressions">Entries that the list lacked.</param>
/// <param name="Identifiers">Identifiers that the store still had.</param>
/// <param name="Customers">Customers that were emptied.</param>
/// <param name="MessagesRemoved">Messages that were removed.</param>
/// <param name="MessagesRedacted">Other people's messages of which a mention was taken out.</param>
public sealed record OfflineErasureResult(
    int Suppressions,
    int Identifiers,
    int Customers,
    long MessagesRemoved,
    long MessagesRedacted
);

/// <summary>
/// Erases again, in a store from a backup, whom the ledger names. The ledger has hashes only, so every identifier that the store has is
/// hashed and looked up. No grain runs: states are changed where they are stored, by the same rules.
/// </summary>
public sealed partial class OfflineErasure(
    IGrainStateStore states,
    IStateScan scan,
    IErasureStore erasure,
    IEventLog log,
    IQuarantine quarantine,
    ISuppressionList list,
    SuppressionKey key
)
{
    private const int PageStates = 1_000;
    private const int PageEntries = 5_000;

    private readonly HashSet<SuppressionHash> _suppressed = [];
    private readonly HashSet<string> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<Identifier, bool> _known = [];

    /// <param name="ledger">In its order.</param>
    /// <param name="partitions">Partitions that there may be.</param>
    public async Task<OfflineErasureResult> Run(
        ImmutableArray<SuppressionEntry> ledger,
        int partitions,
        CancellationToken stop
    )
    {
        int added = await Suppress(ledger, stop);
        var targets = new ErasureTargets(await FindIdentifiers(partitions, stop));
        (long removed, long redacted) = await EraseLog(targets, partitions, stop);
        await EraseStates(targets, stop);
        await Pass(after => erasure.EraseDecisionsAsync(after, new DecisionErasure(targets, _customers), stop));
        await ForgetPlaces(stop);
        await erasure.SealAsync([], stop);
        return new OfflineErasureResult(added, targets.Identifiers.Count, _customers.Count, removed, redacted);
    }

    /// <summary>Brings the list to where the ledger is: of an identifier its last word counts.</summary>
    private async Task<int> Suppress(ImmutableArray<SuppressionEntry> ledger, CancellationToken stop)
    {
        var listed = new Dictionary<SuppressionHash, SuppressionChange>();
        long last = 0;
        ImmutableArray<SuppressionEntry> page;
        do
        {
            page = await list.ReadAsync(last, PageEntries, stop);
            foreach (SuppressionEntry entry in page)
            {
                listed[entry.Hash] = entry.Change;
                last = entry.Sequence;
            }
        } while (page.Length == PageEntries);

        if (last > 0 && !listed.ContainsKey(key.Mark))
        {
            throw new StorageUnavailableException("The list of suppressions was made with another key.");
        }

        var said = new Dictionary<SuppressionHash, SuppressionEntry>();
        foreach (SuppressionEntry entry in ledger)
        {
            said[entry.Hash] = entry;
        }

        if (said.Count > 0 && !said.ContainsKey(key.Mark))
        {
            throw new StorageUnavailableException("The ledger of erasures was made with another key.");
        }

        ImmutableArray<SuppressionEntry> lacking =
        [
            .. said
                .Values.Where(entry => !listed.TryGetValue(entry.Hash, out var change) || change != entry.Change)
                .OrderBy(entry => entry.Hash == key.Mark ? 0 : 1)
                .Select((entry, index) => entry with { Sequence = last + 1 + index }),
        ];
        if (!await list.AppendAsync(lacking, stop))
        {
            throw new InvalidOperationException("Somebody else writes to the store.");
        }

        foreach ((SuppressionHash hash, SuppressionChange change) in listed)
        {
            if (change == SuppressionChange.Suppressed)
            {
                _suppressed.Add(hash);
            }
        }

        foreach (SuppressionEntry entry in lacking)
        {
            if (entry.Change == SuppressionChange.Suppressed)
            {
                _suppressed.Add(entry.Hash);
            }
            else
            {
                _suppressed.Remove(entry.Hash);
            }
        }

        return lacking.Length;
    }

    private async Task<List<Identifier>> FindIdentifiers(int partitions, CancellationToken stop)
    {
        await foreach (ScannedState state in Scan(GrainKeys.IdentifierState, stop))
        {
            _ = IsSuppressed(Identifier.Parse(state.Key));
        }

        // A message may carry one that was never anybody's.
        var reader = new Reader(this);
        for (int partition = 0; partition < partitions; partition++)
        {
            await Pass(after => erasure.EraseLogAsync(partition, after, reader, stop));
        }

        return [.. _known.Where(one => one.Value).Select(one => one.Key)];
    }

    private bool IsSuppressed(Identifier identifier)
    {
        if (!_known.TryGetValue(identifier, out bool isSuppressed))
        {
            _known.Add(identifier, isSuppressed = _suppressed.Contains(key.Of(identifier)));
        }

        return isSuppressed;
    }

    private async Task<(long Removed, long Redacted)> EraseLog(
        ErasureTargets targets,
        int partitions,
        CancellationToken stop
    )
    {
        var judge = new ErasureJudge(targets);
        (long removed, long redacted) = (0, 0);
        for (int partition = 0; partition < partitions; partition++)
        {
            (long gone, long changed) = await Pass(after => erasure.EraseLogAsync(partition, after, judge, stop));
            removed += gone;
            redacted += changed;
        }

        return (removed, redacted);
    }

    private static async Task<(long Removed, long Replaced)> Pass(Func<string, Task<ErasurePiece>> piece)
    {
        (long removed, long replaced) = (0, 0);
        string? next = "";
        while (next is not null)
        {
            ErasurePiece done = await piece(next);
            removed += done.Removed;
            replaced += done.Replaced;
            next = done.Next;
        }

        return (removed, replaced);
    }
}
