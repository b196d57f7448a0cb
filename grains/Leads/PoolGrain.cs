using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Routing;

namespace Customer360.Grains;

/// <summary>What a pool has dealt.</summary>
public sealed record PoolState
{
    public PoolLedger Ledger { get; init; } = PoolLedger.Empty;
}

/// <inheritdoc cref="PoolLedgerJson"/>
public sealed class PoolStateCodec : IStateCodec<PoolState>
{
    public void Write(Utf8JsonWriter writer, PoolState state) => PoolLedgerJson.Write(writer, state.Ledger);

    public PoolState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new PoolState { Ledger = PoolLedgerJson.Read(document.RootElement) };
    }
}

/// <inheritdoc cref="IPoolGrain"/>
/// <remarks>One turn after the other, each written before it is told: so two leads never have the same turn, and a crash loses none.</remarks>
[GrainType("pool")]
public sealed class PoolGrain(
    [PersistentState(GrainKeys.PoolState, GrainKeys.Storage)] IPersistentState<PoolState> stored
) : Grain, IPoolGrain
{
    private PoolLedger Ledger => stored.State.Ledger;

    public async Task<PoolDealt> Take(PoolAsk ask)
    {
        (PoolLedger ledger, PoolTurn turn, PoolReason? reason) = Ledger.Take(
            ask.Turn,
            [.. ask.People.Select(one => new PoolShare(one.PersonId, one.Weight))],
            ask.IsWhole
        );
        await Save(ledger);
        return new PoolDealt(turn.PersonId, (int?)reason ?? 0);
    }

    public Task<string?> FindHolder(string turn) => Task.FromResult(Ledger.Open.GetValueOrDefault(turn)?.PersonId);

    public Task Return(string turn) => Save(Ledger.Return(turn));

    public Task Settle(string turn) => Save(Ledger.Settle(turn));

    public Task<PoolFairness> GetFairness()
    {
        if (!stored.RecordExists)
        {
            // Anyone may ask for any name: one under which nothing is stored does not stay in memory for that.
            DeactivateOnIdle();
        }

        FairnessReport report = Ledger.Report();
        return Task.FromResult(
            new PoolFairness(
                report.Turns,
                report.Returned,
                [.. report.People.Select(one => new PersonFairness(one.PersonId, one.Expected, one.Got, one.Owed))]
            )
        );
    }

    private Task Save(PoolLedger ledger) =>
        ReferenceEquals(ledger, Ledger)
            ? Task.CompletedTask
            : stored.SaveOrTakeBack(new PoolState { Ledger = ledger }, this);
}
