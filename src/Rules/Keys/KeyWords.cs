using System.Collections.Immutable;
using System.Net;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Rules.Keys;

/// <summary>The words that keys are described with, and what is wrong with others.</summary>
public static class KeyWords
{
    private const int NameLengthMax = 100;
    private const int WordLengthMax = 40;

    /// <summary>Of each list of a key: roles, purposes, origins, addresses.</summary>
    public const int ListMax = 50;

    /// <summary>What names of tokens begin with, so that no key can be taken for a token's subject.</summary>
    public const string TokenPrefix = "token:";

    public static string Of(SourceTrust trust) => trust == SourceTrust.Public ? "public" : "server";

    /// <summary>Null for another word.</summary>
    public static SourceTrust? TrustOf(string word) =>
        word switch
        {
            "public" => SourceTrust.Public,
            "server" => SourceTrust.Server,
            _ => null,
        };

    /// <summary>
    /// Which routes roles open. The three that are built in say it themselves; whoever has a role of the access policy may ask
    /// where readers ask, and the policy decides what is shown.
    /// </summary>
    public static Roles RolesOf(ImmutableArray<string> names) =>
        names.Aggregate(Roles.None, static (roles, name) => roles | RoleOf(name));

    /// <summary>What is wrong with a key's name, as the end of a sentence; null where nothing is.</summary>
    public static string? NameProblem(string name) =>
        name switch
        {
            { Length: 0 or > NameLengthMax } => $"it must have 1 to {NameLengthMax} characters",
            _ when !char.IsAsciiLetterOrDigit(name[0]) || !name.All(IsOfName) =>
                "it must be letters, digits, dots, hyphens and underscores, and begin with a letter or digit",
            _ => null,
        };

    /// <summary>The same of a role's name.</summary>
    public static string? RoleProblem(string role) =>
        IsWord(role) ? null : $"a role is 1 to {WordLengthMax} small letters, digits and hyphens, a letter first";

    /// <summary>The same of a purpose's name.</summary>
    public static string? PurposeProblem(string purpose) =>
        IsWord(purpose) ? null : $"a purpose is 1 to {WordLengthMax} small letters, digits and hyphens, a letter first";

    /// <summary>The same of an origin: as browsers send it, so without a path, and without a port that goes without saying.</summary>
    public static string? OriginProblem(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.Ordinal)
        && uri.UserInfo.Length == 0
            ? null
            : "an origin is as a browser sends it: https://shop.example.com";

    /// <summary>The same of an address or a network.</summary>
    public static string? AddressProblem(string address) =>
        NetworkOf(address) is not null ? null : "an address is 203.0.113.7 or 2001:db8::1, a network 10.0.0.0/8";

    /// <summary>The network that a text names; one address is a network of one. Null where it names none.</summary>
    public static IPNetwork? NetworkOf(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            // 10.0.0.1/8 is read as 10.0.0.0/8: whoever wrote it meant something else.
            return IPNetwork.TryParse(text, out IPNetwork network) && network.ToString() == text ? network : null;
        }

        // IPAddress reads "1" and "0x7f.1" as well; what it writes is the one form that is taken.
        return
            IPAddress.TryParse(text, out IPAddress? address)
            && address.ToString() == text
            && address.ScopeIdOrZero() == 0
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }

    private static long ScopeIdOrZero(this IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.ScopeId : 0;

    private static Roles RoleOf(string name) =>
        name switch
        {
            "collect" or "collector" => Roles.Collect,
            "admin" => Roles.Admin,
            _ => Roles.Read,
        };

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_';

    private static bool IsWord(string text) =>
        text.Length is > 0 and <= WordLengthMax
        && char.IsAsciiLetterLower(text[0])
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
