using Customer360.EmbeddedEngine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;

namespace Customer360.EmbeddedEngine.Reminders;

/// <summary>Keeps the due times of all reminders in memory, the reminders themselves in the host's table.</summary>
internal sealed class ReminderService(
    GrainEngine engine,
    IServiceProvider services,
    IOptions<ReminderOptions> reminderOptions,
    IOptions<EmbeddedEngineOptions> engineOptions
) : IReminderRegistry
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(5);

    // Timers cannot be set for more than 49 days; waking up once a day costs nothing.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly IReminderTable? _table = services.GetService<IReminderTable>();
    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId GrainId, string Name), Scheduled> _reminders = [];
    private readonly PriorityQueue<Scheduled, (DateTime Due, long Order)> _queue = new();
    private ITimer? _timer;
    private long _order;
    private bool _hasRead;
    private bool _hasStopped;

    private TimeProvider Time => engine.Clock.TimeProvider;

    private IReminderTable Table =>
        _table
        ?? throw new OrleansConfigurationException(
            "Reminders have no table. Register an IReminderTable, or call UseInMemoryReminderService()."
        );

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_table is null)
        {
            return;
        }

        _timer = engine.Clock.CreateTimer(static state => ((ReminderService)state!).OnTimer(), this);
        await _table.StartAsync(cancellationToken);
        await ReadAllAsync();
    }

    public async Task StopAsync()
    {
        lock (_lock)
        {
            _hasStopped = true;
        }

        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        if (_table is not null)
        {
            await _table.StopAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc />
    public async Task<IGrainReminder> RegisterOrUpdateReminder(
        GrainId callingGrainId,
        string reminderName,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        CheckContext();
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        var least = reminderOptions.Value.MinimumReminderPeriod;
        if (period < least)
        {
            throw new ArgumentException(
                $"Cannot register reminder {reminderName} as requested period ({period}) is less than minimum allowed "
                    + $"reminder period ({least})",
                nameof(period)
            );
        }

        var entry = new ReminderEntry
        {
            GrainId = callingGrainId,
            ReminderName = reminderName,
            StartAt = Time.GetUtcNow().UtcDateTime + dueTime,
            Period = period,
        };
        entry.ETag = await Table.UpsertRow(entry);
        lock (_lock)
        {
            Schedule(entry, entry.StartAt);
        }

        return new Reminder(reminderName, entry.ETag);
    }

    /// <inheritdoc />
    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        CheckContext();
        if (reminder is not Reminder known)
        {
            throw new ArgumentException("This reminder does not come from this engine.", nameof(reminder));
        }

        if (!await Table.RemoveRow(callingGrainId, known.ReminderName, known.ETag ?? string.Empty))
        {
            throw new ReminderException(
                $"Could not unregister reminder {known.ReminderName} of grain {callingGrainId}: it was changed or removed."
            );
        }

        lock (_lock)
        {
            // Its place in the queue is recognised as outdated when it comes up.
            _reminders.Remove((callingGrainId, known.ReminderName));
        }
    }

    /// <inheritdoc />
    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
    {
        CheckContext();
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        var entry = await Table.ReadRow(callingGrainId, reminderName);
        return entry is null ? null : new Reminder(reminderName, entry.ETag);
    }

    /// <inheritdoc />
    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId)
    {
        CheckContext();
        var rows = await Table.ReadRows(callingGrainId);
        return rows.Reminders.Select(static row => (IGrainReminder)new Reminder(row.ReminderName, row.ETag)).ToList();
    }

    private static void CheckContext()
    {
        if (RuntimeContext.Current is null)
        {
            throw new InvalidOperationException("Reminders can only be used inside a grain's turn.");
        }
    }

    private static DateTime NextDue(ReminderEntry entry, DateTime now)
    {
        if (entry.StartAt > now || entry.Period <= TimeSpan.Zero)
        {
            return entry.StartAt > now ? entry.StartAt : now;
        }

        var sinceLast = (now - entry.StartAt).Ticks % entry.Period.Ticks;
        return now.AddTicks(entry.Period.Ticks - sinceLast);
    }

    private async Task ReadAllAsync()
    {
        try
        {
            var rows = await Table.ReadRows(0, 0);
            var now = Time.GetUtcNow().UtcDateTime;
            lock (_lock)
            {
                _hasRead = true;
                foreach (var entry in rows.Reminders)
                {
                    if (!_reminders.ContainsKey((entry.GrainId, entry.ReminderName)))
                    {
                        var isOverdue = engineOptions.Value.FireOverdueRemindersAtStart && entry.StartAt <= now;
                        Schedule(entry, isOverdue ? now : NextDue(entry, now));
                    }
                }
            }
        }
        catch (Exception exception)
        {
            Log.RemindersNotRead(engine.Logger, exception, s_retryDelay);
            _timer!.Change(s_retryDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private void Schedule(ReminderEntry entry, DateTime due)
    {
        var scheduled = new Scheduled(entry);
        _reminders[(entry.GrainId, entry.ReminderName)] = scheduled;
        Enqueue(scheduled, due);
    }

    private void Enqueue(Scheduled scheduled, DateTime due)
    {
        _queue.Enqueue(scheduled, (due, _order++));
        SetTimer();
    }

    private void SetTimer()
    {
        if (_hasStopped || _timer is null || !_queue.TryPeek(out _, out var next))
        {
            return;
        }

        var wait = next.Due - Time.GetUtcNow().UtcDateTime;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        _timer.Change(wait > s_longestWait ? s_longestWait : wait, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        var due = new List<Scheduled>();
        lock (_lock)
        {
            if (_hasStopped)
            {
                return;
            }

            var now = Time.GetUtcNow().UtcDateTime;
            while (_queue.TryPeek(out var scheduled, out var next) && next.Due <= now)
            {
                _queue.Dequeue();
                if (IsCurrent(scheduled))
                {
                    due.Add(scheduled);
                }
            }

            SetTimer();
        }

        if (!_hasRead)
        {
            _ = ReadAllAsync();
        }

        foreach (var scheduled in due)
        {
            _ = FireAsync(scheduled);
        }
    }

    private bool IsCurrent(Scheduled scheduled) =>
        _reminders.TryGetValue((scheduled.Entry.GrainId, scheduled.Entry.ReminderName), out var current)
        && ReferenceEquals(current, scheduled);

    private async Task FireAsync(Scheduled scheduled)
    {
        var entry = scheduled.Entry;
        try
        {
            var grainClass = engine.Catalog.ClassOf(entry.GrainId.Type);
            var reference = engine.Catalog.MakeUntypedReference(grainClass, entry.GrainId.Key);
            var status = new TickStatus(entry.StartAt, entry.Period, Time.GetUtcNow().UtcDateTime);
            var request = new ReminderRequest(entry.ReminderName, status);
            await engine.Send(reference, request, CancellationToken.None).Task;
        }
        catch (Exception exception)
        {
            Log.ReminderFailed(engine.Logger, exception, entry.ReminderName, entry.GrainId);
        }

        lock (_lock)
        {
            // A tick that took longer than the period skips what it missed, as in Orleans.
            if (!_hasStopped && IsCurrent(scheduled) && entry.Period > TimeSpan.Zero)
            {
                Enqueue(scheduled, NextDue(entry, Time.GetUtcNow().UtcDateTime));
            }
        }
    }

    private sealed record Reminder(string ReminderName, string? ETag) : IGrainReminder;

    private sealed class Scheduled(ReminderEntry entry)
    {
        public ReminderEntry Entry { get; } = entry;
    }
}
