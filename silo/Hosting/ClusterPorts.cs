using System.Net;
using System.Net.Sockets;
using Customer360.Silo.Start;

namespace Customer360.Silo.Hosting;

/// <summary>The ports of this process's silo. Held for as long as the process lives.</summary>
internal sealed class ClusterPorts : IDisposable
{
    private const int SiloDefault = 11_111;
    private const int GatewayDefault = 30_000;

    // Below what systems hand out to clients, and beside the default: where it does not matter which port it is.
    private const int AloneFirst = 12_000;

    private readonly PortClaim _silo;
    private readonly PortClaim? _gateway;

    private ClusterPorts(PortClaim silo, PortClaim? gateway)
    {
        _silo = silo;
        _gateway = gateway;
    }

    public int Silo => _silo.Port;

    /// <summary>0: no client but this process itself.</summary>
    public int Gateway => _gateway?.Port ?? 0;

    /// <summary>For a grid of one process, which nobody else has to find.</summary>
    public static ClusterPorts TakeAlone() =>
        new(
            PortClaim.TryTakeFrom(IPAddress.Loopback, AloneFirst)
                ?? throw new StartRefusedException($"No port from {AloneFirst} on is free on this machine."),
            gateway: null
        );

    /// <summary>
    /// For a silo of a cluster: the ports of the settings, else the usual ones, else the next. The usual ones matter: a silo that
    /// comes back to its address after a crash takes the place of its predecessor at once.
    /// </summary>
    /// <exception cref="StartRefusedException">A port of the settings is taken.</exception>
    public static ClusterPorts Take(ClusterSettings settings)
    {
        IPAddress address = settings.Address is { Length: > 0 } given ? IPAddress.Parse(given) : IPAddress.Any;
        PortClaim silo = Take(address, settings.SiloPort, SiloDefault, "SILOPORT");
        try
        {
            return new ClusterPorts(silo, Take(address, settings.GatewayPort, GatewayDefault, "GATEWAYPORT"));
        }
        catch
        {
            silo.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _silo.Dispose();
        _gateway?.Dispose();
    }

    private static PortClaim Take(IPAddress address, int? port, int first, string setting)
    {
        try
        {
            PortClaim? claim = port is { } set
                ? PortClaim.TryTake(address, set)
                : PortClaim.TryTakeFrom(address, first);
            return claim
                ?? throw new StartRefusedException(
                    $"Port {port ?? first} is taken on this machine, by another silo or another program: set "
                        + $"CUSTOMER360__CLUSTER__{setting} to a free one, or leave it out and the next free one is used."
                );
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new StartRefusedException(
                $"This machine has no address {address}: set CUSTOMER360__CLUSTER__ADDRESS to one of its own, at which the other "
                    + "silos reach it.",
                error
            );
        }
    }
}
