using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Customer360.Silo.Hosting;

/// <summary>A TCP port that this process will listen on, and that no other process of this program takes meanwhile.</summary>
/// <remarks>
/// Orleans lets a second process listen on a port that is in use, and then each gets half of the connections. So a port is
/// looked at before Orleans has it. Between the look and the listening another of our processes could look as well: the claim
/// is the UDP port of the same number, which nobody uses, which one process at a time can hold, and which the system takes
/// back however the process ends.
/// </remarks>
public sealed class PortClaim : IDisposable
{
    private readonly Socket _claim;

    private PortClaim(int port, Socket claim)
    {
        Port = port;
        _claim = claim;
    }

    public int Port { get; }

    /// <summary>Claims a port; null where it is taken.</summary>
    public static PortClaim? TryTake(IPAddress address, int port)
    {
        var claim = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ExclusiveAddressUse = true,
        };
        try
        {
            claim.Bind(new IPEndPoint(address, port));
            using var listener = new TcpListener(address, port);
            listener.Start();
            return new PortClaim(port, claim);
        }
        catch (SocketException error) when (IsTaken(error))
        {
            claim.Dispose();
            return null;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Claims the first free port at or above one; null where a thousand are taken.</summary>
    public static PortClaim? TryTakeFrom(IPAddress address, int first)
    {
        int last = Math.Min(first + 1_000, IPEndPoint.MaxPort);
        for (int port = first; port <= last; port++)
        {
            if (TryTake(address, port) is { } claim)
            {
                return claim;
            }
        }

        return null;
    }

    public void Dispose() => _claim.Dispose();

    public override string ToString() => Port.ToString(CultureInfo.InvariantCulture);

    // Denied: below 1,024, or kept by the system.
    private static bool IsTaken(SocketException error) =>
        error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied;
}
