using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Pipelines;

/// <summary>
/// A lane of commits: what arrives while its transaction is under way shares the next one (group commit). A caller's task
/// completes when its transaction is on disk.
/// </summary>
internal sealed class CommitPipeline(
    int lane,
    PipelineLimits limits,
    BatchExecutor execute,
    Func<Exception, StorageFailure> classify,
    PipelineWatch watch,
    TimeProvider time,
    ILogger logger
) : BatchPipeline(limits, laneCount: 1, (_, batch) => execute(lane, batch), classify, watch, logger)
{
    private int _queueLengthReported;

    protected override async ValueTask ExecuteMeasuredAsync(int _, IReadOnlyList<PipelineWork> batch)
    {
        using Activity? activity = StorageInstruments.Activities.StartActivity("storage.commit");
        long start = time.GetTimestamp();
        await ExecuteAsync(lane, batch);

        StorageInstruments.Commits.Add(1);
        if (StorageInstruments.CommitDuration.Enabled)
        {
            StorageInstruments.CommitDuration.Record(time.GetElapsedTime(start).TotalSeconds);
        }

        if (StorageInstruments.CommitRows.Enabled || activity is not null)
        {
            int rows = 0;
            for (int index = 0; index < batch.Count; index++)
            {
                rows += batch[index].Rows;
            }

            StorageInstruments.CommitRows.Record(rows);
            activity?.SetTag("storage.rows", rows).SetTag("storage.requests", batch.Count);
        }

        if (StorageInstruments.QueueLength.Enabled)
        {
            int length = QueueLength;
            StorageInstruments.QueueLength.Add(length - _queueLengthReported);
            _queueLengthReported = length;
        }
    }

    protected override void CountFailure(StorageFailure failure) =>
        StorageInstruments.Failures.Add(1, new("pipeline", "commit"), new("code", failure.Code));
}
