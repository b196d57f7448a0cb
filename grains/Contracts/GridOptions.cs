using Customer360.Rules.Identity;

namespace Customer360.Grains.Contracts;

/// <summary>How the grains work. Section <c>Customer360:Grid</c> of the settings.</summary>
public sealed class GridOptions
{
    /// <summary>
    /// Partitions of the event log, each with one writer. Fixed when a store is made: a node that is started with another
    /// number on an existing store refuses to start. 1 to 4,096. Default: 8.
    /// </summary>
    public int Partitions { get; set; } = 8;

    /// <summary>Messages that a partition holds which are not yet in their profiles; beyond, it asks to wait. Default: 20,000.</summary>
    public int WaitingMessagesMax { get; set; } = 20_000;

    /// <summary>The same in bytes of their canonical form. Default: 32 MB.</summary>
    public long WaitingBytesMax { get; set; } = 32 * 1024 * 1024;

    /// <summary>Messages that one append writes at the most. Default: 4,000.</summary>
    public int AppendMessagesMax { get; set; } = 4_000;

    /// <summary>Anchors of a partition whose messages are handed over at the same time. Default: 256.</summary>
    public int LanesMax { get; set; } = 256;

    /// <summary>Messages handed over in one call at the most. Default: 500.</summary>
    public int ApplyMessagesMax { get; set; } = 500;

    /// <summary>
    /// Handovers that begin together are waited for together, at most this long; then the slow ones go on alone. Default:
    /// 50 ms.
    /// </summary>
    public TimeSpan WaveTimeMax { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Anchors of which a partition remembers who takes their messages; beyond, it forgets all. Default: 16,384.</summary>
    public int KnownOwnersMax { get; set; } = 16_384;

    /// <summary>The checkpoint is saved after so many messages were applied, or at the interval. Default: 1,000.</summary>
    public int CheckpointMessages { get; set; } = 1_000;

    /// <summary>The checkpoint is saved at least so often when messages were applied. Default: 1 second.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A customer writes its state after so many folded messages. What is folded and not yet written is read from the log
    /// again after a crash, so this bounds that reading. Default: 100.
    /// </summary>
    public int SaveAfterMessages { get; set; } = 100;

    /// <summary>
    /// A customer whose oldest unwritten message was folded this long ago writes its state with the next message. One that
    /// gets no more messages writes it when its activation ends. Default: 5 minutes.
    /// </summary>
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an identifier that a decision left out is not asked about again. Default: 10 minutes.</summary>
    public TimeSpan DeclinedFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The first pause before a failed handover is tried again; it doubles to <see cref="RetryPauseMax"/>. Default: 50 ms.</summary>
    public TimeSpan RetryPauseMin { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The longest pause between two tries of a handover. It is what an outage may last longer for an anchor than for the grid, so it is
    /// short: a thousand tries a second of a partition's slow lanes cost little. Default: 1 second.
    /// </summary>
    public TimeSpan RetryPauseMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a message is tried that fails for another reason than an outage; then it is set aside, and its anchor's
    /// next message goes on. With the pauses between them the default takes more than a minute: what looks like a defect while nodes die
    /// may be none, and is not given up for that. Default: 80.
    /// </summary>
    public int QuarantineAfterTries { get; set; } = 80;

    /// <summary>
    /// How long an anchor may hold one of <see cref="LanesMax"/> places without getting anything done while others wait for
    /// one. Default: 1 second.
    /// </summary>
    public TimeSpan LaneTimeMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Anchors of a partition that may be under way beyond <see cref="LanesMax"/> because they take long. Default: 1,024.</summary>
    public int SlowLanesMax { get; set; } = 1_024;

    /// <summary>Messages of one anchor that a partition holds; beyond, requests with more of them are asked to wait. Default: 5,000.</summary>
    public int LaneMessagesMax { get; set; } = 5_000;

    /// <summary>Bytes of a customer's stored state; one that has more is flagged as oversized. Default: 4 MB.</summary>
    public long ProfileBytesMax { get; set; } = ProfileSize.BytesMaxDefault;

    /// <summary>How long a customer stays in memory that gets no message and is not asked for. Default: 15 minutes.</summary>
    public TimeSpan CustomerIdleTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Customers of a node that write their state in a second as they leave memory for want of use. Of the others the messages that
    /// are not in the state are read from the log when they wake. Default: 500.
    /// </summary>
    public int IdleWritesPerSecond { get; set; } = 500;

    /// <summary>
    /// What a silo may use of the memory that it can have, in percent; beyond, those end that have been idle for the longest. 10 to
    /// 95. Default: 80.
    /// </summary>
    public int MemoryPercentMax { get; set; } = 80;

    /// <summary>
    /// How long an erasure waits, once its people are suppressed and emptied, before it looks through what is stored: longer than a
    /// write can be under way that began before. Zero to an hour. Default: a minute.
    /// </summary>
    public TimeSpan ErasureSettles { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        this switch
        {
            { Partitions: < 1 or > 4096 } => "Customer360:Grid:Partitions must be 1 to 4096.",
            { WaitingMessagesMax: < 1 } => "Customer360:Grid:WaitingMessagesMax must be at least 1.",
            { WaitingBytesMax: < 1 } => "Customer360:Grid:WaitingBytesMax must be at least 1.",
            { AppendMessagesMax: < 1 } => "Customer360:Grid:AppendMessagesMax must be at least 1.",
            { LanesMax: < 1 } => "Customer360:Grid:LanesMax must be at least 1.",
            { ApplyMessagesMax: < 1 } => "Customer360:Grid:ApplyMessagesMax must be at least 1.",
            { KnownOwnersMax: < 1 } => "Customer360:Grid:KnownOwnersMax must be at least 1.",
            { CheckpointMessages: < 1 } => "Customer360:Grid:CheckpointMessages must be at least 1.",
            { SaveAfterMessages: < 1 } => "Customer360:Grid:SaveAfterMessages must be at least 1.",
            { QuarantineAfterTries: < 1 } => "Customer360:Grid:QuarantineAfterTries must be at least 1.",
            { SlowLanesMax: < 0 } => "Customer360:Grid:SlowLanesMax must not be negative.",
            { LaneMessagesMax: < 1 } => "Customer360:Grid:LaneMessagesMax must be at least 1.",
            { ProfileBytesMax: < 1 } => "Customer360:Grid:ProfileBytesMax must be at least 1.",
            { MemoryPercentMax: < 10 or > 95 } => "Customer360:Grid:MemoryPercentMax must be 10 to 95.",
            { IdleWritesPerSecond: < 0 } => "Customer360:Grid:IdleWritesPerSecond must not be negative.",
            _ when CustomerIdleTime < TimeSpan.FromSeconds(5) || CustomerIdleTime > TimeSpan.FromDays(1) =>
                "Customer360:Grid:CustomerIdleTime must be 5 seconds to a day.",
            _ when ErasureSettles < TimeSpan.Zero || ErasureSettles > TimeSpan.FromHours(1) =>
                "Customer360:Grid:ErasureSettles must be zero to an hour.",
            _ when LaneTimeMax <= TimeSpan.Zero => "Customer360:Grid:LaneTimeMax must be positive.",
            _ when WaveTimeMax <= TimeSpan.Zero => "Customer360:Grid:WaveTimeMax must be positive.",
            _ when CheckpointInterval <= TimeSpan.Zero => "Customer360:Grid:CheckpointInterval must be positive.",
            _ when SaveInterval <= TimeSpan.Zero => "Customer360:Grid:SaveInterval must be positive.",
            _ when RetryPauseMin <= TimeSpan.Zero || RetryPauseMax < RetryPauseMin =>
                "Customer360:Grid:RetryPauseMin must be positive and at most RetryPauseMax.",
            _ => null,
        };
}
