using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Customer360.Rules.Privacy.OpenDsr;

/// <summary>
/// Where a callback may go. Whoever sends a request chooses the URL, and the grid stands inside of a network: so it must not be made to
/// ask what only the inside can reach.
/// </summary>
/// <remarks>
/// What a name leads to is known when it is connected to, and may be another address the next time. So <see cref="IsPublic"/> is asked
/// then, of the address that is connected to; <see cref="Problem"/> refuses early what can be seen in the URL itself.
/// </remarks>
public static class CallbackAddress
{
    private const int LengthMax = 2_048;

    /// <summary>Of IPv4, what is not for everybody: IANA's registry of special addresses, and groups.</summary>
    private static readonly ImmutableArray<IPNetwork> s_special4 =
    [
        .. Networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            // Azure answers every machine of its own here, like the metadata services at 169.254.169.254.
            "168.63.129.16/32"
        ),
    ];

    /// <summary>Of IPv6 this part is for everybody, but for those below.</summary>
    private static readonly IPNetwork s_global6 = IPNetwork.Parse("2000::/3");

    /// <summary>Protocols' own (Teredo among them), examples, and 6to4, which holds an IPv4 address that a router would unpack.</summary>
    private static readonly ImmutableArray<IPNetwork> s_special6 =
    [
        .. Networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    ];

    /// <summary>An IPv4 address for networks that have none (NAT64): the last four bytes are what is reached.</summary>
    private static readonly IPNetwork s_translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>True of an address that anybody on the internet may reach.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !s_special4.Any(network => network.Contains(address));
        }

        return s_translated.Contains(address)
            ? IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)))
            : s_global6.Contains(address) && !s_special6.Any(network => network.Contains(address));
    }

    /// <summary>What is wrong with a URL, as the end of a sentence; null where nothing is that can be seen in it.</summary>
    /// <param name="privateHosts">Hosts that may be called though they are private, in lower case.</param>
    public static string? Problem(string url, ImmutableHashSet<string> privateHosts)
    {
        if (url.Length > LengthMax)
        {
            return $"is longer than {LengthMax} characters";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            return "must be an absolute URL with https";
        }

        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return "must have neither a user nor a fragment";
        }

        return IsAllowed(uri, privateHosts) || !IsPrivate(uri) ? null : "leads to an address that is not public";
    }

    /// <summary>True of a URL whose host an operator has named: its addresses are not looked at.</summary>
    public static bool IsAllowed(Uri url, ImmutableHashSet<string> privateHosts) =>
        privateHosts.Contains(url.IdnHost.ToLowerInvariant());

    private static bool IsPrivate(Uri url) =>
        IPAddress.TryParse(url.IdnHost, out IPAddress? address)
            ? !IsPublic(address)
            : url.IdnHost.TrimEnd('.') is var host
                && (
                    string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
                    || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
                );

    private static IEnumerable<IPNetwork> Networks(params string[] texts) =>
        texts.Select(text => IPNetwork.Parse(text));
}
