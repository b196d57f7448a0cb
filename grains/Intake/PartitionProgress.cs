using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Quality;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>How far a partition's messages are in their profiles, how fast that goes, and what of it is written.</summary>
internal sealed class PartitionProgress
{
    public PartitionProgress(
        int partition,
        string writer,
        IEventLog eventLog,
        IPolicy<QualityPolicy> quality,
        IGrainFactory grains,
        GridOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        Violations = new ViolationReports(partition, grains);
        Quality = new QualityReports(partition, writer, quality, grains);
        Applied = new AppliedPositions();
        Rate = new ApplyRate(time);
        Checkpoint = new Checkpoint(partition, eventLog, Applied, Violations, Quality, options, time, logger);
    }

    public AppliedPositions Applied { get; }

    public ApplyRate Rate { get; }

    public ViolationReports Violations { get; }

    public QualityReports Quality { get; }

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
