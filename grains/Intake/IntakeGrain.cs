using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Quality;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="IIntakeGrain"/>
/// <remarks>
/// <para>
/// Three stages, each bounded. <b>Append</b> (<see cref="AppendQueue"/>, <see cref="PartitionLog"/>): calls that arrive while an
/// append is under way go out together in the next. <b>Lanes</b> (<see cref="Lanes"/>, <see cref="LaneRunner"/>): the stored
/// messages of an anchor form a lane and are handed over in log order, lanes side by side, so a slow customer holds up nobody
/// else. <b>Checkpoint</b> (<see cref="Checkpoint"/>): the position up to which everything is handed over, saved now and then;
/// after a crash the handing over starts behind it, and the customers recognise what they have.
/// </para>
/// <para>
/// When an append fails, nobody knows whether it was stored. Its callers are told so (and send it again); the partition
/// is opened anew, which finds out, and hands over whatever was stored.
/// </para>
/// <para>
/// When nodes join or leave and the partition belongs elsewhere, the activation moves there by itself. What it was just storing it
/// stores and acknowledges; what comes then waits for the next activation, which the log's positions keep apart from this one.
/// </para>
/// </remarks>
[GrainType("intake")]
[KeepAlive]
[PartitionPlacement]
public sealed partial class IntakeGrain(
    IEventLog eventLog,
    IDecisionLog decisionLog,
    IQuarantine quarantine,
    IPolicy<IdentityRules> source,
    IPolicy<QualityPolicy> quality,
    IPolicyNode policies,
    Suppressions suppressions,
    LeadWatch leads,
    IPhoneNumbers phones,
    EnvelopeReader reader,
    IOptions<GridOptions> options,
    TimeProvider time,
    ILogger<IntakeGrain> logger,
    IPartitionHomes? homes = null
) : Grain, IIntakeGrain, IDisposable
{
    private static readonly TimeSpan s_releaseTime = TimeSpan.FromSeconds(5);

    private readonly PartitionEnding _ending = new();
    private PartitionProgress _progress = null!;
    private WaitingRoom _room = null!;
    private Lanes _lanes = null!;
    private LaneRunner _runner = null!;
    private SetAsideMessages _aside = null!;
    private HeldMessages _held = null!;
    private HeldReleases _releases = null!;
    private Repeats _repeats = null!;
    private PartitionLog _log = null!;
    private AppendQueue _queue = null!;

    private int Partition => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Assemble(options.Value);
        // By a timer and not only by what is applied: the last messages before a pause would be handed over again, to
        // customers that are cold by then.
        this.RegisterGrainTimer(
            static (grain, _) => grain._progress.Checkpoint.Save(),
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

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending.StopAll();
        _queue.FailWaiting(new StorageUnavailableException("The partition's writer stops."));
        if (_log.IsOpen)
        {
            await _progress.Checkpoint.Finish();
        }
    }

    /// <summary>The engine calls it after the deactivation.</summary>
    public void Dispose() => _ending.Dispose();

    public async Task<IntakeStatus> Start()
    {
        await _log.EnsureOpen();
        return Status();
    }

    public Task<IntakeStatus> GetStatus() => Task.FromResult(Status());

    public async Task<CollectReply> Collect(CollectRequest request)
    {
        if (!_log.IsOpen)
        {
            await _log.EnsureOpen();
        }

        long bytes = SizeOf(request.Envelopes);
        if (_room.IsFullFor(request.Envelopes.Length, bytes) || HasFullLane(request))
        {
            return new CollectReply(CollectStatus.Overloaded, [], _progress.Rate.SecondsFor(_room.Messages));
        }

        _repeats.Learn(request.AnchorsSince);
        var call = new WaitingCall(request, bytes);
        _queue.Add(call);
        await call.Stored;
        if (call.HasOtherAnchors)
        {
            return new CollectReply(CollectStatus.OtherAnchors, [], 0) { AnchorsSince = _repeats.AnchorsSince };
        }

        CollectStatus status = CollectStatus.Stored;
        if (
            request.WaitUntilApplied
            && !call.HasHeld
            && await WasAppliedInTime(call)
            && !call.HasHeld
            && !await _aside.ContainsAny(call.Receipts, _ending.Stop)
            && await _repeats.WereAppliedElsewhere(call)
        )
        {
            status = CollectStatus.Applied;
        }

        // Not copied: nothing writes to them once they are stored.
        return new CollectReply(status, ImmutableCollectionsMarshal.AsImmutableArray(call.Receipts), 0);
    }

    public async Task FollowAnchors(long since)
    {
        // From here on every append looks at its anchors first.
        _repeats.Learn(since);
        await _log.WhenWritten();
        await _log.EnsureOpen();
    }

    public async Task<bool> WhenApplied(long position, TimeSpan waitAtMost)
    {
        await _log.EnsureOpen();
        var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _progress.Applied.Watch(position, () => applied.TrySetResult());
        try
        {
            await applied.Task.WaitAsync(waitAtMost, time, _ending.Leave);
            return !await _aside.Contains(position, _ending.Stop);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <remarks>
    /// Every append asks the list right before it goes out, with nothing in between. So once this node's copy has come so far, only
    /// what storage is busy with may be of before, and that is waited for.
    /// </remarks>
    public async Task<long> FollowSuppressions(long sequence)
    {
        await suppressions.Follow(sequence, _ending.Stop);
        await _log.WhenWritten();
        await _log.EnsureOpen();
        return _log.NextPosition - 1;
    }

    public async Task<bool> HasSettled(long position)
    {
        // Opened, all that is stored is in a lane, or was; behind the last of it there may be places of known messages only.
        await _log.EnsureOpen();
        return _log.NextPosition > position && _progress.Applied.HasNoneUpTo(position);
    }

    private IntakeStatus Status() =>
        new(Partition, _log.NextPosition, _progress.Applied.Position, _room.Messages, _progress.Applied.Recovering);

    private bool HasFullLane(CollectRequest request)
    {
        if (_room.Messages < options.Value.LaneMessagesMax)
        {
            return false;
        }

        foreach (Envelope envelope in request.Envelopes)
        {
            if (_lanes.IsFull(envelope.Anchor))
            {
                return true;
            }
        }

        return false;
    }

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
            await WhenApplied(call).WaitAsync(call.Request.WaitAtMost, time, _ending.Leave);
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
        _lanes.MoveSlowAside();
        _runner.Start();
        if (homes is not null && homes.IsElsewhere(Partition))
        {
            Leave();
            return Task.CompletedTask;
        }

        return _log.LookForOthers(isIdle: () => !_queue.IsAppending);
    }

    /// <summary>
    /// Moves to the partition's home. From the first tick on no new call is begun here, and the engine waits for those under way. They
    /// mostly end by themselves within milliseconds; a tick later those that still wait for profiles are told that their messages
    /// are stored, or they would hold up all that comes for as long as a caller may wait.
    /// </summary>
    private void Leave()
    {
        if (_ending.IsLeaving)
        {
            _ending.LetCallsGo();
            return;
        }

        _ending.IsLeaving = true;
        logger.Leaves(Partition);
        MigrateOnIdle();
    }

    /// <summary>Stores a batch of calls; what is stored goes into its lane.</summary>
    private async Task Append(List<WaitingCall> batch)
    {
        // Only since a change of rules has given messages other anchors; and between the look and the append nothing else runs.
        for (long since = 0; since != _repeats.AnchorsSince; )
        {
            since = _repeats.AnchorsSince;
            await _repeats.FindElsewhere(batch, since, _room.Leave, _ending.Stop);
        }

        StripSuppressed(batch);
        ImmutableArray<LogAppend> appends = AppendsOf(batch);
        AppendResult result = appends.IsEmpty ? new AppendResult(Fenced: false, []) : await _log.Append(appends);
        if (result.Fenced)
        {
            logger.Fenced(Partition);
            DeactivateOnIdle();
            throw new StorageUnavailableException("Another writer has taken the partition over.");
        }

        TakeResult(batch, result);
        _log.MoveOn(appends.Length);
    }

    private void AppendFailed(Exception error)
    {
        _log.Close();
        logger.AppendFailed(Partition, error.GetType().Name);
    }

    /// <summary>Leaves out what must not be taken in again. From here to the append nothing else runs.</summary>
    private void StripSuppressed(List<WaitingCall> batch)
    {
        foreach (WaitingCall call in batch)
        {
            for (int offset = 0; offset < call.Receipts.Length; offset++)
            {
                Envelope envelope = call[offset];
                if (!call.IsElsewhere(offset) && suppressions.Strip(envelope) is var kept && kept != envelope)
                {
                    call.Keep(offset, kept);
                    _room.Shrink(envelope.Json.Length - (kept?.Json.Length ?? 0));
                }
            }
        }
    }

    private ImmutableArray<LogAppend> AppendsOf(List<WaitingCall> batch)
    {
        var appends = ImmutableArray.CreateBuilder<LogAppend>(batch.Sum(call => call.Receipts.Length));
        long position = _log.NextPosition;
        foreach (WaitingCall call in batch)
        {
            for (int offset = 0; offset < call.Receipts.Length; offset++)
            {
                if (!call.IsElsewhere(offset) && !call.IsSuppressed(offset))
                {
                    Envelope envelope = call[offset];
                    appends.Add(
                        new LogAppend(
                            position++,
                            envelope.LogId,
                            envelope.Anchor.ToString(),
                            envelope.Timestamp,
                            envelope.Json
                        )
                    );
                }
            }
        }

        return appends.DrainToImmutable();
    }

    private void TakeResult(List<WaitingCall> batch, AppendResult result)
    {
        List<Lane?> lanes = FindLanes(batch);
        int partition = Partition;
        int message = 0;
        int appended = 0;
        int duplicates = 0;
        int suppressed = 0;
        foreach (WaitingCall call in batch)
        {
            for (int offset = 0; offset < call.Receipts.Length; offset++)
            {
                _room.MoveOn();
                Lane? lane = lanes[message++];
                if (call.IsSuppressed(offset))
                {
                    call.Receipts[offset] = new StoredReceipt(0, Duplicate: false) { IsSuppressed = true };
                    suppressed++;
                    call.MarkApplied();
                    continue;
                }

                if (call.IsElsewhere(offset))
                {
                    duplicates++;
                    _progress.Quality.AddRepeat(call[offset]);
                    _room.Leave(call[offset]);
                    call.MarkApplied();
                    continue;
                }

                long duplicateOf = result.Duplicates[appended];
                if (duplicateOf == 0)
                {
                    long position = _log.NextPosition + appended;
                    call.Receipts[offset] = new StoredReceipt(position, Duplicate: false);
                    _log.MarkHandedOut(position);
                    HandOut(new Delivery(new StoredEnvelope(partition, position, call[offset]), call), lane);
                }
                else
                {
                    duplicates++;
                    _progress.Quality.AddRepeat(call[offset]);
                    _room.Leave(call[offset]);
                    call.Receipts[offset] = new StoredReceipt(duplicateOf, Duplicate: true);
                    _progress.Applied.Watch(duplicateOf, call.MarkApplied);
                }

                appended++;
            }

            call.MarkStored();
        }

        _runner.Start();
        GridInstruments.MessagesStored.Add(message - duplicates - suppressed);
        GridInstruments.MessagesSuppressed.Add(suppressed);
        GridInstruments.MessagesDuplicate.Add(duplicates);
    }

    /// <summary>
    /// Per message of the batch its anchor's lane, null where there is none; in a loop of its own. Each look-up reads memory that was
    /// last touched many thousand messages ago, and in so short a loop the processor waits for several of them at once.
    /// </summary>
    private List<Lane?> FindLanes(List<WaitingCall> batch)
    {
        List<Lane?> lanes = new(batch.Sum(call => call.Receipts.Length));
        foreach (WaitingCall call in batch)
        {
            foreach (Envelope envelope in call.Request.Envelopes)
            {
                lanes.Add(_lanes.Find(envelope.Anchor));
            }
        }

        return lanes;
    }

    private void HandOutStored(StoredEnvelope message)
    {
        if (suppressions.Strip(message.Envelope) is not { } envelope)
        {
            // Stored before its person was erased, and not taken out of the log yet.
            return;
        }

        // What comes with a call is counted when the call comes in.
        _room.Enter(envelope);
        HandOut(new Delivery(message with { Envelope = envelope }, call: null), lane: null);
    }

    private void HandOut(Delivery delivery, Lane? lane)
    {
        _progress.Applied.Add(delivery);
        _progress.Violations.Add(delivery.Message);
        _progress.Quality.Add(delivery.Message);
        if (delivery.Message.Envelope.IsHeld)
        {
            delivery.Call?.MarkHeld();
            _held.Add(delivery);
            return;
        }

        _lanes.Enqueue(delivery, lane);
    }
}
