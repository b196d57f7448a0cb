using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Repeats across a change of anchors. After a change of rules a message that is sent again may have another anchor, and so come
/// to another partition than the one that has it. Here that is found out before it is appended; grains/README.md ("Repeats across
/// a change of anchors") says why nothing slips through. Owned by a partition and used in its turns only.
/// </summary>
internal sealed class Repeats(
    int partition,
    IEventLog eventLog,
    IPolicy<IdentityRules> source,
    IPolicyNode policies,
    IPhoneNumbers phones,
    IGrainFactory grains
)
{
    /// <summary>The last change of anchors that anybody told of; this node's copy of the rules may know a later one.</summary>
    private long _known;

    /// <summary>The last change that all partitions are known to have gone over to.</summary>
    private long _completed;

    /// <summary>0 while no change of rules has ever given a message another anchor: then nothing is looked for.</summary>
    public long AnchorsSince => Math.Max(_known, source.Epoch);

    private IPolicyGrain RulesOwner => grains.GetGrain<IPolicyGrain>(IdentityPolicyKind.KindName);

    /// <summary>Somebody tells of a change.</summary>
    public void Learn(long since) => _known = Math.Max(_known, since);

    /// <summary>
    /// At opening: this activation may stand on a node that does not follow a change yet which the one before it had
    /// promised to follow.
    /// </summary>
    public async Task LearnFromOwner() => Learn(await RulesOwner.GetEpoch());

    /// <summary>
    /// Takes calls out of the batch whose messages were read by rules that give them other anchors, and finds of the others
    /// those that another partition has.
    /// </summary>
    /// <param name="since">The change that is gone by. Where a later one is known afterwards, it is looked for again.</param>
    /// <param name="refused">Told each call that was taken out.</param>
    public async Task FindElsewhere(
        List<WaitingCall> batch,
        long since,
        Action<WaitingCall> refused,
        CancellationToken stop
    )
    {
        await FollowRules(since);
        if (_completed < since)
        {
            await grains.GetGrain<IAnchorChangeGrain>(GrainKeys.Current).Complete(since);
            _completed = since;
        }

        IdentityRules by = source.Current;
        batch.RemoveAll(call => Refuse(call, by, refused));
        await Task.WhenAll(
            batch.SelectMany(call =>
                Enumerable.Range(0, call.Receipts.Length).Select(offset => FindElsewhere(call, offset, by, stop))
            )
        );
    }

    /// <summary>Waits for those of a call's messages that other partitions have, in what is left of its time.</summary>
    public async Task<bool> WereAppliedElsewhere(WaitingCall call)
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
                grains
                    .GetGrain<IIntakeGrain>(receipt.OtherPartition!.Value)
                    .WhenApplied(receipt.Position, call.Request.WaitAtMost)
            )
        );
        return applied.All(one => one);
    }

    /// <summary>
    /// What is stored is the message that comes if it has its id and, read by the rules in force, its anchor. Another message
    /// of the same id is left alone: an id is a message's own among those of its partition only.
    /// </summary>
    private async Task FindElsewhere(WaitingCall call, int offset, IdentityRules by, CancellationToken stop)
    {
        Envelope envelope = call[offset];
        call.Receipts[offset] = default;
        foreach (LogRow row in await eventLog.FindMessageAsync(envelope.LogId, stop))
        {
            if (row.Partition != partition && TakeRepeat(call, offset, row, by))
            {
                return;
            }
        }

        // An older release stored ids as they were sent; storage does not know that they are one, in whatever partition.
        if (envelope.LogId == envelope.MessageId && MessageIds.AsSent(envelope) is { } sent)
        {
            foreach (LogRow row in await eventLog.FindMessageAsync(sent, stop))
            {
                if (TakeRepeat(call, offset, row, by))
                {
                    return;
                }
            }
        }
    }

    private bool TakeRepeat(WaitingCall call, int offset, LogRow row, IdentityRules by)
    {
        if (AnchorOf(row.Payload.Span, by) != call[offset].Anchor)
        {
            return false;
        }

        call.Receipts[offset] = new StoredReceipt(row.Position, Duplicate: true) { OtherPartition = row.Partition };
        return true;
    }

    private bool Refuse(WaitingCall call, IdentityRules by, Action<WaitingCall> refused)
    {
        foreach (Envelope envelope in call.Request.Envelopes)
        {
            if (AnchorOf(envelope.Json.Span, by) != envelope.Anchor)
            {
                refused(call);
                call.RefuseAnchors();
                return true;
            }
        }

        return false;
    }

    /// <summary>Null where the message has no identifier by these rules.</summary>
    private Identifier? AnchorOf(ReadOnlySpan<byte> json, IdentityRules by) =>
        LoggedIdentifiers.Read(json, by, phones).Identifiers is [var anchor, ..] ? anchor : null;

    /// <summary>Has this node follow a change that others follow already.</summary>
    /// <exception cref="StorageUnavailableException">This node can't read these rules: it may be of an older release.</exception>
    private async Task FollowRules(long since)
    {
        if (source.Epoch >= since)
        {
            return;
        }

        if (await RulesOwner.GetCurrent() is not { } current || current.Epoch < since || !policies.Follow(current))
        {
            throw new StorageUnavailableException("This node can't read the identity rules in force.");
        }
    }
}
