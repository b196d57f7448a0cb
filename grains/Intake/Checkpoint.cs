using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>
/// The position up to which everything is in its profile, written now and then. After a crash the handing over starts behind it,
/// so it may be late and must never be early. Owned by a partition and used in its turns only.
/// </summary>
internal sealed class Checkpoint(
    int partition,
    IEventLog eventLog,
    AppliedPositions applied,
    ViolationReports violations,
    QualityReports quality,
    GridOptions options,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>What a stop waits for at most: it must not wait for a silo that is gone. What is not saved is handed over again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    private int _appliedSince;
    private DateTimeOffset _savedAt;
    private long _saved;
    private bool _isSaving;
    private Task _underWay = Task.CompletedTask;

    /// <summary>What stands in the log when the partition is opened.</summary>
    public void StartAt(long position) => _saved = position;

    /// <summary>More messages are applied: begins to save where that is due. Nobody waits for it.</summary>
    public void Count(int messages)
    {
        _appliedSince += messages;
        if (_appliedSince >= options.CheckpointMessages || time.GetUtcNow() - _savedAt >= options.CheckpointInterval)
        {
            _ = Save();
        }
    }

    /// <summary>Saves where there is something new to save, and nothing is being saved.</summary>
    public Task Save() =>
        _isSaving || (applied.Position == _saved && !quality.HasRepeats) ? Task.CompletedTask : _underWay = SaveNow();

    /// <summary>Saves the last, behind what is being saved; not for long.</summary>
    public async Task Finish()
    {
        try
        {
            await SaveLast().WaitAsync(s_patience, time);
        }
        catch (TimeoutException error)
        {
            logger.CheckpointFailed(partition, error.GetType().Name);
        }
    }

    private async Task SaveLast()
    {
        await _underWay;
        await Save();
    }

    private async Task SaveNow()
    {
        _isSaving = true;
        _appliedSince = 0;
        _savedAt = time.GetUtcNow();
        long position = applied.Position;
        try
        {
            // Who counts must have counted before nobody tells it any more.
            await violations.Send(position);
            await quality.Send();
            await eventLog.SaveCheckpointAsync(partition, position, CancellationToken.None);
            _saved = position;
        }
        catch (Exception error) when (Outages.Is(error) || Outages.IsDamage(error))
        {
            // The next one is as good: a checkpoint only saves work after a crash.
            logger.CheckpointFailed(partition, error.GetType().Name);
        }
        finally
        {
            _isSaving = false;
        }
    }
}
