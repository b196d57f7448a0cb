using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

internal sealed class OpenPartitionWork(int partition) : PipelineWork<PartitionHead>
{
    public int Partition => partition;

    public override int Affinity => partition;
}

internal sealed class AppendWork(int partition, ImmutableArray<LogAppend> messages) : PipelineWork<AppendResult>
{
    public static readonly AppendResult FencedResult = new(Fenced: true, []);

    private static readonly AppendResult[] s_allStoredResults =
    [
        .. Enumerable.Range(0, 257).Select(count => new AppendResult(Fenced: false, [.. new long[count]])),
    ];

    public int Partition => partition;

    public override int Affinity => partition;

    public ImmutableArray<LogAppend> Messages => messages;

    public long FirstPosition => messages[0].Position;

    /// <summary>What the partition's next position is after this append.</summary>
    public long NextPosition => messages[0].Position + messages.Length;

    public override int Rows => messages.Length;

    public override long Bytes { get; } = messages.Sum(message => 128L + message.Payload.Length);

    /// <summary>The usual answer that nothing was a duplicate. It is shared, since it never differs.</summary>
    public static AppendResult AllStored(int count) =>
        count < s_allStoredResults.Length ? s_allStoredResults[count] : new(Fenced: false, [.. new long[count]]);
}

internal sealed class CheckpointWork(int partition, long position) : PipelineWork<bool>
{
    public int Partition => partition;

    public override int Affinity => partition;

    public long Position => position;
}

internal sealed class QuarantineAddWork(QuarantinedMessage message) : PipelineWork<bool>
{
    public QuarantinedMessage Message => message;

    public override int Affinity => message.Partition;
}

internal sealed class QuarantineRemoveWork(int partition, long position) : PipelineWork<bool>
{
    public int Partition => partition;

    public long Position => position;

    public override int Affinity => partition;
}
