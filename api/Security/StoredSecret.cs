using System.Collections.Immutable;
using System.Net;
using Customer360.Rules.Keys;

namespace Customer360.Api.Security;

/// <summary>A secret of a key that the grid keeps, as this process checks it.</summary>
internal sealed class StoredSecret
{
    private readonly DateTimeOffset _end;
    private readonly ImmutableArray<string> _origins;
    private readonly ImmutableArray<IPNetwork> _networks;
    private int _notedDay;

    public StoredSecret(StoredKey key, KeySecret secret)
    {
        DateTimeOffset expiry = key.ExpiresAt ?? DateTimeOffset.MaxValue;
        DateTimeOffset until = secret.Until ?? DateTimeOffset.MaxValue;
        var caller = new ApiKey(key.Name, KeyWords.RolesOf(key.Roles))
        {
            RoleNames = key.Roles,
            Purposes = key.Purposes,
            Source = key.Source.Length > 0 ? key.Source : key.Name,
            RequestsPerMinute = key.RequestsPerMinute,
            RequestsPerDay = key.RequestsPerDay,
        };
        Key = key.Trust is { } trust ? caller with { Trust = trust } : caller;
        Id = secret.Id;
        Digest = Convert.FromHexString(secret.Digest);
        _end = expiry < until ? expiry : until;
        _origins = key.Origins;
        // One that can't be read here matches nobody: a key that was bound to places must not open to all.
        _networks = [.. key.Addresses.Select(KeyWords.NetworkOf).OfType<IPNetwork>()];
        IsBoundToNetworks = !key.Addresses.IsEmpty;
        _notedDay = secret.LastUsedDay ?? -1;
    }

    public ApiKey Key { get; }

    public string Id { get; }

    /// <summary>SHA-256 of the whole text.</summary>
    public byte[] Digest { get; }

    private bool IsBoundToNetworks { get; }

    public bool HasEnded(DateTimeOffset now) => now >= _end;

    /// <summary>True where the key may come from where this request comes from.</summary>
    public bool MayComeFrom(HttpContext context) =>
        (!IsBoundToNetworks || IsInNetworks(context.Connection.RemoteIpAddress))
        && (
            _origins.IsEmpty
            || (
                context.Request.Headers.Origin is { Count: 1 } origin
                && _origins.Contains(origin[0]!, StringComparer.Ordinal)
            )
        );

    /// <summary>True once for each day.</summary>
    public bool IsFirstUseOf(int day) =>
        Volatile.Read(ref _notedDay) < day && Interlocked.Exchange(ref _notedDay, day) < day;

    private bool IsInNetworks(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Any(network => network.Contains(plain));
    }
}
