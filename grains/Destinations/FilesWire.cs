using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>Files in a folder, each with a manifest that is written behind it: who finds a manifest finds its file whole.</summary>
public sealed class FilesWire(IDeliveryFiles files, TimeProvider time) : IDestinationWire
{
    private const int BatchMax = 1_000;

    public DestinationKind Kind => DestinationKind.Files;

    public int BatchOf(Destination destination) => BatchMax;

    public async Task<ImmutableArray<ItemAnswer>> Send(
        Destination destination,
        ImmutableArray<OutgoingItem> items,
        CancellationToken stop
    )
    {
        DeliveryFileOptions options = destination.Files!;
        ItemAnswer answer = await Write(
            destination,
            items[0].Item,
            FileManifest.NameOf(items),
            FileLines.Of(options, items),
            [.. items.Select(one => one.Item.Effect.Id)],
            stop
        );
        return [.. Enumerable.Repeat(answer, items.Length)];
    }

    public Task<ItemAnswer> Test(Destination destination, string id, CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        var effect = new Effect(id, EffectKind.Message, id, "", id, now);
        return Write(
            destination,
            new OutboxItem(effect, 1, 0, now, false, false),
            id,
            [.. DeliveryJson.Test(now), (byte)'\n'],
            [],
            stop
        );
    }

    private async Task<ItemAnswer> Write(
        Destination destination,
        OutboxItem item,
        string name,
        byte[] content,
        ImmutableArray<string> ids,
        CancellationToken stop
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        string file = name + (destination.Files!.IsCsv ? ".csv" : ".ndjson");
        bool isWritten = await files.WriteAsync(
            destination.Address,
            file,
            content,
            FileManifest.Of(file, content, ids, now),
            stop
        );
        return new ItemAnswer(
            isWritten
                ? new DeliveryJudgement(DeliveryOutcome.Sent, "")
                : DeliverySchedule.Again(item, now, "folder_unwritable", DeliveryChance.Of(item)) with
                {
                    IsTrouble = true,
                },
            0
        )
        {
            Note = isWritten ? file : null,
        };
    }
}
