using System.Buffers;
using Customer360.Api.Hosting;

namespace Customer360.Api.Settings;

/// <summary>Where senders reach this service: the setting <c>CUSTOMER360__PUBLICURL</c>, else the host that a request names.</summary>
internal sealed class PublicAddress
{
    private const string Setting = "Customer360:PublicUrl";

    // RFC 1035, 2.3.4: a name has 255 octets at most; a port and its colon come behind it.
    private const int HostLengthMax = 255 + 6;

    private static readonly SearchValues<char> s_ofHosts = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]"
    );

    private readonly Uri? _set;

    /// <exception cref="SettingInvalidException">The setting is no address of the web.</exception>
    public PublicAddress(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } text)
        {
            return;
        }

        bool isAddress =
            Uri.TryCreate(text, UriKind.Absolute, out _set)
            && (_set.Scheme == Uri.UriSchemeHttp || _set.Scheme == Uri.UriSchemeHttps);
        if (!isAddress)
        {
            throw new SettingInvalidException(
                "CUSTOMER360__PUBLICURL must be the address that callers see, for example https://grid.example.com."
            );
        }
    }

    /// <summary>The setting says it, so no request has a say in it.</summary>
    public bool IsSet => _set is not null;

    /// <summary>The address for the sender of a request; null where the request names a host that there can't be.</summary>
    public Uri? Of(HttpRequest request)
    {
        if (_set is not null)
        {
            return _set;
        }

        string host = request.Host.Value ?? string.Empty;
        bool mayBeHost = host.Length is > 0 and <= HostLengthMax && !host.AsSpan().ContainsAnyExcept(s_ofHosts);
        return
            mayBeHost
            && Uri.TryCreate($"{request.Scheme}://{host}{request.PathBase}", UriKind.Absolute, out Uri? address)
            ? address
            : null;
    }
}
