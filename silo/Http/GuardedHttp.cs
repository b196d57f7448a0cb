using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Customer360.Rules.Privacy.OpenDsr;
using Customer360.Silo.Hosting;

namespace Customer360.Silo.Http;

/// <summary>
/// Calls addresses that somebody else has named, and is led inside by none of them: callbacks of OpenDSR, and destinations.
/// </summary>
/// <remarks>
/// The addresses of a name are looked at when it is connected to, and the connection goes to those that were looked at: a name that leads
/// elsewhere a moment later gains nothing. A proxy would look the name up by itself, so none is used. Redirects are not followed.
/// </remarks>
internal static class GuardedHttp
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);

    /// <param name="privateHosts">Hosts that may be called though they are private, in lower case.</param>
    /// <param name="authorities">Who else is trusted to issue a receiver's certificate; null: nobody.</param>
    /// <param name="connections">Connections to one receiver at most.</param>
    public static SocketsHttpHandler Handler(
        ImmutableHashSet<string> privateHosts,
        X509Certificate2Collection? authorities,
        int connections
    ) =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = s_connectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = connections,
            MaxResponseHeadersLength = 16,
            // What was not read is thrown away with the connection.
            MaxResponseDrainSize = 0,
            ConnectCallback = (context, stop) => ConnectAsync(context, privateHosts, stop),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
                    IsTrusted(authorities, shown, chain, errors),
                // A certificate may name addresses where its issuer's is fetched: that would be another way to make the grid ask.
                CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };

    /// <summary>The name led to an address that is not public, so nobody was asked.</summary>
    public static bool WasNotAllowed(HttpRequestException error) => error.InnerException is AddressNotAllowedException;

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        ImmutableHashSet<string> privateHosts,
        CancellationToken stop
    )
    {
        DnsEndPoint asked = context.DnsEndPoint;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(asked.Host, stop);
        Uri url = context.InitialRequestMessage.RequestUri!;
        bool isAllowed = CallbackAddress.IsAllowed(url, privateHosts);
        // A name with one address outside and one inside is refused as a whole: nobody knows which one would be taken.
        if (addresses.Length == 0 || (!isAllowed && !addresses.All(CallbackAddress.IsPublic)))
        {
            throw new AddressNotAllowedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, asked.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>As the machine trusts, or by an authority that the operator has named; the name must fit in any case.</summary>
    private static bool IsTrusted(
        X509Certificate2Collection? authorities,
        X509Certificate? shown,
        X509Chain? chain,
        SslPolicyErrors errors
    )
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        return errors == SslPolicyErrors.RemoteCertificateChainErrors
            && authorities is not null
            && shown is X509Certificate2 certificate
            && CertificateFiles.IsIssuedBy(certificate, authorities, chain?.ChainPolicy.ExtraStore);
    }

    private sealed class AddressNotAllowedException : IOException;
}
