using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Goes through what waits for each destination, and what became of the rest, and makes the rows of deliveries.</summary>
internal sealed class DeliveryPass(ExportTools mirror, MirrorFields fields, MirrorSinks sinks) : IMirrorPass
{
    private const int PageDeliveries = 500;

    public static ImmutableArray<MirrorTable> Tables { get; } = [DeliveryRows.Table];

    public async Task Run(JobPace pace, CancellationToken stop)
    {
        foreach (string destination in mirror.Policies.Destinations.Destinations.Keys)
        {
            await Read(destination, isWaiting: true, pace, stop);
            await Read(destination, isWaiting: false, pace, stop);
        }
    }

    private async Task Read(string destination, bool isWaiting, JobPace pace, CancellationToken stop)
    {
        DeliveryCursor? after = null;
        ImmutableArray<DeliveryRow> page;
        do
        {
            page = await pace.Storage(
                mirror.Outbox.ReadAsync(
                    new DeliveryQuery(destination)
                    {
                        IsWaiting = isWaiting,
                        After = after,
                        Limit = PageDeliveries,
                    },
                    stop
                )
            );
            foreach (DeliveryRow delivery in page)
            {
                if (await IsSeen(delivery.Effect))
                {
                    DeliveryRows.Add(sinks.RowsOf(DeliveryRows.Table), destination, delivery);
                }
            }

            await sinks.Flush(stop);
            await pace.Rest();
            after = page.IsEmpty
                ? after
                : new DeliveryCursor(isWaiting ? page[^1].Effect.CustomerId : "", page[^1].Number);
        } while (page.Length == PageDeliveries);
    }

    /// <summary>An alert is about nobody.</summary>
    private async Task<bool> IsSeen(Effect effect) =>
        effect.Kind == EffectKind.QualityAlert
        || (await fields.OfCustomer(effect.CustomerId)).HaveAnyOf(FieldSets.Profile);
}
