using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>A partition's messages that could not be applied and wait for a person: putting them there and finding them again.</summary>
internal sealed class SetAsideMessages(
    int partition,
    IQuarantine quarantine,
    IEventLog eventLog,
    IGrainFactory grains,
    IdentityResolver resolver,
    TimeProvider time
)
{
    /// <summary>
    /// Sets a message aside: first its customer goes on behind it, so that it is no repeat when it comes again, then it is
    /// listed. False: nobody could be made the anchor's customer, and it is not listed. It must not be: listed without the
    /// customer's knowledge it would count as a repeat once a later one is folded, and be lost from the profile.
    /// </summary>
    public async Task<bool> Add(Delivery delivery, string reason, CancellationToken stop)
    {
        // One that comes again was set aside before, and is on the list.
        if (delivery.Retried is null && !await TellCustomer(delivery.Message))
        {
            return false;
        }

        await quarantine.AddAsync(
            new QuarantinedMessage(partition, delivery.Message.Position, reason, time.GetUtcNow()),
            stop
        );
        return true;
    }

    /// <summary>It is in its profile now.</summary>
    public Task Remove(long position, CancellationToken stop) => quarantine.RemoveAsync(partition, position, stop);

    public async Task<bool> Contains(long position, CancellationToken stop)
    {
        var before = new QuarantineCursor(partition, position - 1);
        ImmutableArray<QuarantinedMessage> found = await quarantine.ListAsync(before, 1, stop);
        return !found.IsEmpty && found[0].Partition == partition && found[0].Position == position;
    }

    /// <summary>The message at that position; null where none is set aside there.</summary>
    public async Task<StoredEnvelope?> Read(long position, CancellationToken stop)
    {
        if (!await Contains(position, stop))
        {
            return null;
        }

        ImmutableArray<LogRow> rows = await eventLog.ReadPartitionAsync(partition, position - 1, 1, stop);
        return rows.IsEmpty || rows[0].Position != position
            ? null
            : new StoredEnvelope(partition, position, EnvelopeReader.FromJson(rows[0].Payload));
    }

    /// <summary>What is set aside lies before the applied position all the same; its repeats are not applied either.</summary>
    public async Task<bool> ContainsAny(StoredReceipt[] repeats, CancellationToken stop)
    {
        foreach (StoredReceipt receipt in repeats)
        {
            // What another partition has is asked for there.
            if (receipt is { Duplicate: true, OtherPartition: null } && await Contains(receipt.Position, stop))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A page of those of all partitions.</summary>
    public async Task<ImmutableArray<QuarantinedPlace>> List(MessagePlace? after, int limit, CancellationToken stop)
    {
        QuarantineCursor? cursor = after is null ? null : new QuarantineCursor(after.Partition, after.Position);
        ImmutableArray<QuarantinedMessage> page = await quarantine.ListAsync(cursor, limit, stop);
        return [.. page.Select(one => new QuarantinedPlace(one.Partition, one.Position, one.Reason, one.At))];
    }

    /// <summary>False where nobody could be made the anchor's customer.</summary>
    private async Task<bool> TellCustomer(StoredEnvelope message)
    {
        Identifier anchor = message.Envelope.Anchor;
        string? owner = await grains.GetGrain<IIdentifierGrain>(anchor.ToString()).GetOwner();
        owner ??= await resolver.CreateOfAnchor(message);
        if (owner is null)
        {
            return false;
        }

        await Stubs.Follow(
            owner,
            id => grains.GetGrain<ICustomerGrain>(id).SetAside(anchor, message.Position),
            static movedTo => movedTo
        );
        return true;
    }
}
