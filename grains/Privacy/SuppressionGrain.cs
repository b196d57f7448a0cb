using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;

namespace Customer360.Grains;

/// <inheritdoc cref="ISuppressionGrain"/>
/// <remarks>
/// The list is in storage and its copy on the node; the ledger outside comes first, so that no backup is ever ahead of it. One write
/// goes on at a time and takes all that has gathered meanwhile, so a thousand requests wait for a few writes. A second activation
/// that was given up finds its place taken.
/// </remarks>
[GrainType("suppression")]
public sealed class SuppressionGrain(
    Suppressions suppressions,
    ISuppressionList list,
    IErasureLedger ledger,
    SuppressionKey key,
    TimeProvider time
) : Grain, ISuppressionGrain
{
    private readonly List<Asked> _asked = [];
    private Task? _writing;

    public Task<long> Suppress(ImmutableArray<Identifier> identifiers, string requestId, string by) =>
        Add(new Asked(identifiers, SuppressionChange.Suppressed, requestId, by));

    public Task<long> Lift(ImmutableArray<Identifier> identifiers, string requestId, string by) =>
        Add(new Asked(identifiers, SuppressionChange.Lifted, requestId, by));

    private async Task<long> Add(Asked asked)
    {
        _asked.Add(asked);
        while (asked.Write is null)
        {
            if (_writing is { IsCompleted: false } busy)
            {
                // However it ends: that was about others.
                await Task.WhenAny(busy);
            }
            else
            {
                Asked[] gathered = [.. _asked];
                _asked.Clear();
                _writing = Write(gathered);
                foreach (Asked one in gathered)
                {
                    one.Write = _writing;
                }
            }
        }

        await asked.Write;
        return asked.Sequence;
    }

    private async Task Write(Asked[] gathered)
    {
        while (true)
        {
            await suppressions.Refresh(CancellationToken.None);
            ImmutableArray<SuppressionEntry> entries = EntriesOf(gathered, suppressions.Sequence);
            if (!entries.IsEmpty)
            {
                await ledger.AppendAsync(entries, CancellationToken.None);
                if (!await list.AppendAsync(entries, CancellationToken.None))
                {
                    continue;
                }

                await suppressions.Refresh(CancellationToken.None);
            }

            foreach (Asked one in gathered)
            {
                one.Sequence = suppressions.Sequence;
            }

            return;
        }
    }

    /// <summary>What changes the list, in the order in which it was asked for. The list begins with the mark of its key.</summary>
    private ImmutableArray<SuppressionEntry> EntriesOf(Asked[] gathered, long last)
    {
        DateTimeOffset now = time.GetUtcNow();
        var entries = ImmutableArray.CreateBuilder<SuppressionEntry>();
        Dictionary<Identifier, bool> changed = [];
        foreach (Asked asked in gathered)
        {
            bool isSuppressed = asked.Change == SuppressionChange.Suppressed;
            foreach (Identifier identifier in asked.Identifiers)
            {
                if (
                    isSuppressed
                    == (changed.TryGetValue(identifier, out bool by) ? by : suppressions.IsSuppressed(identifier))
                )
                {
                    continue;
                }

                if (last == 0)
                {
                    entries.Add(
                        new SuppressionEntry(
                            ++last,
                            key.Mark,
                            SuppressionChange.Suppressed,
                            now,
                            asked.RequestId,
                            asked.By
                        )
                    );
                }

                changed[identifier] = isSuppressed;
                entries.Add(
                    new SuppressionEntry(++last, key.Of(identifier), asked.Change, now, asked.RequestId, asked.By)
                );
            }
        }

        return entries.DrainToImmutable();
    }

    /// <summary>What one call asked for.</summary>
    private sealed class Asked(
        ImmutableArray<Identifier> identifiers,
        SuppressionChange change,
        string requestId,
        string by
    )
    {
        public ImmutableArray<Identifier> Identifiers { get; } = identifiers;

        public SuppressionChange Change { get; } = change;

        public string RequestId { get; } = requestId;

        public string By { get; } = by;

        /// <summary>The write that takes it along; null before there is one.</summary>
        public Task? Write { get; set; }

        /// <summary>The list's place once it is written: what was asked for is in it up to there.</summary>
        public long Sequence { get; set; }
    }
}
