using Customer360.Grains.Contracts;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>
/// Writes a customer's state: folded messages now and then, a change of identity at once. Owned by the customer's activation and
/// used in its turns only.
/// </summary>
/// <param name="giveUp">Ends the activation: what is stored is not known here any more.</param>
internal sealed class CustomerWriter(
    string customerId,
    IPersistentState<CustomerState> stored,
    IdleWrites idleWrites,
    GridOptions options,
    TimeProvider time,
    ILogger logger,
    Action giveUp
)
{
    /// <summary>
    /// One message more is folded for so many bytes of state before it is written: so a large state costs a message no
    /// more than a small one does, and its writes leave the disk to others.
    /// </summary>
    private const long BytesPerMessage = 1024;

    private int _unsaved;
    private DateTimeOffset _unsavedSince;
    private Task? _saving;
    private bool _isAbandoned;

    /// <summary>This activation has written the state: what another one beside it has begun can't be written any more.</summary>
    public bool OwnsState { get; private set; }

    /// <summary>Something changed that need not be written at once: it is in the log, or is found again.</summary>
    public void Changed() => _unsaved++;

    /// <summary>
    /// Begins to write when there is enough of it or the first of it is old enough, else leaves it to a later message or the end
    /// of the activation. No timer: a million warm customers would have a million of them, and what is not written is only read
    /// from the log again. For the same reason nobody waits for the write.
    /// </summary>
    public void Soon()
    {
        if (_unsaved == 0 || _saving is not null)
        {
            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (_unsavedSince == default)
        {
            _unsavedSince = now;
        }

        long most = options.SaveAfterMessages + (stored.State.StoredBytes / BytesPerMessage);
        if (_unsaved >= most || now - _unsavedSince >= options.SaveInterval)
        {
            Task saving = WriteBeside();
            _saving = saving.IsCompleted ? null : saving;
        }
    }

    /// <summary>Writes what counts only when it is written.</summary>
    public async Task Now()
    {
        // One at a time: two writes would carry the same version, and the second would fail.
        await WhenDone();
        try
        {
            await stored.WriteStateAsync();
            stored.State.HasWritten();
            OwnsState = true;
            _unsaved = 0;
            _unsavedSince = default;
            // Nothing was added meanwhile: the call that writes is the only one that changes anything.
            stored.State.Outbox = [];
        }
        catch
        {
            giveUp();
            throw;
        }
    }

    /// <summary>
    /// Nothing is written any more: what the state says was decided only in part. Messages are read from the log again, and a call that
    /// changed something else has failed.
    /// </summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>Writes what is left when the activation ends.</summary>
    public async Task AtEnd(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await WhenDone();
        if (_isAbandoned || _unsaved == 0 || !WritesAtEnd(reason))
        {
            return;
        }

        try
        {
            await stored.WriteStateAsync(cancellationToken);
        }
        catch (Exception error) when (Outages.Is(error) || Outages.IsDamage(error))
        {
            // Not an error of ours to pass on: whatever is not in the state is read from the log at the next activation.
            logger.SaveFailed(customerId, error.GetType().Name);
        }
    }

    /// <summary>
    /// Those that leave memory for want of use may be very many at once, and need not write: what is not in the state is read from the
    /// log when they wake, as after a crash. So only some of them do, and nobody waits for the disk behind them.
    /// </summary>
    private bool WritesAtEnd(DeactivationReason reason) =>
        reason.ReasonCode is not (DeactivationReasonCode.ActivationIdle or DeactivationReasonCode.HighMemoryPressure)
        || idleWrites.TryTake();

    private Task WhenDone() => _saving ?? Task.CompletedTask;

    /// <summary>Writes beside the calls. What fails is read from the log by the next activation.</summary>
    private async Task WriteBeside()
    {
        int folded = _unsaved;
        try
        {
            await stored.WriteStateAsync();
            stored.State.HasWritten();
            OwnsState = true;
            _unsaved -= folded;
            _unsavedSince = default;
        }
        catch (Exception error)
        {
            logger.SaveFailed(customerId, error.GetType().Name);
            giveUp();
        }
        finally
        {
            _saving = null;
        }
    }
}
