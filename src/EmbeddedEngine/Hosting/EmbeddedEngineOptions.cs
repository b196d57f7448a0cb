namespace Customer360.EmbeddedEngine;

/// <summary>
/// What is particular to this engine. Times and limits that Orleans has too are in its own options classes
/// (<c>SiloMessagingOptions</c>, <c>GrainCollectionOptions</c>, <c>ReminderOptions</c>).
/// </summary>
public sealed class EmbeddedEngineOptions
{
    /// <summary>
    /// The most work items (requests, continuations) that an activation runs before others get their turn. A simulation
    /// sets 1, so that its scheduler decides about each. Default: 128.
    /// </summary>
    public int WorkItemsPerTurn { get; set; } = 128;

    /// <summary>How long stopping may take until the remaining activations are dropped. Default: 30 seconds.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// True if reminders whose last due time passed while no engine ran tick once soon after the start; false as in
    /// Orleans, where they wait for their next due time. Default: true.
    /// </summary>
    public bool FireOverdueRemindersAtStart { get; set; } = true;

    /// <summary>
    /// The most events of one stream that may wait for one subscriber; publishing the next one ends with
    /// <see cref="Orleans.Runtime.LimitExceededException"/>. Default: 100,000.
    /// </summary>
    public int MaximumQueuedStreamEvents { get; set; } = 100_000;

    /// <summary>How long a failing delivery of a stream event is repeated before it is given up. Default: one minute.</summary>
    public TimeSpan StreamDeliveryTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
