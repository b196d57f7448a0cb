using System.Net;
using System.Net.Sockets;

namespace Customer360.ClusterRuns.Nodes;

/// <summary>
/// Free ports that the system gives to no client: while a process is down, a connection to a port of that range may be made to itself,
/// and then the process can't listen.
/// </summary>
public static class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private static int s_next = First + (Environment.ProcessId % 5_000);

    /// <summary>Answers another one at each call, so a silo that comes back has another address, as a new container has.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = Interlocked.Increment(ref s_next);
            if (port >= Last)
            {
                Interlocked.Exchange(ref s_next, First);
                continue;
            }

            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else has it.
            }
        }
    }
}
