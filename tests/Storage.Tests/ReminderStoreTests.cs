using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What the store of reminders promises.</summary>
public abstract class ReminderStoreTests(TestDatabase database)
{
    private IReminderStore Reminders => database.Storage.Reminders;

    [DatabaseFact]
    public async Task Upsert_WhenReadBack_IsTheSameWithItsVersion()
    {
        StoredReminder reminder = Reminder("a", "resume");

        Assert.Equal(1, await Reminders.UpsertAsync(reminder, CancellationToken.None));
        StoredReminder changed = reminder with { Period = TimeSpan.FromTicks(1_234_567) };
        Assert.Equal(2, await Reminders.UpsertAsync(changed, CancellationToken.None));

        Assert.Equal(
            changed with
            {
                Version = 2,
            },
            await Reminders.ReadAsync("customer", "a", "resume", CancellationToken.None)
        );
    }

    [DatabaseFact]
    public async Task Read_WhenThereIsNone_IsNull() =>
        Assert.Null(await Reminders.ReadAsync("customer", "nobody", "resume", CancellationToken.None));

    [DatabaseFact]
    public async Task ReadGrain_WhenOthersHaveReminders_GivesItsOwn()
    {
        await Reminders.UpsertAsync(Reminder("b", "one"), CancellationToken.None);
        await Reminders.UpsertAsync(Reminder("b", "two"), CancellationToken.None);
        await Reminders.UpsertAsync(Reminder("c", "one"), CancellationToken.None);

        var names = (await Reminders.ReadGrainAsync("customer", "b", CancellationToken.None)).Select(found =>
            found.Name
        );

        Assert.Equal(["one", "two"], names.Order(StringComparer.Ordinal));
        Assert.True((await Reminders.ReadAllAsync(CancellationToken.None)).Length >= 3);
    }

    [DatabaseFact]
    public async Task Remove_WhenVersionIsOld_LeavesIt()
    {
        await Reminders.UpsertAsync(Reminder("d", "one"), CancellationToken.None);
        await Reminders.UpsertAsync(Reminder("d", "one"), CancellationToken.None);

        Assert.False(await Reminders.RemoveAsync("customer", "d", "one", 1, CancellationToken.None));
        Assert.True(await Reminders.RemoveAsync("customer", "d", "one", 2, CancellationToken.None));
        Assert.False(await Reminders.RemoveAsync("customer", "d", "one", 2, CancellationToken.None));
    }

    private static StoredReminder Reminder(string key, string name) =>
        new("customer", key, name, Noon.AddMicroseconds(7), TimeSpan.FromMinutes(5), Version: 1);
}
