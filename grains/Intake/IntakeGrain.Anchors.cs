using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// After a change of rules a message that is sent again may have another anchor, and so come to another partition than the
/// one that has it. Here that is found out before it is appended; grains/README.md ("Repeats across a change of anchors")
/// says why nothing slips through.
/// </summary>
public sealed partial class IntakeGrain
{
    /// <summary>The last change of anchors that anybody told of; this node's copy of the rules may know a later one.</summary>
    private long _anchorsKnown;

    /// <summary>The last change that all partitions are known to have gone over to.</summary>
    private long _anchorsCompleted;

    /// <summary>The append that storage is busy with.</summary>
    private Task<AppendResult>? _writing;

    /// <summary>0 while no change of rules has ever given a message another anchor: then nothing is looked for.</summary>
    private long AnchorsSince => Math.Max(_anchorsKnown, source.AnchorsSince);

    private IIdentityRulesGrain RulesOwner => GrainFactory.GetGrain<IIdentityRulesGrain>(GrainKeys.IdentityRules);

    public async Task FollowAnchors(long since)
    {
        // From here on every append looks at its anchors first.
        _anchorsKnown = Math.Max(_anchorsKnown, since);
        if (_writing is { } writing)
        {
            // Where it failed its callers are told by the append; whether it was stored, opening finds out.
            await Task.WhenAny(writing);
            _isOpen &= writing.IsCompletedSuccessfully;
        }

        await EnsureOpen();
    }

    public async Task<bool> WhenApplied(long position, TimeSpan waitAtMost)
    {
        await EnsureOpen();
        var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _applied.Watch(position, () => applied.TrySetResult());
        try
        {
            await applied.Task.WaitAsync(waitAtMost, time, _stop);
            return !await IsQuarantined(position);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<AppendResult> Write(ImmutableArray<LogAppend> messages)
    {
        try
        {
            return await (_writing = eventLog.AppendAsync(Partition, messages, _stop));
        }
        finally
        {
            _writing = null;
        }
    }

    /// <summary>
    /// At opening: this activation may stand on a node that does not follow a change yet which the one before it had
    /// promised to follow.
    /// </summary>
    private async Task LearnAnchors() => _anchorsKnown = Math.Max(_anchorsKnown, await RulesOwner.GetAnchorsSince());

    /// <summary>
    /// Takes calls out of the batch whose messages were read by rules that give them other anchors, and finds of the others
    /// those that another partition has.
    /// </summary>
    private async Task FindElsewhere(List<WaitingCall> batch, long since)
    {
        await FollowRules(since);
        if (_anchorsCompleted < since)
        {
            await GrainFactory.GetGrain<IAnchorChangeGrain>(GrainKeys.Current).Complete(since);
            _anchorsCompleted = since;
        }

        IdentityRules by = rules;
        batch.RemoveAll(call => RefuseOtherAnchors(call, by));
        await Task.WhenAll(
            batch.SelectMany(call =>
                Enumerable.Range(0, call.Receipts.Length).Select(offset => FindElsewhere(call, offset, by))
            )
        );
    }

    /// <summary>
    /// What is stored is the message that comes if it has its id and, read by the rules in force, its anchor. Another message
    /// of the same id is left alone: an id is a message's own among those of its partition only.
    /// </summary>
    private async Task FindElsewhere(WaitingCall call, int offset, IdentityRules by)
    {
        Envelope envelope = call[offset];
        call.Receipts[offset] = default;
        foreach (LogRow row in await eventLog.FindMessageAsync(envelope.MessageId, _stop))
        {
            if (row.Partition != Partition && AnchorOf(row.Payload.Span, by) == envelope.Anchor)
            {
                call.Receipts[offset] = new StoredReceipt(row.Position, Duplicate: true)
                {
                    OtherPartition = row.Partition,
                };
                return;
            }
        }
    }

    private bool RefuseOtherAnchors(WaitingCall call, IdentityRules by)
    {
        foreach (Envelope envelope in call.Request.Envelopes)
        {
            if (AnchorOf(envelope.Json.Span, by) != envelope.Anchor)
            {
                GiveRoomBack(call);
                call.RefuseAnchors();
                return true;
            }
        }

        return false;
    }

    /// <summary>Null where the message has no identifier by these rules.</summary>
    private static Identifier? AnchorOf(ReadOnlySpan<byte> json, IdentityRules by) =>
        LoggedIdentifiers.Read(json, by).Identifiers is [var anchor, ..] ? anchor : null;

    /// <summary>Has this node follow a change that others follow already.</summary>
    /// <exception cref="StorageUnavailableException">This node can't read these rules: it may be of an older release.</exception>
    private async Task FollowRules(long since)
    {
        if (source.AnchorsSince >= since)
        {
            return;
        }

        if (
            await RulesOwner.GetCurrent() is not { } current
            || current.AnchorsSince < since
            || rulesFile.Read(current.Yaml).Rules is not { } read
        )
        {
            throw new StorageUnavailableException("This node can't read the identity rules in force.");
        }

        rulesFile.Follow(current, read);
    }

    /// <summary>Waits for those of a call's messages that other partitions have, in what is left of its time.</summary>
    private async Task<bool> WasAppliedElsewhere(WaitingCall call)
    {
        ImmutableArray<StoredReceipt> elsewhere =
        [
            .. call.Receipts.Where(receipt => receipt.OtherPartition is not null),
        ];
        if (elsewhere.IsEmpty)
        {
            return true;
        }

        bool[] applied = await Task.WhenAll(
            elsewhere.Select(receipt =>
                GrainFactory
                    .GetGrain<IIntakeGrain>(receipt.OtherPartition!.Value)
                    .WhenApplied(receipt.Position, call.Request.WaitAtMost)
            )
        );
        return applied.All(one => one);
    }
}
