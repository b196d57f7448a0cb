using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

/// <summary>Writes a state if its version is the expected one; the result is the new version, or null.</summary>
/// <param name="audit">Records that are written if the state is.</param>
/// <param name="listings">What becomes of the state's rows in lists if the state is written.</param>
/// <param name="outbox">What waits for destinations from then on if the state is written.</param>
internal sealed class StateWriteWork(
    string kind,
    string key,
    ReadOnlyMemory<byte> json,
    long expectedVersion,
    ImmutableArray<AuditWrite> audit,
    ImmutableArray<StateListing> listings,
    ImmutableArray<OutboxWrite> outbox
) : PipelineWork<long?>
{
    public string Kind => kind;

    public string Key => key;

    public ReadOnlyMemory<byte> Json => json;

    public long ExpectedVersion => expectedVersion;

    public ImmutableArray<AuditWrite> Audit => audit;

    public ImmutableArray<StateListing> Listings => listings;

    public ImmutableArray<OutboxWrite> Outbox => outbox;

    /// <summary>Nothing else is written with the state.</summary>
    public bool IsAlone => audit.IsEmpty && listings.IsEmpty && outbox.IsEmpty;

    public override int Affinity { get; } = HashCode.Combine(kind, key);

    public override int Rows => 1 + audit.Length + listings.Sum(RowsOf) + (2 * outbox.Length);

    public override long Bytes { get; } =
        64 + json.Length + audit.Sum(record => record.Bytes) + (256 * listings.Length) + outbox.Sum(row => row.Bytes);

    private static int RowsOf(StateListing listing) =>
        listing switch
        {
            AudienceListing members => members.Rows.Length,
            NameListing names => names.Rows.Length,
            _ => 1,
        };
}

internal sealed class StateClearWork(string kind, string key, long expectedVersion) : PipelineWork<bool>
{
    public string Kind => kind;

    public string Key => key;

    public long ExpectedVersion => expectedVersion;

    public override int Affinity { get; } = HashCode.Combine(kind, key);
}
