using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

internal sealed class StateReadWork(string kind, string key) : PipelineWork<StoredState?>
{
    public string Kind => kind;

    public string Key => key;
}

/// <summary>Counts as its limit of rows, so that few long histories share a batch.</summary>
internal sealed class AnchorReadWork(string anchor, long afterPosition, int limit)
    : PipelineWork<ImmutableArray<LogRow>>
{
    public string Anchor => anchor;

    public long AfterPosition => afterPosition;

    public int Limit => limit;

    public override int Rows => limit;
}

/// <summary>The messages of one id, in whatever partition.</summary>
internal sealed class MessageReadWork(string messageId) : PipelineWork<ImmutableArray<LogRow>>
{
    public string MessageId => messageId;
}
