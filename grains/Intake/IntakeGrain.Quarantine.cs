using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>What becomes of messages that can't be handed over: an outage is waited for, a fault is set aside.</summary>
public sealed partial class IntakeGrain
{
    public async Task<ImmutableArray<QuarantinedPlace>> ListQuarantined(MessagePlace? after, int limit)
    {
        QuarantineCursor? cursor = after is null ? null : new QuarantineCursor(after.Partition, after.Position);
        ImmutableArray<QuarantinedMessage> page = await quarantine.ListAsync(cursor, limit, _stop);
        return [.. page.Select(one => new QuarantinedPlace(one.Partition, one.Position, one.Reason, one.At))];
    }

    public async Task<RetryReply> RetryQuarantined(long position)
    {
        await EnsureOpen();
        if (await ReadQuarantined(position) is not { } message)
        {
            return new RetryReply(IsFound: false, null);
        }

        var delivery = new Delivery(message, call: null) { Retried = new() };
        _waitingBytes += message.Envelope.Json.Length;
        Enqueue(delivery);
        StartLanes();
        string? reason;
        try
        {
            reason = await delivery.Retried.Task.WaitAsync(_stop);
        }
        catch (OperationCanceledException error)
        {
            throw new StorageUnavailableException("The partition's writer stops.", error);
        }

        if (reason is null)
        {
            // A crash before this leaves the message listed; the next try finds it applied.
            await quarantine.RemoveAsync(Partition, position, _stop);
        }

        return new RetryReply(IsFound: true, reason);
    }

    /// <summary>What is set aside lies before the applied position all the same; its repeats are not applied either.</summary>
    private async Task<bool> RepeatsWhatIsSetAside(WaitingCall call)
    {
        foreach (StoredReceipt receipt in call.Receipts)
        {
            // What another partition has is asked for there.
            if (receipt is { Duplicate: true, OtherPartition: null } && await IsQuarantined(receipt.Position))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> IsQuarantined(long position)
    {
        var before = new QuarantineCursor(Partition, position - 1);
        ImmutableArray<QuarantinedMessage> found = await quarantine.ListAsync(before, 1, _stop);
        return !found.IsEmpty && found[0].Partition == Partition && found[0].Position == position;
    }

    private async Task<StoredEnvelope?> ReadQuarantined(long position)
    {
        if (!await IsQuarantined(position))
        {
            return null;
        }

        ImmutableArray<LogRow> rows = await eventLog.ReadPartitionAsync(Partition, position - 1, 1, _stop);
        return rows.IsEmpty || rows[0].Position != position
            ? null
            : new StoredEnvelope(Partition, position, EnvelopeReader.FromJson(rows[0].Payload));
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
        logger.HandoverFailed(Partition, lane.Taken!.Message.Position, error.GetType().Name, lane.Attempt);
        if (_stop.IsCancellationRequested || Outages.Is(error))
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
        bool isGivenUp = lane.Faults >= options.Value.QuarantineAfterTries || lane.Taken!.Retried is not null;
        return isGivenUp && await SetAside(lane, error.GetType().Name);
    }

    /// <summary>
    /// Puts the lane's message into quarantine: first the customer goes on behind it, so that it is no repeat when it comes
    /// again, then it is listed, then it counts as done for the checkpoint. False: one of that failed, and it stays in its
    /// lane. It must: listed without the customer's knowledge it would count as a repeat once a later one is folded, and be
    /// lost from the profile.
    /// </summary>
    private async Task<bool> SetAside(Lane lane, string reason)
    {
        Delivery delivery = lane.Taken!;
        try
        {
            // One that comes again was set aside before, and is on the list.
            if (delivery.Retried is null && !await SetAsideAtCustomer(delivery.Message))
            {
                return false;
            }

            await quarantine.AddAsync(
                new QuarantinedMessage(Partition, delivery.Message.Position, reason, time.GetUtcNow()),
                _stop
            );
        }
        catch (Exception error)
        {
            logger.NotSetAside(Partition, delivery.Message.Position, error.GetType().Name);
            return false;
        }

        logger.Quarantined(Partition, delivery.Message.Position, reason, lane.Faults);
        GridInstruments.MessagesQuarantined.Add(1);
        _waitingBytes -= delivery.Message.Envelope.Json.Length;
        if (delivery.Retried is { } retried)
        {
            retried.TrySetResult(reason);
        }
        else
        {
            _applied.SetAside(delivery);
        }

        lane.Drop();
        lane.Succeeded(time.GetTimestamp());
        lane.TakeUp(options.Value.ApplyMessagesMax);
        return true;
    }

    /// <summary>False where nobody could be made the anchor's customer.</summary>
    private async Task<bool> SetAsideAtCustomer(StoredEnvelope message)
    {
        Identifier anchor = message.Envelope.Anchor;
        string? owner = await GrainFactory.GetGrain<IIdentifierGrain>(anchor.ToString()).GetOwner();
        owner ??= await CreateOfAnchor(message);
        if (owner is null)
        {
            return false;
        }

        while (owner is not null)
        {
            owner = await GrainFactory.GetGrain<ICustomerGrain>(owner).SetAside(anchor, message.Position);
        }

        return true;
    }

    /// <summary>A customer of the anchor alone: where the message's identifiers could not be decided, it still is somebody's.</summary>
    private async Task<string?> CreateOfAnchor(StoredEnvelope message)
    {
        Envelope envelope = message.Envelope;
        string customerId = CustomerId.From(envelope.ReceivedAt, Partition, message.Position);
        return await Link(customerId, new IdentityDecision.Create([envelope.Anchor], []), envelope, rules)
            ? customerId
            : null;
    }

    /// <summary>Gives the lane's place to others until the next try.</summary>
    private async Task PauseAside(Lane lane)
    {
        GivePlaceBack(lane);
        StartLanes();
        await Pause(lane.Attempt);
        if (!_stop.IsCancellationRequested)
        {
            _readyLanes.Enqueue(lane);
            StartLanes();
        }
    }

    /// <summary>
    /// Where lanes wait for a place, those that have held one for long without getting anything done go on beside the
    /// others: a customer that does not answer holds its lane only.
    /// </summary>
    private void MoveSlowLanesAside()
    {
        if (_readyLanes.Count > 0)
        {
            foreach (Lane lane in _lanes.Values)
            {
                if (
                    lane.Place == LanePlace.Running
                    && _slowLanes < options.Value.SlowLanesMax
                    && time.GetElapsedTime(lane.Since) >= options.Value.LaneTimeMax
                )
                {
                    lane.Place = LanePlace.Slow;
                    _runningLanes--;
                    _slowLanes++;
                }
            }

            StartLanes();
        }
    }

    private void GivePlaceBack(Lane lane)
    {
        if (lane.Place == LanePlace.Running)
        {
            _runningLanes--;
        }
        else if (lane.Place == LanePlace.Slow)
        {
            _slowLanes--;
        }

        lane.Place = LanePlace.None;
    }

    /// <summary>
    /// One anchor may not take up the partition's whole bound while its customer is slow: its senders are asked to wait,
    /// the others aren't.
    /// </summary>
    private bool HasFullLane(CollectRequest request)
    {
        if (WaitingMessages < options.Value.LaneMessagesMax)
        {
            return false;
        }

        foreach (Envelope envelope in request.Envelopes)
        {
            if (_lanes.TryGetValue(envelope.Anchor, out Lane? lane) && lane.Count >= options.Value.LaneMessagesMax)
            {
                return true;
            }
        }

        return false;
    }
}
