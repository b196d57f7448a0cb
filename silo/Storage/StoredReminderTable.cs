using System.Globalization;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Silo.Storage;

/// <summary>Keeps reminders in our storage, for a grid of one process. (Silos of a cluster share a table of Orleans' own.)</summary>
internal sealed class StoredReminderTable(IReminderStore store) : IReminderTable
{
    public static IReminderTable Of(IServiceProvider services) =>
        new StoredReminderTable(services.GetRequiredService<IReminderStore>());

    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new((await store.ReadGrainAsync(TypeOf(grainId), KeyOf(grainId), CancellationToken.None)).Select(EntryOf));

    /// <remarks>
    /// A range goes from behind its begin to its end, and where its end is not behind its begin it goes round through zero; equal
    /// ends are the whole ring. So Orleans defines it, and its own tables answer so.
    /// </remarks>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        new(
            (await store.ReadAllAsync(CancellationToken.None))
                .Select(EntryOf)
                .Where(entry => IsBetween(entry.GrainId.GetUniformHashCode(), begin, end))
        );

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        await store.ReadAsync(TypeOf(grainId), KeyOf(grainId), reminderName, CancellationToken.None) is { } stored
            ? EntryOf(stored)
            : null;

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        long version = await store.UpsertAsync(
            new StoredReminder(
                TypeOf(entry.GrainId),
                KeyOf(entry.GrainId),
                entry.ReminderName,
                new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc)),
                entry.Period,
                Version: 0
            ),
            CancellationToken.None
        );
        return version.ToString(CultureInfo.InvariantCulture);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        store.RemoveAsync(
            TypeOf(grainId),
            KeyOf(grainId),
            reminderName,
            long.Parse(eTag, CultureInfo.InvariantCulture),
            CancellationToken.None
        );

    public async Task TestOnlyClearTable()
    {
        foreach (StoredReminder stored in await store.ReadAllAsync(CancellationToken.None))
        {
            await store.RemoveAsync(
                stored.GrainType,
                stored.GrainKey,
                stored.Name,
                stored.Version,
                CancellationToken.None
            );
        }
    }

    private static bool IsBetween(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static string TypeOf(GrainId grainId) => grainId.Type.ToString()!;

    private static string KeyOf(GrainId grainId) => grainId.Key.ToString()!;

    internal static ReminderEntry EntryOf(StoredReminder stored) =>
        new()
        {
            GrainId = GrainId.Create(stored.GrainType, stored.GrainKey),
            ReminderName = stored.Name,
            StartAt = stored.StartAt.UtcDateTime,
            Period = stored.Period,
            ETag = stored.Version.ToString(CultureInfo.InvariantCulture),
        };
}
