using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.reminder")]
public interface IReminderGrain : IGrainWithStringKey
{
    [Alias("remind")]
    Task Remind(string name, TimeSpan due, TimeSpan period);

    /// <summary>Answers whether there was one.</summary>
    [Alias("forget")]
    Task<bool> Forget(string name);

    /// <summary>The name of the reminder as the engine gives it back, or null.</summary>
    [Alias("find")]
    Task<string?> Find(string name);

    [Alias("names")]
    Task<string[]> Names();

    [Alias("retire")]
    Task Retire();
}

public sealed class ReminderGrain(Journal journal) : Grain, IReminderGrain, IRemindable
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Add(this.GetPrimaryKeyString(), "activated");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Add(this.GetPrimaryKeyString(), "deactivated");
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var where = TaskScheduler.Current == TaskScheduler.Default ? " on no turn" : "";
        journal.Add(this.GetPrimaryKeyString(), $"{reminderName} every {status.Period.TotalMilliseconds}{where}");
        return Task.CompletedTask;
    }

    public Task Remind(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task<bool> Forget(string name)
    {
        var reminder = await this.GetReminder(name);
        if (reminder is null)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        journal.Add(this.GetPrimaryKeyString(), $"forgot {name}");
        return true;
    }

    public async Task<string?> Find(string name) => (await this.GetReminder(name))?.ReminderName;

    public async Task<string[]> Names() =>
        [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order(StringComparer.Ordinal)];

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
