using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Pipelines;

/// <summary>Single reads that arrive together are answered together, on connections of their own.</summary>
internal sealed class ReadPipeline(
    PipelineLimits limits,
    int laneCount,
    BatchExecutor execute,
    Func<Exception, StorageFailure> classify,
    PipelineWatch watch,
    ILogger logger
) : BatchPipeline(limits, laneCount, execute, classify, watch, logger)
{
    protected override async ValueTask ExecuteMeasuredAsync(int lane, IReadOnlyList<PipelineWork> batch)
    {
        await ExecuteAsync(lane, batch);
        StorageInstruments.ReadsPerBatch.Record(batch.Count);
    }

    protected override void CountFailure(StorageFailure failure) =>
        StorageInstruments.Failures.Add(1, new("pipeline", "read"), new("code", failure.Code));
}
