using Customer360.Silo.Hosting;

namespace Customer360.Api.Hosting;

/// <summary>The port that was chosen because no address was set. The claim is held as long as the process lives.</summary>
internal sealed class DefaultPort(PortClaim? claim)
{
    /// <summary>Where no port was free it is the usual one, and the server says that it is taken.</summary>
    public int Port => claim?.Port ?? ServerDefaults.Port;
}
