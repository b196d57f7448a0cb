using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="IIntakeGrain"/>
/// <remarks>
/// <para>
/// Three stages, each bounded. <b>Append</b>: calls that arrive while an append is under way go out together in the next
/// (this file). <b>Lanes</b>: the stored messages of an anchor form a lane and are handed over in log order, lanes side
/// by side, so a slow customer holds up nobody else (<c>IntakeGrain.Lanes.cs</c>). <b>Checkpoint</b>: the position up to
/// which everything is handed over, saved now and then; after a crash the handing over starts behind it, and the
/// customers recognise what they have.
/// </para>
/// <para>
/// When an append fails, nobody knows whether it was stored. Its callers are told so (and send it again); the partition
/// is opened anew, which finds out, and hands over whatever was stored.
/// </para>
/// </remarks>
[GrainType("intake")]
[KeepAlive]
public sealed partial class IntakeGrain(
    IEventLog eventLog,
    IDecisionLog decisionLog,
    IQuarantine quarantine,
    IIdentityRulesSource source,
    IIdentityRulesFile rulesFile,
    IOptions<GridOptions> options,
    TimeProvider time,
    ILogger<IntakeGrain> logger
) : Grain, IIntakeGrain, IDisposable
{
    private const int RecoveryPage = 1_000;

    private readonly Queue<WaitingCall> _calls = new();
    private readonly AppliedPositions _applied = new();
    private readonly CancellationTokenSource _stopping = new();
    private CancellationToken _stop;
    private Task? _opening;
    private bool _isOpen;
    private bool _appending;
    private long _nextPosition;
    private long _handedOut;
    private int _callMessages;
    private long _waitingBytes;

    /// <summary>The rules in force now: they may change while the grid runs.</summary>
    private IdentityRules rules => source.Current;

    private int Partition => (int)this.GetPrimaryKeyLong();

    private int WaitingMessages => _callMessages + _applied.Waiting;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Kept, because a lane may look at it after the source is disposed.
        _stop = _stopping.Token;
        // By a timer and not only by what is applied: the last messages before a pause would be handed over again, to
        // customers that are cold by then.
        this.RegisterGrainTimer(
            static (grain, _) => grain.SaveCheckpoint(),
            this,
            new GrainTimerCreationOptions(options.Value.CheckpointInterval, options.Value.CheckpointInterval)
            {
                Interleave = true,
            }
        );
        this.RegisterGrainTimer(
            static (grain, _) => grain.LookAfter(),
            this,
            new GrainTimerCreationOptions(options.Value.LaneTimeMax, options.Value.LaneTimeMax) { Interleave = true }
        );
        return Task.CompletedTask;
    }

    public async Task<IntakeStatus> Start()
    {
        await EnsureOpen();
        return Status();
    }

    public Task<IntakeStatus> GetStatus() => Task.FromResult(Status());

    public async Task<CollectReply> Collect(CollectRequest request)
    {
        if (!_isOpen)
        {
            await EnsureOpen();
        }

        long bytes = SizeOf(request.Envelopes);
        if (IsFull(request.Envelopes.Length, bytes) || HasFullLane(request))
        {
            return new CollectReply(CollectStatus.Overloaded, [], RetryAfterSeconds());
        }

        _anchorsKnown = Math.Max(_anchorsKnown, request.AnchorsSince);
        var call = new WaitingCall(request, bytes);
        _calls.Enqueue(call);
        _callMessages += request.Envelopes.Length;
        _waitingBytes += bytes;
        if (!_appending)
        {
            _ = AppendWaiting();
        }

        await call.Stored;
        if (call.HasOtherAnchors)
        {
            return new CollectReply(CollectStatus.OtherAnchors, [], 0) { AnchorsSince = AnchorsSince };
        }

        CollectStatus status = CollectStatus.Stored;
        if (
            request.WaitUntilApplied
            && await WasAppliedInTime(call)
            && !await RepeatsWhatIsSetAside(call)
            && await WasAppliedElsewhere(call)
        )
        {
            status = CollectStatus.Applied;
        }

        // Not copied: nothing writes to them once they are stored.
        return new CollectReply(status, ImmutableCollectionsMarshal.AsImmutableArray(call.Receipts), 0);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Not CancelAsync: it would call what waits on a thread of the pool, beside the grain's turns.
        Stop();
        FailWaiting(new StorageUnavailableException("The partition's writer stops."));
        if (_isOpen)
        {
            await SaveCheckpoint();
        }
    }

    private void Stop() => _stopping.Cancel();

    /// <summary>The engine calls it after the deactivation.</summary>
    public void Dispose() => _stopping.Dispose();

    private IntakeStatus Status() =>
        new(Partition, _nextPosition, _applied.Position, WaitingMessages, _applied.Recovering);

    /// <summary>A request that alone is more than the bound is taken when nothing else waits: else it could never be.</summary>
    private bool IsFull(int messages, long bytes) =>
        WaitingMessages > 0
        && (
            WaitingMessages + messages > options.Value.WaitingMessagesMax
            || _waitingBytes + bytes > options.Value.WaitingBytesMax
        );

    /// <summary>How long the waiting messages will take at the rate of the last seconds: 1 to 30 s.</summary>
    private int RetryAfterSeconds() =>
        (int)Math.Clamp(Math.Ceiling(WaitingMessages / Math.Max(_appliedPerSecond, 1)), 1, 30);

    private static long SizeOf(ImmutableArray<Envelope> envelopes)
    {
        long bytes = 0;
        foreach (Envelope envelope in envelopes)
        {
            bytes += envelope.Json.Length;
        }

        return bytes;
    }

    private async Task<bool> WasAppliedInTime(WaitingCall call)
    {
        try
        {
            await WhenApplied(call).WaitAsync(call.Request.WaitAtMost, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            // The partition's writer stops: stored, but not applied by this activation.
            return false;
        }
    }

    /// <summary>The grain's own wait: of another's promise the limit in time would be handled on the thread pool.</summary>
    private static async Task WhenApplied(WaitingCall call) => await call.Applied;

    private Task LookAfter()
    {
        MoveSlowLanesAside();
        return LookForOthers();
    }

    /// <summary>
    /// A writer whose place this one has taken may not know it yet, and append once more: then the fence stands between us
    /// and it at our next append only. Where none is due, what it stored would wait for that, acknowledged and in no
    /// profile. So an idle partition looks whether there is something behind what it knows.
    /// </summary>
    private async Task LookForOthers()
    {
        if (!_isOpen || _appending)
        {
            return;
        }

        long next = _nextPosition;
        try
        {
            ImmutableArray<LogRow> rows = await eventLog.ReadPartitionAsync(Partition, next - 1, 1, _stop);
            if (!rows.IsEmpty && _isOpen && !_appending && next == _nextPosition)
            {
                logger.Overtaken(Partition, next);
                _isOpen = false;
                await EnsureOpen();
            }
        }
        catch (Exception error) when (Outages.Is(error))
        {
            // Asked again at the next tick.
        }
    }

    private async Task EnsureOpen()
    {
        while (!_isOpen)
        {
            Task opening = _opening ??= Open();
            try
            {
                await opening;
            }
            finally
            {
                if (ReferenceEquals(_opening, opening))
                {
                    _opening = null;
                }
            }
        }
    }

    /// <summary>Learns where the partition stands and puts what is not handed over yet into its lanes, in order.</summary>
    private async Task Open()
    {
        await LearnAnchors();
        PartitionHead head = await eventLog.OpenAsync(Partition, _stop);
        if (_handedOut == 0)
        {
            _handedOut = head.Checkpoint;
            _applied.StartAt(head.Checkpoint);
            _savedCheckpoint = head.Checkpoint;
        }

        while (_handedOut < head.NextPosition - 1)
        {
            ImmutableArray<LogRow> rows = await eventLog.ReadPartitionAsync(Partition, _handedOut, RecoveryPage, _stop);
            foreach (LogRow row in rows)
            {
                HandOut(new StoredEnvelope(Partition, row.Position, EnvelopeReader.FromJson(row.Payload)), call: null);
            }

            StartLanes();

            if (rows.Length < RecoveryPage)
            {
                break;
            }
        }

        _nextPosition = head.NextPosition;
        _handedOut = Math.Max(_handedOut, head.NextPosition - 1);
        _isOpen = true;
        logger.Opened(Partition, _nextPosition, _applied.Waiting);
    }

    /// <param name="lane">The anchor's lane where it has been found already.</param>
    private void HandOut(StoredEnvelope message, WaitingCall? call, Lane? lane = null)
    {
        _handedOut = message.Position;
        var delivery = new Delivery(message, call);
        _applied.Add(delivery);
        if (call is null)
        {
            // What comes with a call is counted when the call comes in.
            _waitingBytes += message.Envelope.Json.Length;
        }

        Enqueue(delivery, lane);
    }

    private async Task AppendWaiting()
    {
        _appending = true;
        List<WaitingCall> batch = [];
        try
        {
            while (_calls.Count > 0)
            {
                batch.Clear();
                int messages = 0;
                while (
                    _calls.TryPeek(out WaitingCall? next)
                    && (messages == 0 || messages + next.Receipts.Length <= options.Value.AppendMessagesMax)
                )
                {
                    batch.Add(_calls.Dequeue());
                    messages += next.Receipts.Length;
                }

                await Append(batch);
            }
        }
        catch (Exception error)
        {
            _isOpen = false;
            logger.AppendFailed(Partition, error.GetType().Name);
            foreach (WaitingCall call in batch)
            {
                Forget(call, error);
            }

            FailWaiting(error);
        }
        finally
        {
            _appending = false;
        }
    }

    private async Task Append(List<WaitingCall> batch)
    {
        // Only since a change of rules has given messages other anchors; and between the look and the append nothing else runs.
        for (long since = 0; since != AnchorsSince; )
        {
            since = AnchorsSince;
            await FindElsewhere(batch, since);
        }

        var appends = ImmutableArray.CreateBuilder<LogAppend>(batch.Sum(call => call.Receipts.Length));
        long position = _nextPosition;
        foreach (WaitingCall call in batch)
        {
            for (int offset = 0; offset < call.Receipts.Length; offset++)
            {
                if (call.IsElsewhere(offset))
                {
                    continue;
                }

                Envelope envelope = call[offset];
                appends.Add(
                    new LogAppend(
                        position++,
                        envelope.MessageId,
                        envelope.Anchor.ToString(),
                        envelope.Timestamp,
                        envelope.Json
                    )
                );
            }
        }

        AppendResult result = await Write(appends.DrainToImmutable());
        if (result.Fenced)
        {
            logger.Fenced(Partition);
            DeactivateOnIdle();
            throw new StorageUnavailableException("Another writer has taken the partition over.");
        }

        TakeResult(batch, result);
        _nextPosition = position;
    }

    private void TakeResult(List<WaitingCall> batch, AppendResult result)
    {
        FindLanes(batch);
        int partition = Partition;
        int found = 0;
        int index = 0;
        int duplicates = 0;
        int elsewhere = 0;
        foreach (WaitingCall call in batch)
        {
            for (int offset = 0; offset < call.Receipts.Length; offset++)
            {
                _callMessages--;
                Lane? lane = _foundLanes[found++];
                if (call.IsElsewhere(offset))
                {
                    elsewhere++;
                    _waitingBytes -= call[offset].Json.Length;
                    call.MarkApplied();
                    continue;
                }

                long duplicateOf = result.Duplicates[index];
                if (duplicateOf == 0)
                {
                    long position = _nextPosition + index;
                    call.Receipts[offset] = new StoredReceipt(position, Duplicate: false);
                    HandOut(new StoredEnvelope(partition, position, call[offset]), call, lane);
                }
                else
                {
                    duplicates++;
                    _waitingBytes -= call[offset].Json.Length;
                    call.Receipts[offset] = new StoredReceipt(duplicateOf, Duplicate: true);
                    _applied.Watch(duplicateOf, call.MarkApplied);
                }

                index++;
            }

            call.MarkStored();
        }

        _foundLanes.Clear();
        StartLanes();
        GridInstruments.MessagesStored.Add(index - duplicates);
        GridInstruments.MessagesDuplicate.Add(duplicates + elsewhere);
    }

    private void FailWaiting(Exception error)
    {
        while (_calls.TryDequeue(out WaitingCall? call))
        {
            Forget(call, error);
        }
    }

    private void Forget(WaitingCall call, Exception error)
    {
        GiveRoomBack(call);
        call.Fail(error);
    }

    private void GiveRoomBack(WaitingCall call)
    {
        _callMessages -= call.Receipts.Length;
        _waitingBytes -= call.Bytes;
    }
}
