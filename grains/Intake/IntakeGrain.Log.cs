using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

internal static partial class IntakeGrainLog
{
    [LoggerMessage(
        201,
        LogLevel.Information,
        "Partition {Partition} is open: next position {Next}, {Waiting} to hand over."
    )]
    public static partial void Opened(this ILogger logger, int partition, long next, int waiting);

    [LoggerMessage(209, LogLevel.Information, "Partition {Partition} belongs to another node now and moves there.")]
    public static partial void Leaves(this ILogger logger, int partition);

    [LoggerMessage(202, LogLevel.Error, "Partition {Partition} has another writer now; this one stops.")]
    public static partial void Fenced(this ILogger logger, int partition);

    [LoggerMessage(
        208,
        LogLevel.Warning,
        "Partition {Partition}: another writer has stored something at position {Next} or behind it; it opens anew."
    )]
    public static partial void Overtaken(this ILogger logger, int partition, long next);

    [LoggerMessage(203, LogLevel.Warning, "Partition {Partition} could not append ({Error}); it opens anew.")]
    public static partial void AppendFailed(this ILogger logger, int partition, string error);

    [LoggerMessage(
        204,
        LogLevel.Warning,
        "Partition {Partition}, position {Position}: handover failed ({Error}), try {Attempt}; it is tried again."
    )]
    public static partial void HandoverFailed(
        this ILogger logger,
        int partition,
        long position,
        string error,
        int attempt
    );

    [LoggerMessage(205, LogLevel.Warning, "Partition {Partition} could not save its checkpoint ({Error}).")]
    public static partial void CheckpointFailed(this ILogger logger, int partition, string error);

    [LoggerMessage(
        206,
        LogLevel.Error,
        "Partition {Partition}, position {Position}: set aside after {Tries} tries ({Error}); see GET /v1/quarantine/messages."
    )]
    public static partial void Quarantined(this ILogger logger, int partition, long position, string error, int tries);

    [LoggerMessage(
        207,
        LogLevel.Warning,
        "Partition {Partition}, position {Position}: its customer could not be told that it is set aside ({Error})."
    )]
    public static partial void NotSetAside(this ILogger logger, int partition, long position, string error);
}
