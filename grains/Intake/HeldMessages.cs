using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>
/// A partition's messages that do not keep their contract: stored, listed in the quarantine, and handed over to nobody. What the log
/// says of them decides, so one that is listed again after a crash is the same. Owned by a partition and used in its turns only.
/// </summary>
internal sealed class HeldMessages(
    int partition,
    IEventLog eventLog,
    IQuarantine quarantine,
    AppliedPositions applied,
    WaitingRoom room,
    GridOptions options,
    TimeProvider time,
    ILogger logger,
    CancellationToken stop
)
{
    /// <summary>Listed at once, in one commit.</summary>
    private const int BatchMax = 500;

    private readonly Queue<Delivery> _waiting = new();
    private bool _isListing;

    /// <summary>Its position counts as done, for the checkpoint, once it is listed.</summary>
    public void Add(Delivery delivery)
    {
        _waiting.Enqueue(delivery);
        if (!_isListing)
        {
            _ = ListAll();
        }
    }

    private async Task ListAll()
    {
        _isListing = true;
        for (int attempt = 0; _waiting.Count > 0 && !stop.IsCancellationRequested; )
        {
            Delivery[] batch = [.. _waiting.Take(BatchMax)];
            try
            {
                await Task.WhenAll(batch.Select(List));
                attempt = 0;
            }
            catch (Exception error)
            {
                // They are stored, and whoever waits behind them waits for the list as for the log.
                logger.NotSetAside(partition, batch[0].Message.Position, error.GetType().Name);
                await Pause(++attempt);
                continue;
            }

            foreach (Delivery delivery in batch)
            {
                _waiting.Dequeue();
                room.Leave(delivery.Message.Envelope);
                applied.SetAside(delivery);
            }

            GridInstruments.MessagesQuarantined.Add(batch.Length);
        }

        _isListing = false;
    }

    private async Task List(Delivery delivery)
    {
        // One that comes by once more after a crash may have been released before: then the log has it again, under the id of its place.
        string released = MessageIds.OfReleased(partition, delivery.Message.Position);
        if (delivery.Call is null && !(await eventLog.FindMessageAsync(released, stop)).IsEmpty)
        {
            return;
        }

        await quarantine.AddAsync(
            new QuarantinedMessage(
                partition,
                delivery.Message.Position,
                ContractViolations.Reason,
                delivery.Message.Envelope.ReceivedAt
            ),
            stop
        );
    }

    private async Task Pause(int attempt)
    {
        TimeSpan pause = options.RetryPauseMin * Math.Pow(2, Math.Min(attempt - 1, 20));
        try
        {
            // Storage does not answer: whoever waits for it waits longer each time. No turn is held up, since this runs beside the calls.
            await Task.Delay(pause < options.RetryPauseMax ? pause : options.RetryPauseMax, time, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the same token next.
        }
    }
}
