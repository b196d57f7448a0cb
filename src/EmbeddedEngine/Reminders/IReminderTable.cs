using Orleans.Runtime;

namespace Orleans
{
    /// <summary>Where reminders are kept. The host supplies a durable one; the interface is that of Orleans.</summary>
    public interface IReminderTable
    {
        /// <summary>Called once before anything else.</summary>
        Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        /// <summary>All reminders of a grain.</summary>
        Task<ReminderTableData> ReadRows(GrainId grainId);

        /// <summary>
        /// All reminders whose grain's uniform hash is in (begin, end] on the ring of hashes. The engine owns the whole
        /// ring and only asks for (0, 0], which means all.
        /// </summary>
        Task<ReminderTableData> ReadRows(uint begin, uint end);

        /// <summary>One reminder, or null.</summary>
        Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

        /// <summary>Adds or replaces a reminder; gives its new version.</summary>
        Task<string?> UpsertRow(ReminderEntry entry);

        /// <summary>Removes a reminder if it has this version; false if it has not, or is not there.</summary>
        Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

        /// <summary>Removes all; for tests.</summary>
        Task TestOnlyClearTable();

        /// <summary>Called once after everything else.</summary>
        Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }

    /// <summary>Rows of a reminder table.</summary>
    [GenerateSerializer]
    public sealed class ReminderTableData
    {
        public ReminderTableData() => Reminders = [];

        public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

        public ReminderTableData(ReminderEntry entry) => Reminders = [entry];

        [Id(0)]
        public IList<ReminderEntry> Reminders { get; private set; }
    }

    /// <summary>A row of a reminder table.</summary>
    [GenerateSerializer]
    public sealed class ReminderEntry
    {
        [Id(0)]
        public GrainId GrainId { get; set; }

        [Id(1)]
        public string ReminderName { get; set; } = null!;

        /// <summary>When it is due first, UTC.</summary>
        [Id(2)]
        public DateTime StartAt { get; set; }

        [Id(3)]
        public TimeSpan Period { get; set; }

        /// <summary>The row's version.</summary>
        [Id(4)]
        public string? ETag { get; set; }
    }
}

namespace Orleans.Hosting
{
    /// <summary>How reminders behave.</summary>
    public sealed class ReminderOptions
    {
        /// <summary>The least period that can be registered. Default: one minute.</summary>
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
    }
}
