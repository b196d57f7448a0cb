using System.Data.Common;
using System.Net.Sockets;
using Customer360.Rules.Ports;
using Orleans.Runtime.Messaging;
using Orleans.Storage;

namespace Customer360.Grains.Contracts;

/// <summary>Tells outages, which pass, from faults, which stay.</summary>
public static class Outages
{
    /// <summary>
    /// True where another try may succeed without anybody's doing: storage is away, a call took too long, a silo is gone, stops or is
    /// overwhelmed, a connection broke, a race was lost. An activation that can't read its state says so by the engine's exception,
    /// around the storage's; the engine's own tables (membership, reminders) fail with the database's exception.
    /// </summary>
    public static bool Is(Exception error) =>
        error switch
        {
            StorageUnavailableException or TimeoutException or OperationCanceledException => true,

            // A silo that is gone is a rejection, too: SiloUnavailableException.
            OrleansMessageRejectionException or LimitExceededException or InconsistentStateException => true,
            RaceLostException => true,
            ConnectionFailedException or ClientNotAvailableException or GatewayTooBusyException => true,
            DbException or IOException or SocketException => true,
            OrleansException { InnerException: { } inner } => Is(inner),

            // The engine's bare words for a cluster that changes: a directory in motion, no silo for a grain at this moment.
            _ => error.GetType() == typeof(OrleansException),
        };

    /// <summary>True where what is stored is damaged, which no other try mends; an activation says so around it, as above.</summary>
    public static bool IsDamage(Exception error) =>
        error is StorageDamagedException
        || (error is OrleansException { InnerException: { } inner } && IsDamage(inner));
}
