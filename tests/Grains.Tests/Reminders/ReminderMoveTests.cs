using Customer360.Rules.Ports;
using Customer360.Storage;
using Customer360.Storage.Postgres;
using Customer360.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Grains.Tests.Reminders;

/// <summary>A store of a grid that kept its reminders in our table is opened by one that keeps them in Orleans'.</summary>
[NeedsPostgres]
public sealed class ReminderMoveTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [DatabaseFact]
    public async Task Reminders_OfAnOlderGrid_AreInOrleansTableAfterTheStart()
    {
        string database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await Keep(database, "c_one", "c_two", "c_three");

        await using (var silo = new PostgresSilo(database))
        {
            await silo.StartAsync();

            ReminderTableData moved = await silo.Reminders.ReadRows(0, 0);
            Assert.Equal(
                ["c_one", "c_three", "c_two"],
                moved.Reminders.Select(one => one.GrainId.Key.ToString()).Order(StringComparer.Ordinal)
            );
            Assert.All(
                moved.Reminders,
                one =>
                    Assert.Equal(
                        ("customer", "merge", s_start.UtcDateTime, TimeSpan.FromMinutes(1)),
                        (one.GrainId.Type.ToString(), one.ReminderName, one.StartAt, one.Period)
                    )
            );
        }

        Assert.Empty(await Kept(database));
    }

    /// <summary>The process died after a reminder was written there and before it was deleted here.</summary>
    [DatabaseFact]
    public async Task Reminders_OfWhichAMoveWasCutShort_AreThereOnceAndAsTheyWere()
    {
        string database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        GrainId grain = GrainId.Create("customer", "c_one");
        await Keep(database, "c_one");
        string? before;
        await using (var silo = new PostgresSilo(database))
        {
            await silo.StartAsync();
            before = (await silo.Reminders.ReadRow(grain, "merge"))!.ETag;
        }

        await Keep(database, "c_one", "c_two");
        await using (var silo = new PostgresSilo(database))
        {
            await silo.StartAsync();

            Assert.Equal(before, (await silo.Reminders.ReadRow(grain, "merge"))!.ETag);
            Assert.Equal(2, (await silo.Reminders.ReadRows(0, 0)).Reminders.Count);
        }

        Assert.Empty(await Kept(database));
    }

    /// <summary>What was ended in the meantime does not come back at the next start.</summary>
    [DatabaseFact]
    public async Task Reminders_ThatWereMovedAndEnded_StayEnded()
    {
        string database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        GrainId grain = GrainId.Create("customer", "c_one");
        await Keep(database, "c_one");
        await using (var silo = new PostgresSilo(database))
        {
            await silo.StartAsync();
            ReminderEntry moved = (await silo.Reminders.ReadRow(grain, "merge"))!;
            Assert.True(await silo.Reminders.RemoveRow(grain, "merge", moved.ETag!));
        }

        await using (var silo = new PostgresSilo(database))
        {
            await silo.StartAsync();
            Assert.Null(await silo.Reminders.ReadRow(grain, "merge"));
        }
    }

    private static async Task Keep(string database, params string[] customers)
    {
        await using GridStorage storage = await Open(database);
        foreach (string customer in customers)
        {
            await storage.Reminders.UpsertAsync(
                new StoredReminder("customer", customer, "merge", s_start, TimeSpan.FromMinutes(1), Version: 0),
                CancellationToken.None
            );
        }
    }

    private static async Task<IReadOnlyList<StoredReminder>> Kept(string database)
    {
        await using GridStorage storage = await Open(database);
        return [.. await storage.Reminders.ReadAllAsync(CancellationToken.None)];
    }

    private static async Task<GridStorage> Open(string database)
    {
        GridStorage storage = PostgresStorage.Create(
            new PostgresStorageOptions { ConnectionString = database },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        return storage;
    }
}
