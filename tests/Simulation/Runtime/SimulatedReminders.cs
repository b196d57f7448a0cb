using Microsoft.Extensions.Options;
using Orleans.Timers;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// Reminders of the node's table, by the rules of Orleans' <c>LocalReminderService</c>: a tick is a call like any other, and
/// the next one is due at the next multiple of the period, however late this one was. Where the settings say so, ticks come
/// late or twice; Orleans promises neither punctuality nor exactly one.
/// </summary>
internal sealed class SimulatedReminders(
    SimulatedSilo silo,
    RuntimeSettings settings,
    IOptions<ReminderOptions> options,
    IChance chance,
    IReminderTable? table = null
) : IReminderRegistry
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);
    private const int LateMillisecondsMax = 90_000;
    private readonly Dictionary<(GrainId Grain, string Name), (ReminderEntry Entry, ITimer Timer)> _set = [];
    private bool _isStopped;

    private IReminderTable Table =>
        table ?? throw new InvalidOperationException("This node has no table for reminders.");

    /// <summary>Sets the reminders that the table has; where it can't be read, it tries again a little later.</summary>
    public async Task StartAsync()
    {
        if (table is null || _isStopped)
        {
            return;
        }

        try
        {
            foreach (ReminderEntry entry in (await table.ReadRows(0, 0)).Reminders)
            {
                if (!_set.ContainsKey((entry.GrainId, entry.ReminderName)))
                {
                    Set(entry);
                }
            }
        }
        catch (Exception)
        {
            // This is as in Orleans, which logs it and reads the table again.
            After(s_retry, () => _ = StartAsync());
        }
    }

    public void Stop()
    {
        _isStopped = true;
        foreach ((_, ITimer timer) in _set.Values)
        {
            timer.Dispose();
        }

        _set.Clear();
    }

    public async Task<IGrainReminder> RegisterOrUpdateReminder(
        GrainId callingGrainId,
        string reminderName,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException(
                $"The reminder {reminderName} has the period {period}; the shortest is {options.Value.MinimumReminderPeriod}."
            );
        }

        var entry = new ReminderEntry
        {
            GrainId = callingGrainId,
            ReminderName = reminderName,
            StartAt = silo.Time.GetUtcNow().UtcDateTime + dueTime,
            Period = period,
        };
        entry.ETag = await Table.UpsertRow(entry);
        Set(entry);
        return new Reminder(reminderName, entry.ETag);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        if (
            !await Table.RemoveRow(callingGrainId, reminder.ReminderName, ((Reminder)reminder).ETag!)
            && await Table.ReadRow(callingGrainId, reminder.ReminderName) is not null
        )
        {
            throw new ReminderException($"Could not unregister reminder {reminder.ReminderName}.");
        }

        if (_set.Remove((callingGrainId, reminder.ReminderName), out var set))
        {
            set.Timer.Dispose();
        }
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) =>
        await Table.ReadRow(callingGrainId, reminderName) is { } entry ? new Reminder(reminderName, entry.ETag) : null;

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) =>
        [
            .. (await Table.ReadRows(callingGrainId)).Reminders.Select(entry =>
                (IGrainReminder)new Reminder(entry.ReminderName, entry.ETag)
            ),
        ];

    private void Set(ReminderEntry entry)
    {
        if (_set.Remove((entry.GrainId, entry.ReminderName), out var before))
        {
            before.Timer.Dispose();
        }

        ITimer timer = silo.Time.CreateTimer(_ => Fire(entry), null, UntilNext(entry), Timeout.InfiniteTimeSpan);
        _set.Add((entry.GrainId, entry.ReminderName), (entry, timer));
    }

    private TimeSpan UntilNext(ReminderEntry entry)
    {
        DateTime now = silo.Time.GetUtcNow().UtcDateTime;
        return entry.StartAt > now
            ? entry.StartAt - now
            : TimeSpan.FromTicks(entry.Period.Ticks - ((now - entry.StartAt).Ticks % entry.Period.Ticks));
    }

    private void Fire(ReminderEntry entry)
    {
        if (chance.Chance(settings.RemindersLate))
        {
            silo.Watcher?.Met(Weakness.ReminderLate, entry.GrainId);
            After(TimeSpan.FromMilliseconds(1 + chance.Next(LateMillisecondsMax)), () => _ = TickAsync(entry));
            return;
        }

        if (chance.Chance(settings.RemindersTwice))
        {
            silo.Watcher?.Met(Weakness.ReminderTwice, entry.GrainId);
            _ = CallAsync(entry);
        }

        _ = TickAsync(entry);
    }

    private async Task TickAsync(ReminderEntry entry)
    {
        await CallAsync(entry);
        if (_set.TryGetValue((entry.GrainId, entry.ReminderName), out var set) && ReferenceEquals(set.Entry, entry))
        {
            set.Timer.Change(UntilNext(entry), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task CallAsync(ReminderEntry entry)
    {
        try
        {
            await silo
                .Factory.GetGrain<IRemindable>(entry.GrainId)
                .ReceiveReminder(
                    entry.ReminderName,
                    new TickStatus(entry.StartAt, entry.Period, silo.Time.GetUtcNow().UtcDateTime)
                );
        }
        catch (Exception)
        {
            // This is as in Orleans, which logs it; the next tick comes in any case.
        }
    }

    private void After(TimeSpan delay, Action act)
    {
        ITimer? timer = null;
        timer = silo.Time.CreateTimer(
            _ =>
            {
                timer!.Dispose();
                act();
            },
            null,
            delay,
            Timeout.InfiniteTimeSpan
        );
    }

    private sealed record Reminder(string ReminderName, string? ETag) : IGrainReminder;
}
