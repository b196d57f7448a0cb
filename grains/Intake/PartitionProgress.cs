using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>How far a partition's messages are in their profiles, how fast that goes, and what of it is written.</summary>
internal sealed class PartitionProgress
{
    public PartitionProgress(
        int partition,
        IEventLog eventLog,
        IGrainFactory grains,
        GridOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        Violations = new ViolationReports(partition, grains);
        Applied = new AppliedPositions();
        Rate = new ApplyRate(time);
        Checkpoint = new Checkpoint(partition, eventLog, Applied, Violations, options, time, logger);
    }

    public AppliedPositions Applied { get; }

    public ApplyRate Rate { get; }

    public ViolationReports Violations { get; }

    public Checkpoint Checkpoint { get; }

    /// <summary>The partition is opened for the first time: all up to here is applied.</summary>
    public void StartAt(long position)
    {
        Applied.StartAt(position);
        Checkpoint.StartAt(position);
    }

    /// <summary>More messages are applied.</summary>
    public void Count(int messages)
    {
        Rate.Count(messages);
        Checkpoint.Count(messages);
    }
}
