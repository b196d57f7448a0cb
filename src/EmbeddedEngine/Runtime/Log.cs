using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>Everything the engine logs. Grain ids are keys of grains; host and grains choose keys without personal data.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Critical, "A work item of grain {GrainId} failed; this is a defect of the engine.")]
    public static partial void WorkItemFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(2, LogLevel.Error, "Grain {GrainId} could not be activated.")]
    public static partial void ActivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(3, LogLevel.Error, "The end of an activation of grain {GrainId} failed; it ends nevertheless.")]
    public static partial void DeactivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(4, LogLevel.Warning, "Nobody waits for {Method} of grain {GrainId}, and it failed.")]
    public static partial void OneWayCallFailed(ILogger logger, Exception exception, string method, GrainId grainId);

    [LoggerMessage(5, LogLevel.Warning, "Grain {GrainId} lost a race for its state; this activation is dropped.")]
    public static partial void DroppedForInconsistentState(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(6, LogLevel.Information, "Engine started with {ClassCount} grain classes.")]
    public static partial void Started(ILogger logger, int classCount);

    [LoggerMessage(7, LogLevel.Information, "Engine stopped; {Count} activations were left when the time was over.")]
    public static partial void Stopped(ILogger logger, int count);

    [LoggerMessage(8, LogLevel.Error, "The engine's clock tick failed.")]
    public static partial void ClockFailed(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "Reminders could not be read; the next attempt is in {Delay}.")]
    public static partial void RemindersNotRead(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(10, LogLevel.Warning, "Reminder {Name} of grain {GrainId} failed; it stays registered.")]
    public static partial void ReminderFailed(ILogger logger, Exception exception, string name, GrainId grainId);

    [LoggerMessage(11, LogLevel.Warning, "Grain {GrainId} got an event of stream {StreamId} without observing it.")]
    public static partial void NoStreamObserver(ILogger logger, GrainId grainId, StreamId streamId);

    [LoggerMessage(12, LogLevel.Error, "Delivery of stream {StreamId} to {Consumer} was given up.")]
    public static partial void StreamDeliveryGivenUp(
        ILogger logger,
        Exception exception,
        StreamId streamId,
        string consumer
    );

    [LoggerMessage(13, LogLevel.Debug, "Call {Method} of grain {GrainId} timed out.")]
    public static partial void CallTimedOut(ILogger logger, string method, GrainId grainId);
}
