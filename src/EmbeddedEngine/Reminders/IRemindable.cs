using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain that gets reminders.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>A reminder is due. If it throws, the reminder stays and ticks again after its period.</summary>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }
}

namespace Orleans.Runtime
{
    /// <summary>A registered reminder.</summary>
    public interface IGrainReminder
    {
        string ReminderName { get; }
    }

    /// <summary>When a reminder was due first, and when this tick happens; UTC.</summary>
    [GenerateSerializer, Immutable]
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        [Id(0)]
        public DateTime FirstTickTime { get; } = firstTickTime;

        [Id(1)]
        public TimeSpan Period { get; } = period;

        [Id(2)]
        public DateTime CurrentTickTime { get; } = timeStamp;

        /// <inheritdoc />
        public override string ToString() => $"<{FirstTickTime:O}, {Period}, {CurrentTickTime:O}>";
    }

    /// <summary>A reminder could not be changed.</summary>
    [GenerateSerializer]
    public sealed class ReminderException : OrleansException
    {
        public ReminderException() { }

        public ReminderException(string message)
            : base(message) { }

        public ReminderException(string message, Exception? innerException)
            : base(message, innerException) { }
    }
}

namespace Orleans.Timers
{
    /// <summary>Registers reminders of grains.</summary>
    public interface IReminderRegistry
    {
        Task<IGrainReminder> RegisterOrUpdateReminder(
            GrainId callingGrainId,
            string reminderName,
            TimeSpan dueTime,
            TimeSpan period
        );

        Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder);

        Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName);

        Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId);
    }
}
