using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

/// <summary>A row of the outbox that is written with a state.</summary>
/// <param name="DueAt">When it was asked for: from then on it may be sent.</param>
internal sealed record OutboxWrite(OutboxRow Row, DateTimeOffset DueAt)
{
    public Effect Effect => Row.Effect;

    public string Kind => EffectKinds.WordOf(Effect.Kind);

    public bool Coalesces => EffectKinds.Coalesces(Effect.Kind);

    /// <summary>Whose knowledge passes to whom: a destination that was sent the one has the other, too. Null: nobody's.</summary>
    public (string From, string To)? Passes =>
        (Effect.Kind, Effect.OtherId) switch
        {
            (EffectKind.CustomersMerged, { } into) => (Effect.CustomerId, into),
            (EffectKind.CustomerSplit, { } from) => (from, Effect.CustomerId),
            _ => null,
        };

    public string? Detail => DetailOf(Effect);

    public long Bytes => 256 + Effect.Identifiers.Sum(one => 8L + one.Length);

    /// <summary>Each effect once, and of states of one write the first: what is sent is the state of then.</summary>
    public static ImmutableArray<OutboxWrite> Of(ImmutableArray<OutboxRow> rows, DateTimeOffset now) =>
        [
            .. rows.DistinctBy(row =>
                    (
                        row.Destination,
                        EffectKinds.Coalesces(row.Effect.Kind)
                            ? $"{row.Effect.Kind} {row.Effect.CustomerId} {row.Effect.Name}"
                            : row.Effect.Id
                    )
                )
                .Select(row => new OutboxWrite(row, now)),
        ];

    public static string? DetailOf(Effect effect) =>
        effect.Identifiers.IsEmpty ? null : JsonSerializer.Serialize(effect.Identifiers.AsEnumerable());

    public static ImmutableArray<string> IdentifiersOf(string? detail) =>
        detail is null ? [] : [.. JsonSerializer.Deserialize<string[]>(detail)!];
}

/// <summary>All writes of a destination's grain take one lane.</summary>
internal abstract class OutboxWork<TResult>(string destination) : PipelineWork<TResult>
{
    public string Destination => destination;

    public override int Affinity { get; } = HashCode.Combine("outbox", destination);
}

internal sealed class OutboxTakeWork(string destination, OutboxLease lease, DateTimeOffset now, int limit)
    : OutboxWork<ImmutableArray<OutboxItem>>(destination)
{
    public OutboxLease Lease => lease;

    public DateTimeOffset Now => now;

    public int Limit => limit;

    public override int Rows => limit;
}

internal sealed class OutboxSettleWork(
    string destination,
    string leaseId,
    ImmutableArray<DeliveryResult> results,
    DateTimeOffset now
) : OutboxWork<int>(destination)
{
    public string LeaseId => leaseId;

    public ImmutableArray<DeliveryResult> Results => results;

    public DateTimeOffset Now => now;

    /// <summary>
    /// Whose knowledge passes to whom: a customer who is another now, and one of whom something was sent that was caused of another.
    /// </summary>
    public ImmutableArray<(string From, string To)> Passes { get; } =
    [.. results.Select(PassOf).OfType<(string, string)>()];

    public override int Rows => 3 * results.Length;

    public override long Bytes => 512L * results.Length;

    private static (string From, string To)? PassOf(DeliveryResult result)
    {
        Effect effect = result.Item.Effect;
        bool isMerge = effect.Kind == EffectKind.CustomersMerged && result.Outcome != DeliveryOutcome.Retry;
        bool isTold = result.Outcome == DeliveryOutcome.Sent || result.MayHaveArrived;
        return isMerge && effect.OtherId is { } into ? (effect.CustomerId, into)
            : isTold
            && !EffectKinds.IsCorrection(effect.Kind)
            && result.AboutId is { } about
            && about != effect.CustomerId
                ? (effect.CustomerId, about)
            : null;
    }
}

internal sealed class OutboxReplayWork(DeliveryQuery query, DateTimeOffset now) : OutboxWork<int>(query.Destination)
{
    public DeliveryQuery Query => query;

    public DateTimeOffset Now => now;

    public override int Rows => 3 * query.Limit;
}

internal sealed class OutboxTrimWork(string destination, DeliveryOutcome outcome, DateTimeOffset before, int limit)
    : OutboxWork<int>(destination)
{
    public DeliveryOutcome Outcome => outcome;

    public DateTimeOffset Before => before;

    public int Limit => limit;

    public override int Rows => limit;
}
