using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>The second stage: one lane per anchor with messages on their way, handed over in log order.</summary>
public sealed partial class IntakeGrain
{
    /// <summary>Those with messages, and idle ones that remember their owner.</summary>
    private readonly Dictionary<Identifier, Lane> _lanes = [];
    private readonly Queue<Lane> _readyLanes = new();

    /// <summary>Scratch of <see cref="TakeResult"/>: per message of the batch its anchor's lane, null where there is none.</summary>
    private readonly List<Lane?> _foundLanes = [];
    private int _runningLanes;
    private int _slowLanes;
    private int _idleLanes;
    private double _appliedPerSecond = 1_000;
    private int _appliedSinceRate;
    private DateTimeOffset _rateSince;
    private int _appliedSinceCheckpoint;
    private DateTimeOffset _checkpointAt;
    private long _savedCheckpoint;
    private bool _savingCheckpoint;

    /// <summary>
    /// Looks for the lanes of a batch, those that there are, in a loop of its own. Each look-up reads memory that was last
    /// touched many thousand messages ago, and in so short a loop the processor waits for several of them at once.
    /// </summary>
    private void FindLanes(List<WaitingCall> batch)
    {
        foreach (WaitingCall call in batch)
        {
            foreach (Envelope envelope in call.Request.Envelopes)
            {
                _foundLanes.Add(_lanes.GetValueOrDefault(envelope.Anchor));
            }
        }
    }

    /// <summary>Puts a message into its lane. Follow up with <see cref="StartLanes"/>.</summary>
    /// <param name="lane">The anchor's lane where the caller has found it; null: it is looked for.</param>
    private void Enqueue(Delivery delivery, Lane? lane = null)
    {
        Identifier anchor = delivery.Message.Envelope.Anchor;
        if (lane is null && !_lanes.TryGetValue(anchor, out lane))
        {
            lane = new Lane(anchor);
            _lanes.Add(anchor, lane);
        }

        if (lane.IsIdle)
        {
            lane.IsIdle = false;
            _idleLanes -= lane.Owner is null ? 0 : 1;
            _readyLanes.Enqueue(lane);
        }

        lane.Add(delivery);
    }

    /// <summary>
    /// Starts as many waiting lanes as may run. Those whose owner is known go out together as one wave, which costs a
    /// fraction of so many awaits; the others go alone.
    /// </summary>
    private void StartLanes()
    {
        List<Lane>? wave = null;
        long now = time.GetTimestamp();
        while (
            _runningLanes < options.Value.LanesMax
            && !_stop.IsCancellationRequested
            && _readyLanes.TryDequeue(out Lane? lane)
        )
        {
            _runningLanes++;
            lane.Place = LanePlace.Running;
            lane.Since = now;
            lane.TakeUp(options.Value.ApplyMessagesMax);
            if (lane.Owner is { } owner && !lane.HasGroupCall())
            {
                lane.Begun = owner.Apply(new ApplyRequest(lane.Messages()));
                (wave ??= new List<Lane>(WaveSize())).Add(lane);
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

    /// <summary>How many lanes the one just begun and those behind it are.</summary>
    private int WaveSize() => 1 + Math.Min(_readyLanes.Count, options.Value.LanesMax - _runningLanes);

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
            await Task.WhenAll(calls).WaitAsync(options.Value.WaveTimeMax, time);
        }
        catch (Exception)
        {
            // Late or failed: each call is looked at below, and awaited again where it did not succeed.
        }

        int applied = 0;
        DateTimeOffset oldest = wave[0].Taken!.Message.Envelope.ReceivedAt;
        foreach (Lane lane in wave)
        {
            if (lane.Begun is { IsCompletedSuccessfully: true } done && done.Result.IsDone)
            {
                lane.Begun = null;
                applied += MarkApplied(lane);
                End(lane);
            }
            else
            {
                lane.Owner = null;
                _ = Run(lane);
            }
        }

        Measure(applied, oldest);
        StartLanes();
    }

    /// <summary>Hands a lane's messages over until it is empty.</summary>
    private async Task Run(Lane lane)
    {
        while (!_stop.IsCancellationRequested && lane.Taken is not null)
        {
            try
            {
                await HandOver(lane);
                DateTimeOffset oldest = lane.Taken.Message.Envelope.ReceivedAt;
                Measure(MarkApplied(lane), oldest);
                lane.Succeeded(time.GetTimestamp());
                lane.TakeUp(options.Value.ApplyMessagesMax);
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

        End(lane);
        StartLanes();
    }

    /// <summary>Gives the lane's place back; a lane that has got messages meanwhile waits for its next turn.</summary>
    private void End(Lane lane)
    {
        GivePlaceBack(lane);
        if (lane.HasWaiting)
        {
            _readyLanes.Enqueue(lane);
        }
        else if (lane.IsWorthKeeping)
        {
            lane.IsIdle = true;
            ForgetIdleLanes();
        }
        else
        {
            _lanes.Remove(lane.Anchor);
        }
    }

    private void ForgetIdleLanes()
    {
        _idleLanes++;
        if (_idleLanes <= options.Value.KnownOwnersMax)
        {
            return;
        }

        foreach ((Identifier anchor, Lane lane) in _lanes)
        {
            if (lane.IsIdle)
            {
                _lanes.Remove(anchor);
            }
        }

        _idleLanes = 0;
    }

    private async Task Pause(int attempt)
    {
        TimeSpan pause = options.Value.RetryPauseMin * Math.Pow(2, Math.Min(attempt - 1, 20));
        try
        {
            await Task.Delay(pause < options.Value.RetryPauseMax ? pause : options.Value.RetryPauseMax, time, _stop);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the same token next.
        }
    }

    private async Task HandOver(Lane lane)
    {
        await FinishMerges(lane);
        ImmutableArray<StoredEnvelope> messages = lane.Messages();
        ApplyReply reply = await Begin(lane, messages);
        while (reply.MovedTo is not null || !reply.Unowned.IsEmpty)
        {
            string owner = reply.MovedTo ?? await Resolve(lane, messages[reply.Unowned[0]]);
            reply = await ApplyTo(owner, lane, messages);
        }

        // After a failure all of it is decided again: the customer may have been told what is left out, and not have been
        // asked about it again, before what comes with that was done.
        await ResolveAll(
            lane,
            messages,
            lane.Attempt == 0 ? reply.Unlinked : [.. Enumerable.Range(0, messages.Length)]
        );
        await HandToAccounts(messages);
    }

    /// <summary>The answer to the call that a wave has begun, or to a new one.</summary>
    private async Task<ApplyReply> Begin(Lane lane, ImmutableArray<StoredEnvelope> messages)
    {
        if (lane.Begun is { } begun)
        {
            // Once: where it failed, the next try begins anew.
            lane.Begun = null;
            return await begun;
        }

        string? owner = await GrainFactory.GetGrain<IIdentifierGrain>(lane.Anchor.ToString()).GetOwner();
        return await ApplyTo(owner ?? await Resolve(lane, messages[0]), lane, messages);
    }

    private async Task<ApplyReply> ApplyTo(string customerId, Lane lane, ImmutableArray<StoredEnvelope> messages)
    {
        ICustomerGrain customer = GrainFactory.GetGrain<ICustomerGrain>(customerId);
        ApplyReply reply = await customer.Apply(new ApplyRequest(messages));
        if (reply.MovedTo is null && reply.Unowned.IsEmpty)
        {
            // It may be out of date at any time: the customer takes only what it holds, and says so where it doesn't.
            lane.Owner = customer;
        }

        return reply;
    }

    private async Task ResolveAll(Lane lane, ImmutableArray<StoredEnvelope> messages, ImmutableArray<int> unlinked)
    {
        ImmutableArray<Identifier> last = [];
        foreach (int index in unlinked)
        {
            // Messages in a row mostly carry the same identifiers: one decision serves them all.
            ImmutableArray<Identifier> identifiers = messages[index].Envelope.Identifiers;
            if (!identifiers.AsSpan().SequenceEqual(last.AsSpan()))
            {
                await Resolve(lane, messages[index]);
                last = identifiers;
            }
        }
    }

    private async Task HandToAccounts(ImmutableArray<StoredEnvelope> messages)
    {
        if (!messages.Any(IsGroupCall))
        {
            return;
        }

        foreach (
            IGrouping<string, StoredEnvelope> account in messages
                .Where(IsGroupCall)
                .GroupBy(message => message.Envelope.GroupId!, StringComparer.Ordinal)
        )
        {
            await GrainFactory
                .GetGrain<IAccountGrain>(account.Key)
                .Apply(new AccountMessages([.. account.Select(message => message.Envelope)]));
        }
    }

    private static bool IsGroupCall(StoredEnvelope message) =>
        message.Envelope is { Kind: EventKind.Group, GroupId: not null };

    /// <summary>How many messages that were.</summary>
    private int MarkApplied(Lane lane)
    {
        int count = lane.TakenCount;
        for (Delivery? delivery = lane.Taken; delivery is not null; delivery = delivery.Next)
        {
            _waitingBytes -= delivery.Message.Envelope.Json.Length;
            if (delivery.Retried is { } retried)
            {
                retried.TrySetResult(null);
            }
            else
            {
                _applied.MarkApplied(delivery);
            }
        }

        lane.Drop();
        return count;
    }

    /// <summary>Counts applied messages and saves the checkpoint when it is due.</summary>
    private void Measure(int applied, DateTimeOffset oldest)
    {
        if (applied == 0)
        {
            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        GridInstruments.MessagesApplied.Add(applied);
        // Of the oldest: the others of one handover came with it or after it.
        GridInstruments.IntakeLag.Record((now - oldest).TotalSeconds);
        MeasureRate(now, applied);
        _appliedSinceCheckpoint += applied;
        if (
            _appliedSinceCheckpoint >= options.Value.CheckpointMessages
            || now - _checkpointAt >= options.Value.CheckpointInterval
        )
        {
            _ = SaveCheckpoint();
        }
    }

    private void MeasureRate(DateTimeOffset now, int applied)
    {
        _appliedSinceRate += applied;
        TimeSpan span = now - _rateSince;
        if (span >= TimeSpan.FromSeconds(1))
        {
            _appliedPerSecond = _appliedSinceRate / span.TotalSeconds;
            _appliedSinceRate = 0;
            _rateSince = now;
        }
    }

    private async Task SaveCheckpoint()
    {
        if (_savingCheckpoint || _applied.Position == _savedCheckpoint)
        {
            return;
        }

        _savingCheckpoint = true;
        _appliedSinceCheckpoint = 0;
        _checkpointAt = time.GetUtcNow();
        long position = _applied.Position;
        try
        {
            await eventLog.SaveCheckpointAsync(Partition, position, CancellationToken.None);
            _savedCheckpoint = position;
        }
        catch (StorageUnavailableException error)
        {
            // The next one is as good: a checkpoint only saves work after a crash.
            logger.CheckpointFailed(Partition, error.GetType().Name);
        }
        finally
        {
            _savingCheckpoint = false;
        }
    }
}
