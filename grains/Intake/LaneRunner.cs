using Customer360.Grains.Contracts;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>
/// The second stage of a partition: hands what stands in the lanes over to customers, lanes side by side. An outage is waited
/// for, a lost race is run again, and a message that can't be applied is set aside. Owned by a partition and used in its turns
/// only.
/// </summary>
internal sealed class LaneRunner(
    int partition,
    Lanes lanes,
    Handover handover,
    LeadWatch leads,
    SetAsideMessages aside,
    AppliedPositions applied,
    WaitingRoom room,
    Action<int> counted,
    GridOptions options,
    TimeProvider time,
    ILogger logger,
    CancellationToken stop
)
{
    /// <summary>
    /// Races are lost where others are busy at the same customers, and won when those rest. So many in a row count as a fault:
    /// they are more likely a decision that never comes to rest, and its message must not hold up its anchor's others.
    /// </summary>
    private const int LostRacesPerFault = 10;

    /// <summary>
    /// Starts as many waiting lanes as may run. Those whose owner is known go out together as one wave, which costs a
    /// fraction of so many awaits; the others go alone.
    /// </summary>
    public void Start()
    {
        List<Lane>? wave = null;
        while (!stop.IsCancellationRequested && lanes.TakeNext() is { } lane)
        {
            if (lane.Owner is { } owner && !lane.HasAccountCall() && !lane.Concerns(leads))
            {
                lane.Begun = owner.Apply(new ApplyRequest(lane.Messages()));
                (wave ??= new List<Lane>(lanes.WaveSize)).Add(lane);
            }
            else
            {
                _ = Run(lane);
            }
        }

        if (wave is not null)
        {
            _ = RunWave(wave);
        }
    }

    /// <summary>
    /// Waits for the calls of a wave. What is not done by then, or not done so simply, goes on alone: so a slow customer
    /// holds the others up for a moment and no longer.
    /// </summary>
    private async Task RunWave(List<Lane> wave)
    {
        var calls = new Task[wave.Count];
        for (int index = 0; index < calls.Length; index++)
        {
            calls[index] = wave[index].Begun!;
        }

        try
        {
            await Task.WhenAll(calls).WaitAsync(options.WaveTimeMax, time);
        }
        catch (Exception)
        {
            // Late or failed: each call is looked at below, and awaited again where it did not succeed.
        }

        int done = 0;
        DateTimeOffset oldest = wave[0].Taken!.Message.Envelope.ReceivedAt;
        foreach (Lane lane in wave)
        {
            if (lane.Begun is { IsCompletedSuccessfully: true } call && call.Result.IsDone)
            {
                lane.Begun = null;
                done += MarkApplied(lane);
                lanes.End(lane);
            }
            else
            {
                lane.Owner = null;
                _ = Run(lane);
            }
        }

        Measure(done, oldest);
        Start();
    }

    /// <summary>Hands a lane's messages over until it is empty.</summary>
    private async Task Run(Lane lane)
    {
        while (!stop.IsCancellationRequested && lane.Taken is not null)
        {
            try
            {
                await handover.Run(lane);
                DateTimeOffset oldest = lane.Taken.Message.Envelope.ReceivedAt;
                Measure(MarkApplied(lane), oldest);
                lane.Succeeded(time.GetTimestamp());
                lane.TakeUp(options.ApplyMessagesMax);
            }
            catch (Exception error)
            {
                // The messages are stored and must reach their customer; and only this anchor waits for it. Every step of
                // a handover may be repeated.
                if (!await GoesOn(lane, error))
                {
                    _ = PauseAside(lane);
                    return;
                }
            }
        }

        lanes.End(lane);
        Start();
    }

    /// <summary>
    /// Looks at why a handover failed. True: the lane goes on at once, without the message that can't be applied; false: it
    /// tries again after a pause.
    /// </summary>
    private async Task<bool> GoesOn(Lane lane, Exception error)
    {
        lane.Attempt++;
        lane.Owner = null;
        GridInstruments.HandoversRetried.Add(1);
        logger.HandoverFailed(partition, lane.Taken!.Message.Position, error.GetType().Name, lane.Attempt);
        // A race that is lost again and again may have a cause that stays, so some of them count as a fault.
        bool passes = error is RaceLostException ? ++lane.LostRaces % LostRacesPerFault != 0 : Outages.Is(error);
        if (stop.IsCancellationRequested || passes)
        {
            return false;
        }

        if (lane.TakenCount > 1)
        {
            // Which of them it is shows when each goes alone.
            lane.HandOverOneByOne();
            return true;
        }

        lane.Faults++;
        bool isGivenUp = lane.Faults >= options.QuarantineAfterTries || lane.Taken!.Retried is not null;
        return isGivenUp && await SetAside(lane, error.GetType().Name);
    }

    /// <summary>Sets the lane's message aside; it counts as done for the checkpoint. False: it stays in its lane.</summary>
    private async Task<bool> SetAside(Lane lane, string reason)
    {
        Delivery delivery = lane.Taken!;
        try
        {
            if (!await aside.Add(delivery, reason, stop))
            {
                return false;
            }
        }
        catch (Exception error)
        {
            logger.NotSetAside(partition, delivery.Message.Position, error.GetType().Name);
            return false;
        }

        logger.Quarantined(partition, delivery.Message.Position, reason, lane.Faults);
        GridInstruments.MessagesQuarantined.Add(1);
        room.Leave(delivery.Message.Envelope);
        if (delivery.Retried is { } retried)
        {
            retried.TrySetResult(reason);
        }
        else
        {
            applied.SetAside(delivery);
        }

        lane.Drop();
        lane.Succeeded(time.GetTimestamp());
        lane.TakeUp(options.ApplyMessagesMax);
        return true;
    }

    /// <summary>Gives the lane's place to others until the next try.</summary>
    private async Task PauseAside(Lane lane)
    {
        lanes.GivePlaceBack(lane);
        Start();
        await Pause(lane.Attempt);
        if (!stop.IsCancellationRequested)
        {
            lanes.MakeReady(lane);
            Start();
        }
    }

    /// <summary>Doubles from try to try. The lane has given its place back, so nobody else waits for it.</summary>
    private async Task Pause(int attempt)
    {
        TimeSpan pause = options.RetryPauseMin * Math.Pow(2, Math.Min(attempt - 1, 20));
        try
        {
            await Task.Delay(pause < options.RetryPauseMax ? pause : options.RetryPauseMax, time, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the same token next.
        }
    }

    /// <summary>How many messages that were.</summary>
    private int MarkApplied(Lane lane)
    {
        int count = lane.TakenCount;
        for (Delivery? delivery = lane.Taken; delivery is not null; delivery = delivery.Next)
        {
            room.Leave(delivery.Message.Envelope);
            if (delivery.Retried is { } retried)
            {
                retried.TrySetResult(null);
            }
            else
            {
                applied.MarkApplied(delivery);
            }
        }

        lane.Drop();
        return count;
    }

    private void Measure(int messages, DateTimeOffset oldest)
    {
        if (messages == 0)
        {
            return;
        }

        GridInstruments.MessagesApplied.Add(messages);
        // Of the oldest: the others of one handover came with it or after it.
        GridInstruments.IntakeLag.Record((time.GetUtcNow() - oldest).TotalSeconds);
        counted(messages);
    }
}
