using System.Collections.Immutable;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

/// <summary>Writes a state if its version is the expected one; the result is the new version, or null.</summary>
/// <param name="audit">Records that are written if the state is.</param>
internal sealed class StateWriteWork(
    string kind,
    string key,
    ReadOnlyMemory<byte> json,
    long expectedVersion,
    ImmutableArray<AuditWrite> audit
) : PipelineWork<long?>
{
    public string Kind => kind;

    public string Key => key;

    public ReadOnlyMemory<byte> Json => json;

    public long ExpectedVersion => expectedVersion;

    public ImmutableArray<AuditWrite> Audit => audit;

    public override int Affinity { get; } = HashCode.Combine(kind, key);

    public override int Rows => 1 + audit.Length;

    public override long Bytes { get; } = 64 + json.Length + audit.Sum(record => record.Bytes);
}

internal sealed class StateClearWork(string kind, string key, long expectedVersion) : PipelineWork<bool>
{
    public string Kind => kind;

    public string Key => key;

    public long ExpectedVersion => expectedVersion;

    public override int Affinity { get; } = HashCode.Combine(kind, key);
}
