using System.Net;
using System.Net.Sockets;
using Customer360.Silo.Hosting;

namespace Customer360.Api.Tests.Hosting;

/// <summary>No two processes take one port, and none takes another program's.</summary>
public sealed class PortClaimTests
{
    [Fact]
    public void TryTake_WhenSomebodyListens_IsNull()
    {
        int port = ProgramRun.FreePort();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Orleans listens in this way, and it would let others do the same.
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();

        Assert.Null(PortClaim.TryTake(IPAddress.Loopback, port));
        Assert.Null(PortClaim.TryTake(IPAddress.Any, port));
    }

    [Fact]
    public void TryTake_WhenItIsClaimedAndNobodyListensYet_IsNull()
    {
        int port = ProgramRun.FreePort();
        using PortClaim? claim = PortClaim.TryTake(IPAddress.Loopback, port);
        Assert.NotNull(claim);

        Assert.Null(PortClaim.TryTake(IPAddress.Loopback, port));
    }

    [Fact]
    public void TryTakeFrom_WhenTheFirstIsTaken_TakesALaterOne()
    {
        int port = ProgramRun.FreePort();
        using PortClaim? first = PortClaim.TryTakeFrom(IPAddress.Loopback, port);
        using PortClaim? second = PortClaim.TryTakeFrom(IPAddress.Loopback, port);

        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.True(second.Port > first.Port);
    }

    [Fact]
    public void Dispose_WhenClaimed_LetsTheNextHaveIt()
    {
        int port = ProgramRun.FreePort();
        PortClaim.TryTake(IPAddress.Loopback, port)!.Dispose();

        using PortClaim? again = PortClaim.TryTake(IPAddress.Loopback, port);

        Assert.NotNull(again);
    }
}
