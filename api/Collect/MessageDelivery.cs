using System.Collections.Immutable;
using Customer360.Api.Problems;
using Customer360.Api.Sources;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Collect;

/// <summary>Takes read messages to the intake partitions of their anchors, all at once, and brings the receipts back.</summary>
public sealed class MessageDelivery(
    IGrainFactory grains,
    EnvelopeReader reader,
    IOptions<GridOptions> grid,
    SourceWatch sources,
    CollectOptions options,
    TimeProvider time
)
{
    /// <summary>How often messages are read again: so many changes of rules do not come at once.</summary>
    private const int RoundsMax = 5;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly int _partitionCount = grid.Value.Partitions;

    /// <summary>
    /// Delivers. Where one partition has too much waiting, the whole request is to be sent again: what other partitions
    /// took of it will be recognised then. Messages to which rules that came into force since give another anchor are read
    /// again, and go where they belong now.
    /// </summary>
    /// <exception cref="Rules.Ports.StorageUnavailableException">Nothing of it may be acknowledged.</exception>
    public async Task<Outcome<CollectResult>> DeliverAsync(MessageReading reading, bool waitUntilApplied)
    {
        bool isApplied = true;
        List<int>? places = null;
        for (int round = 0; round < RoundsMax; round++)
        {
            Parcel[] parcels = Sort(reading.Envelopes, places);
            CollectReply[] replies = await Task.WhenAll(parcels.Select(parcel => SendAsync(parcel, waitUntilApplied)));
            if (replies.Any(reply => reply.Status == CollectStatus.Overloaded))
            {
                return new TooBusy(
                    Math.Clamp(replies.Max(reply => reply.RetryAfterSeconds), options.RetryAfterSeconds, 300)
                );
            }

            places = [];
            for (int index = 0; index < parcels.Length; index++)
            {
                if (replies[index].Status == CollectStatus.OtherAnchors)
                {
                    places.AddRange(parcels[index].Places);
                }
                else
                {
                    FillReceipts(reading, parcels[index], replies[index].Receipts);
                    isApplied &= replies[index].Status == CollectStatus.Applied;
                }
            }

            if (places.Count > 0)
            {
                if (!await Follows(replies.Max(reply => reply.AnchorsSince)))
                {
                    break;
                }

                places = reading.ReadAgain(reader, places);
                if (reading is { IsOne: true, Receipts: [{ Refusal: { } refusal }] })
                {
                    return refusal;
                }
            }

            if (places.Count == 0)
            {
                // All messages of a request are of one source.
                if (Array.Find(reading.Envelopes, one => one is not null) is { } envelope)
                {
                    sources.Sent(envelope.Source);
                }

                bool? applied = waitUntilApplied ? isApplied : null;
                return new CollectResult(reading.Receipts, applied) { Envelopes = reading.Envelopes };
            }
        }

        return new TooBusy(options.RetryAfterSeconds);
    }

    /// <summary>Waits until this node follows a change of rules that a partition follows already; false where it does not.</summary>
    private async Task<bool> Follows(long anchorsSince)
    {
        long began = time.GetTimestamp();
        while (reader.AnchorsSince < anchorsSince)
        {
            if (time.GetElapsedTime(began) > options.WaitTimeMax)
            {
                return false;
            }

            // Each node asks once a second: there is nothing else to wait on.
            await Task.Delay(s_interval, time);
        }

        return true;
    }

    private Task<CollectReply> SendAsync(Parcel parcel, bool waitUntilApplied) =>
        grains
            .GetGrain<IIntakeGrain>(parcel.Partition)
            .Collect(
                new CollectRequest(parcel.Envelopes.DrainToImmutable(), waitUntilApplied, options.WaitTimeMax)
                {
                    // Taken after the messages were read, so none was read by rules of a later change.
                    AnchorsSince = reader.AnchorsSince,
                }
            );

    /// <param name="places">Those that are to be delivered; null: all.</param>
    private Parcel[] Sort(Envelope?[] envelopes, List<int>? places)
    {
        Dictionary<int, Parcel> parcels = [];
        for (int index = 0; index < envelopes.Length; index++)
        {
            if (envelopes[index] is not { } envelope || places?.Contains(index) == false)
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
            if (stored[index].IsSuppressed)
            {
                // Who may send is not told whom the grid must not know: it looks like any other message that was taken.
                reading.Receipts[place] = new CollectReceipt
                {
                    MessageId = reading.Envelopes[place]!.MessageId,
                    IsSuppressed = true,
                };
                reading.Envelopes[place] = null;
                continue;
            }

            reading.Receipts[place] = new CollectReceipt
            {
                MessageId = reading.Envelopes[place]!.MessageId,
                Duplicate = stored[index].Duplicate,
                Partition = stored[index].OtherPartition ?? parcel.Partition,
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
