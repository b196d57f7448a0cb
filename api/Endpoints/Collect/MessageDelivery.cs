using System.Collections.Immutable;
using Customer360.Api.Endpoints.Receipts;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Endpoints.Collect;

/// <summary>Takes read messages to the intake partitions of their anchors, all at once, and brings the receipts back.</summary>
public sealed class MessageDelivery(IGrainFactory grains, IOptions<GridOptions> grid, CollectOptions options)
{
    private readonly int _partitionCount = grid.Value.Partitions;

    /// <summary>
    /// Delivers. Where one partition has too much waiting, the whole request is to be sent again: what other partitions
    /// took of it will be recognised then.
    /// </summary>
    /// <exception cref="Rules.Ports.StorageUnavailableException">Nothing of it may be acknowledged.</exception>
    public async Task<Outcome<CollectResult>> DeliverAsync(MessageReading reading, bool waitUntilApplied)
    {
        Parcel[] parcels = Sort(reading.Envelopes);
        CollectReply[] replies = await Task.WhenAll(parcels.Select(parcel => SendAsync(parcel, waitUntilApplied)));
        if (replies.Any(reply => reply.Status == CollectStatus.Overloaded))
        {
            return new TooBusy(
                Math.Clamp(replies.Max(reply => reply.RetryAfterSeconds), options.RetryAfterSeconds, 300)
            );
        }

        for (int index = 0; index < parcels.Length; index++)
        {
            FillReceipts(reading, parcels[index], replies[index].Receipts);
        }

        bool? applied = waitUntilApplied ? replies.All(reply => reply.Status == CollectStatus.Applied) : null;
        return new CollectResult(reading.Receipts, applied) { Envelopes = reading.Envelopes };
    }

    /// <summary>Says where messages went whose profiles show them: by place, null where a message was refused.</summary>
    public async Task<MessageOutcome?[]> FollowAsync(MessageReading reading)
    {
        var outcomes = new MessageOutcomes(grains);
        return await Task.WhenAll(
            reading.Envelopes.Select(async envelope =>
                envelope is null ? null : await outcomes.Of(envelope, position: 0, appliedPosition: 0)
            )
        );
    }

    private Task<CollectReply> SendAsync(Parcel parcel, bool waitUntilApplied) =>
        grains
            .GetGrain<IIntakeGrain>(parcel.Partition)
            .Collect(new CollectRequest(parcel.Envelopes.DrainToImmutable(), waitUntilApplied, options.WaitTimeMax));

    private Parcel[] Sort(Envelope?[] envelopes)
    {
        Dictionary<int, Parcel> parcels = [];
        for (int index = 0; index < envelopes.Length; index++)
        {
            if (envelopes[index] is not { } envelope)
            {
                continue;
            }

            int partition = Partitions.Of(envelope.Anchor, _partitionCount);
            if (!parcels.TryGetValue(partition, out Parcel? parcel))
            {
                parcels[partition] = parcel = new Parcel(partition);
            }

            parcel.Places.Add(index);
            parcel.Envelopes.Add(envelope);
        }

        return [.. parcels.Values];
    }

    private static void FillReceipts(MessageReading reading, Parcel parcel, ImmutableArray<StoredReceipt> stored)
    {
        for (int index = 0; index < stored.Length; index++)
        {
            int place = parcel.Places[index];
            reading.Receipts[place] = new CollectReceipt
            {
                MessageId = reading.Envelopes[place]!.MessageId,
                Duplicate = stored[index].Duplicate,
                Partition = parcel.Partition,
                Position = stored[index].Position,
            };
        }
    }

    /// <summary>What goes to one partition, in the request's order.</summary>
    private sealed class Parcel(int partition)
    {
        public int Partition { get; } = partition;

        /// <summary>Where each message stands in the request.</summary>
        public List<int> Places { get; } = [];

        public ImmutableArray<Envelope>.Builder Envelopes { get; } = ImmutableArray.CreateBuilder<Envelope>();
    }
}
