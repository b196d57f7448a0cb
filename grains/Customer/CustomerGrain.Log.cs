using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

internal static partial class CustomerGrainLog
{
    [LoggerMessage(101, LogLevel.Information, "Customer {CustomerId} merged into {Into} ({MergeId}).")]
    public static partial void Merged(this ILogger logger, string customerId, string into, string mergeId);

    [LoggerMessage(102, LogLevel.Information, "Customer {CustomerId} goes on with merge {MergeId}.")]
    public static partial void ResumingMerge(this ILogger logger, string customerId, string mergeId);

    [LoggerMessage(103, LogLevel.Information, "Merge {MergeId} of customer {CustomerId} was refused: {Reason}.")]
    public static partial void MergeRefused(this ILogger logger, string customerId, string mergeId, string reason);

    [LoggerMessage(105, LogLevel.Information, "Customer {CustomerId} was split from {From} ({SplitId}).")]
    public static partial void Split(this ILogger logger, string customerId, string from, string splitId);

    [LoggerMessage(106, LogLevel.Information, "Customer {CustomerId} goes on with split {SplitId}.")]
    public static partial void ResumingSplit(this ILogger logger, string customerId, string splitId);

    [LoggerMessage(
        107,
        LogLevel.Information,
        "Customer {CustomerId} was erased ({Identifiers} identifiers, {Messages} messages)."
    )]
    public static partial void Erased(this ILogger logger, string customerId, int identifiers, long messages);

    [LoggerMessage(
        104,
        LogLevel.Warning,
        "Customer {CustomerId} could not write its state ({Error}); the log has what is missing."
    )]
    public static partial void SaveFailed(this ILogger logger, string customerId, string error);

    [LoggerMessage(
        105,
        LogLevel.Error,
        "Customer {CustomerId} could not fold the message at partition {Partition}, position {Position} ({Error}); it is set aside."
    )]
    public static partial void NotFolded(
        this ILogger logger,
        string customerId,
        int partition,
        long position,
        string error
    );

    [LoggerMessage(
        106,
        LogLevel.Warning,
        "Customer {CustomerId} is oversized: {IsOversized} ({Identifiers} identifiers, {Bytes} bytes)."
    )]
    public static partial void Weighed(
        this ILogger logger,
        string customerId,
        bool isOversized,
        int identifiers,
        long bytes
    );
}
