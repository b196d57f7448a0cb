using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>The second stage: one lane per anchor with messages on their way, handed over in log order.</summary>
public sealed partial class IntakeGrain
{
    private readonly Dictionary<Identifier, Lane> _lanes = [];
    private readonly Queue<Lane> _readyLanes = new();
    private int _runningLanes;
    private double _appliedPerSecond = 1_000;
    private int _appliedSinceRate;
    private DateTimeOffset _rateSince;
    private int _appliedSinceCheckpoint;
    private DateTimeOffset _checkpointAt;
    private long _savedCheckpoint;
    private bool _savingCheckpoint;

    private void Enqueue(Delivery delivery)
    {
        Identifier anchor = delivery.Message.Envelope.Anchor;
        if (!_lanes.TryGetValue(anchor, out Lane? lane))
        {
            lane = new Lane(anchor);
            _lanes.Add(anchor, lane);
            _readyLanes.Enqueue(lane);
        }

        lane.Waiting.Enqueue(delivery);
        StartLanes();
    }

    private void StartLanes()
    {
        while (_runningLanes < options.Value.LanesMax && _readyLanes.TryDequeue(out Lane? lane))
        {
            _runningLanes++;
            _ = Run(lane);
        }
    }

    private async Task Run(Lane lane)
    {
        int attempt = 0;
        while (!_stop.IsCancellationRequested)
        {
            lane.TakeUp(options.Value.ApplyMessagesMax);
            if (lane.Taken.Count == 0)
            {
                break;
            }

            try
            {
                await HandOver(lane);
                attempt = 0;
                MarkApplied(lane.Taken);
                lane.Taken.Clear();
            }
            catch (Exception error)
            {
                // Whatever it is, an outage or a bug, the messages are stored and must reach their customer; and only
                // this anchor waits for it. Every step of a handover may be repeated.
                attempt++;
                GridInstruments.HandoversRetried.Add(1);
                logger.HandoverFailed(Partition, lane.Taken[0].Message.Position, error.GetType().Name, attempt);
                await Pause(attempt);
            }
        }

        _lanes.Remove(lane.Anchor);
        _runningLanes--;
        StartLanes();
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
        ImmutableArray<StoredEnvelope> messages = [.. lane.Taken.Select(delivery => delivery.Message)];
        string? owner = await GrainFactory.GetGrain<IIdentifierGrain>(lane.Anchor.ToString()).GetOwner();
        owner ??= await Resolve(lane, messages[0]);
        while (true)
        {
            ApplyReply reply = await GrainFactory.GetGrain<ICustomerGrain>(owner).Apply(new ApplyRequest(messages));
            if (reply.MovedTo is not null)
            {
                owner = reply.MovedTo;
            }
            else if (!reply.Unowned.IsEmpty)
            {
                owner = await Resolve(lane, messages[reply.Unowned[0]]);
            }
            else
            {
                await ResolveAll(lane, messages, reply.Unlinked);
                break;
            }
        }

        await HandToAccounts(messages);
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
        foreach (
            IGrouping<string, StoredEnvelope> account in messages
                .Where(message => message.Envelope is { Kind: EventKind.Group, GroupId: not null })
                .GroupBy(message => message.Envelope.GroupId!, StringComparer.Ordinal)
        )
        {
            await GrainFactory
                .GetGrain<IAccountGrain>(account.Key)
                .Apply(new AccountMessages([.. account.Select(message => message.Envelope)]));
        }
    }

    private void MarkApplied(List<Delivery> deliveries)
    {
        foreach (Delivery delivery in deliveries)
        {
            _waitingBytes -= delivery.Message.Envelope.Json.Length;
            _applied.MarkApplied(delivery);
        }

        DateTimeOffset now = time.GetUtcNow();
        GridInstruments.MessagesApplied.Add(deliveries.Count);
        // Of the oldest: the others of one handover came with it or after it.
        GridInstruments.IntakeLag.Record((now - deliveries[0].Message.Envelope.ReceivedAt).TotalSeconds);
        MeasureRate(now, deliveries.Count);
        _appliedSinceCheckpoint += deliveries.Count;
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

    /// <summary>The messages of one anchor that are on their way.</summary>
    private sealed class Lane(Identifier anchor)
    {
        public Identifier Anchor { get; } = anchor;

        public Queue<Delivery> Waiting { get; } = new();

        /// <summary>What is being handed over; it stays until that has succeeded.</summary>
        public List<Delivery> Taken { get; } = [];

        /// <summary>Customers whose merge this lane began and did not see end: the next try goes on with them first.</summary>
        public HashSet<string> Merging { get; } = new(StringComparer.Ordinal);

        public void TakeUp(int most)
        {
            while (Taken.Count < most && Waiting.TryDequeue(out Delivery? delivery))
            {
                Taken.Add(delivery);
            }
        }
    }
}
