using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;
using Customer360.Rules.Policies;

namespace Customer360.Grains;

/// <summary>What a frozen period's grain stores.</summary>
public sealed record AttributionPeriodState : IAudited
{
    /// <summary>Null before it is frozen.</summary>
    public PeriodSnapshot? Snapshot { get; init; }

    public ImmutableArray<AuditEntry> Audit { get; set; } = [];
}

/// <inheritdoc cref="PeriodSnapshotJson"/>
public sealed class AttributionPeriodStateCodec : IStateCodec<AttributionPeriodState>
{
    public void Write(Utf8JsonWriter writer, AttributionPeriodState state) =>
        PeriodSnapshotJson.Write(writer, state.Snapshot!);

    public AttributionPeriodState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new AttributionPeriodState { Snapshot = PeriodSnapshotJson.Read(document.RootElement) };
    }
}

/// <inheritdoc cref="IAttributionPeriodGrain"/>
/// <remarks>
/// It adds up first and writes once: a crash before that has frozen nothing, and whoever asks again does it. What is written is never written
/// again.
/// </remarks>
[GrainType("attribution-period")]
public sealed class AttributionPeriodGrain(
    [PersistentState(GrainKeys.AttributionPeriodState, GrainKeys.Storage)]
        IPersistentState<AttributionPeriodState> stored,
    IPolicy<AttributionPolicy> policy,
    TimeProvider time
) : Grain, IAttributionPeriodGrain
{
    private string Id => this.GetPrimaryKeyString();

    public async Task<PeriodReply> Freeze(PeriodFreeze freeze, CancellationToken cancellationToken)
    {
        if (stored.State.Snapshot is not null)
        {
            return new PeriodReply(Json(), IsNew: false);
        }

        string version = policy.Current.Version;
        ReadOnlyMemory<byte> sums = await GrainFactory
            .GetGrain<IAttributionReportGrain>(0)
            .Sum(
                new ReconciliationQuery(freeze.From, freeze.To, 0, freeze.Definition, IsAsReported: false),
                cancellationToken
            );
        if (sums.IsEmpty)
        {
            LetGoOfNothing();
            return new PeriodReply(ReadOnlyMemory<byte>.Empty, IsNew: false);
        }

        using JsonDocument models = JsonDocument.Parse(sums);
        DateTimeOffset now = time.GetUtcNow();
        var actor = new AuditActor(freeze.ActorKind, freeze.ActorName, freeze.ActorRoles);
        var entry = new AuditEntry(
            DecisionId.Of("attribution.period_frozen", Id),
            now,
            "attribution.period_frozen",
            actor,
            "attribution_period",
            Id
        );
        await stored.SaveOrTakeBack(
            new AttributionPeriodState
            {
                Snapshot = new PeriodSnapshot(
                    Id,
                    freeze.From,
                    freeze.To,
                    freeze.Definition,
                    now,
                    freeze.ActorName,
                    version,
                    PeriodSnapshotJson.ReadModels(models.RootElement)
                ),
                Audit = [entry with { PolicyVersion = version }],
            },
            this
        );
        stored.State.Audit = [];
        return new PeriodReply(Json(), IsNew: true);
    }

    public Task<ReadOnlyMemory<byte>> Get()
    {
        LetGoOfNothing();
        return Task.FromResult(stored.State.Snapshot is null ? ReadOnlyMemory<byte>.Empty : Json());
    }

    private ReadOnlyMemory<byte> Json()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        PeriodSnapshotJson.Write(writer, stored.State.Snapshot!);
        writer.Flush();
        return buffer.WrittenMemory.ToArray();
    }

    /// <summary>Anyone may ask for any id: one under which nothing is stored does not stay in memory for that.</summary>
    private void LetGoOfNothing()
    {
        if (!stored.RecordExists)
        {
            DeactivateOnIdle();
        }
    }
}
