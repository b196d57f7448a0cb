using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

/// <summary>Writes a state if its version is the expected one; the result is the new version, or null.</summary>
/// <param name="audit">Records that are written if the state is.</param>
/// <param name="listing">What becomes of the state's rows in a list if the state is written; null: nothing.</param>
/// <param name="outbox">What waits for destinations from then on if the state is written.</param>
internal sealed class StateWriteWork(
    string kind,
    string key,
    ReadOnlyMemory<byte> json,
    long expectedVersion,
    ImmutableArray<AuditWrite> audit,
    StateListing? listing,
    ImmutableArray<OutboxWrite> outbox
) : PipelineWork<long?>
{
    public string Kind => kind;

    public string Key => key;

    public ReadOnlyMemory<byte> Json => json;

    public long ExpectedVersion => expectedVersion;

    public ImmutableArray<AuditWrite> Audit => audit;

    public StateListing? Listing => listing;

    public ImmutableArray<OutboxWrite> Outbox => outbox;

    /// <summary>Nothing else is written with the state.</summary>
    public bool IsAlone => audit.IsEmpty && listing is null && outbox.IsEmpty;

    public override int Affinity { get; } = HashCode.Combine(kind, key);

    public override int Rows =>
        1
        + audit.Length
        + (
            listing is AudienceListing members ? members.Rows.Length
            : listing is null ? 0
            : 1
        )
        + (2 * outbox.Length);

    public override long Bytes { get; } =
        64
        + json.Length
        + audit.Sum(record => record.Bytes)
        + (listing is null ? 0 : 256)
        + outbox.Sum(row => row.Bytes);
}

internal sealed class StateClearWork(string kind, string key, long expectedVersion) : PipelineWork<bool>
{
    public string Kind => kind;

    public string Key => key;

    public long ExpectedVersion => expectedVersion;

    public override int Affinity { get; } = HashCode.Combine(kind, key);
}
