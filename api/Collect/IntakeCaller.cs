using Customer360.Api.Security;

namespace Customer360.Api.Collect;

/// <summary>Who has something under way: a key, or while none is known the network that the request comes from.</summary>
/// <param name="KeyName">The key's name; null: none is known yet, it may be in the body.</param>
/// <param name="Network">The network, where there is no key; else 0.</param>
public readonly record struct IntakeCaller(string? KeyName, UInt128 Network)
{
    /// <summary>It has shown no key.</summary>
    public bool IsGuest => KeyName is null;

    public static IntakeCaller Of(ApiKey key) => new(key.Name, 0);

    public static IntakeCaller Of(ApiKey? key, HttpContext context) =>
        key is null ? new(null, CallerNetwork.Of(context.Connection.RemoteIpAddress)) : Of(key);
}
