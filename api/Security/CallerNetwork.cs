using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Customer360.Api.Security;

/// <summary>
/// The network that a request comes from, for what one sender may do without a key: an address of IPv4, and of IPv6 the half
/// that a provider gives to one household or one machine, since its owner has all the addresses in it.
/// </summary>
internal static class CallerNetwork
{
    private const int PrefixBytes = 8;

    /// <summary>A number for it; 0 where the address is not known, as behind a Unix socket.</summary>
    public static UInt128 Of(IPAddress? address)
    {
        if (address is null)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[16];
        IPAddress whole = address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address;
        whole.TryWriteBytes(bytes, out _);
        if (!whole.IsIPv4MappedToIPv6)
        {
            bytes[PrefixBytes..].Clear();
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
