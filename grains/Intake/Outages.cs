using Customer360.Rules.Ports;
using Orleans.Storage;

namespace Customer360.Grains;

/// <summary>Tells outages, which pass, from faults, which stay.</summary>
internal static class Outages
{
    /// <summary>
    /// True where another try may succeed without anybody's doing: storage is away, a call took too long, a node stops or
    /// is overwhelmed, a race was lost. An activation that can't read its state says so by the engine's exception, around
    /// the storage's.
    /// </summary>
    public static bool Is(Exception error) =>
        error switch
        {
            StorageUnavailableException or TimeoutException or OperationCanceledException => true,
            OrleansMessageRejectionException or LimitExceededException or InconsistentStateException => true,
            OrleansException { InnerException: { } inner } => Is(inner),
            _ => false,
        };
}
