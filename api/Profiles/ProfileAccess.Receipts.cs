using System.Collections.Immutable;
using Customer360.Api.Collect;
using Customer360.Api.Problems;
using Customer360.Api.Receipts;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>Messages in the log, and where they went.</summary>
internal sealed partial class ProfileAccess
{
    private static readonly Refusal s_noMessage = new NotFound("message");

    /// <summary>
    /// The caller may be told whose an identifier is. A write key stands in web pages: told where its messages went, anyone could
    /// ask with it who belongs together.
    /// </summary>
    /// <remarks>Only who sees every identifier: a message's receipts come with the answer to sending it.</remarks>
    public static bool MayFollow(in Asker asker) =>
        AccessRules.Decide(new AccessRequest(asker.Roles.Roles, asker.Purpose)).Visible.Show(FieldSets.Receipts);

    /// <summary>
    /// What became of a message. An id is a message's own in its partition: where a sender gave it to messages of several
    /// anchors, this is the one that came first, and the others are told.
    /// </summary>
    public async Task<Outcome<FollowedMessage>> GetReceipt(Asker asker, string? messageId, CancellationToken aborted)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Receipts);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        ImmutableArray<StoredEnvelope> stored = await FindMessages(messageId);
        if (stored.IsEmpty)
        {
            return s_noMessage;
        }

        ImmutableArray<StoredEnvelope> inOrder = [.. stored.OrderBy(one => one.Envelope.ReceivedAt)];
        StoredEnvelope message = inOrder[0];
        IntakeStatus partition = await grains.GetGrain<IIntakeGrain>(message.Partition).GetStatus();
        MessageOutcome outcome = await new MessageOutcomes(grains, aborted).Of(
            message.Envelope,
            message.Position,
            partition.AppliedPosition
        );
        Identifier anchor = message.Envelope.Anchor;
        VisibleFields fields = outcome.CustomerId is { } customerId
            ? await FieldsOf(right.Value, customerId)
            : right.Value.Fields;
        if (!fields.Show(FieldSets.Receipts))
        {
            // Its person has not consented to the purpose: as if nobody had sent it.
            return s_noMessage;
        }

        if (fields.Table is not { } table)
        {
            var whole = new FollowedMessage(message, anchor, outcome, inOrder[1..]);
            return await Told<FollowedMessage>(asker, "receipt.read", outcome.CustomerId, fields, whole);
        }

        // Of a message that is nobody's yet it is not known whether its person has consented.
        bool isNobodys = right.Value.NeedsConsent && outcome.CustomerId is null;
        var visible = new FollowedMessage(
            message,
            isNobodys ? null : table.Show(anchor),
            outcome with
            {
                Identifiers = isNobodys
                    ? []
                    : [.. outcome.Identifiers.Select(one => Shown(one, table)).OfType<IdentifierOutcome>()],
            },
            inOrder[1..]
        );
        return await Told<FollowedMessage>(asker, "receipt.read", outcome.CustomerId, fields, visible);
    }

    private static IdentifierOutcome? Shown(IdentifierOutcome outcome, FieldTable table) =>
        outcome.Value is null
            ? table.OfType(outcome.Type).IsWithheld
                ? null
                : outcome
            : table.Show(Identifier.Create(outcome.Type, outcome.Value)) is { } shown
                ? outcome with
                {
                    Value = shown.Value,
                }
                : null;

    /// <summary>
    /// Says where messages went whose profiles show them: by place, null where a message was refused. Asked for who
    /// <see cref="MayFollow"/> only.
    /// </summary>
    /// <param name="partitions">Partitions of the log.</param>
    public async Task<Outcome<MessageOutcome?[]>> Follow(
        Asker asker,
        MessageReading reading,
        int partitions,
        CancellationToken aborted
    )
    {
        if (!MayFollow(asker))
        {
            return s_withheld;
        }

        var outcomes = new MessageOutcomes(grains, aborted);
        return await Task.WhenAll(
            reading.Envelopes.Zip(
                reading.Receipts,
                async (envelope, receipt) =>
                    envelope is null
                        ? null
                        : await outcomes.Of(
                            await AsStored(envelope, receipt, partitions),
                            position: 0,
                            appliedPosition: 0
                        )
            )
        );
    }

    /// <summary>A repeat may have been stored under another anchor, by the rules of then: that one says where it went.</summary>
    private async Task<Envelope> AsStored(Envelope envelope, CollectReceipt receipt, int partitions)
    {
        if (!receipt.Duplicate || receipt.Partition == Partitions.Of(envelope.Anchor, partitions))
        {
            return envelope;
        }

        ImmutableArray<StoredEnvelope> stored = await grains.GetGrain<IMessageLogGrain>(0).Find(envelope.MessageId);
        return stored.First(one => one.Partition == receipt.Partition).Envelope;
    }

    /// <summary>
    /// By the id's one spelling; then as it was asked for, since an older release stored ids as they were sent. An id that no
    /// message can have is not asked for.
    /// </summary>
    private async Task<ImmutableArray<StoredEnvelope>> FindMessages(string? asked)
    {
        ImmutableArray<StoredEnvelope> found =
            asked is not null && MessageIds.Of(asked) is { } messageId
                ? await grains.GetGrain<IMessageLogGrain>(0).Find(messageId)
                : [];
        bool mayBeOlder =
            asked is { Length: >= 1 and <= MessageIds.LengthMax } && !asked.Contains('\0', StringComparison.Ordinal);
        return found.IsEmpty && mayBeOlder ? await grains.GetGrain<IMessageLogGrain>(0).Find(asked!) : found;
    }
}

/// <param name="Anchor">As the caller sees it; null: not at all.</param>
/// <param name="Outcome">Where it went, with the identifiers that the caller sees.</param>
/// <param name="Others">Other messages with the same id.</param>
internal sealed record FollowedMessage(
    StoredEnvelope Message,
    Identifier? Anchor,
    MessageOutcome Outcome,
    ImmutableArray<StoredEnvelope> Others
);
