using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Silo.Telemetry;

/// <summary>
/// Names grains for logs and spans. The key of an identifier's grain is the identifier itself, an e-mail address for
/// instance, and Orleans writes keys into log lines, spans and exception texts. Here such a key becomes a hash.
/// </summary>
/// <remarks>
/// The hash is keyed by a secret that is made at the start and never leaves the process. Within one process the same grain
/// has the same name, so its lines can be followed; nobody can try out addresses to find whose name it is.
/// </remarks>
public sealed class GrainNames
{
    /// <summary>
    /// Kinds of grains whose keys are numbers, derived ids or constants. A kind that is missing here counts as one whose keys
    /// name people, so a new kind is hidden until somebody has thought about it.
    /// </summary>
    private static readonly FrozenSet<string> s_keysNameNobody = new[]
    {
        "account-list",
        "account-match",
        "anchor-change",
        "attribution",
        "attribution-period",
        "attribution-report",
        "audience-list",
        "audience-sizes",
        "audit",
        "cluster",
        "contract-violations",
        "conversion",
        "customer",
        "customer-conversions",
        "decision",
        "destination",
        "intake",
        "job",
        "jobs",
        "key-ring",
        "lead",
        "lead-desk",
        "lead-list",
        "message-log",
        // The folder, as the settings name it.
        "mirror",
        "name-list",
        "opendsr-callback",
        "policy",
        "pool",
        "privacy",
        "privacy-request",
        "quality-check",
        "quality-hour",
        "quality-monitor",
        "quarantine-list",
        "source-activity",
        "suppression",
        "webhook",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Orleans' own: system targets, grain services and clients.</summary>
    private const string SystemPrefix = "sys.";

    private const int HashBytes = 4;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly SearchValues<string> _hidden;

    public GrainNames()
    {
        HiddenKinds =
        [
            .. typeof(Customer360.Grains.CustomerGrain)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetCustomAttributes(typeof(GrainTypeAttribute), inherit: false))
                .Select(attribute => ((GrainTypeAttribute)attribute).GetGrainType(null!, null!).ToString()!)
                .Where(kind => !s_keysNameNobody.Contains(kind))
                .Order(StringComparer.Ordinal),
        ];
        _hidden = SearchValues.Create([.. HiddenKinds.Select(kind => $"{kind}/")], StringComparison.Ordinal);
    }

    /// <summary>The kinds of grains whose keys name people.</summary>
    public IReadOnlyList<string> HiddenKinds { get; }

    /// <summary><c>customer/c_…</c> as it is, and <c>identifier#1f3a90c2</c> where the key names somebody.</summary>
    public string Of(GrainId grainId)
    {
        string kind = grainId.Type.ToString()!;
        return IsHidden(kind) ? $"{kind}#{HashOf(grainId.Key.ToString()!)}" : grainId.ToString();
    }

    /// <summary>The hash alone, of a key that comes without its kind.</summary>
    public string HashOf(string key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(key)).AsSpan(0, HashBytes));

    /// <summary>
    /// A text up to the first key that names somebody. Keys hold any character, so where one ends can't be seen: all behind
    /// it goes.
    /// </summary>
    public string WithoutKeys(string text)
    {
        int at = text.AsSpan().IndexOfAny(_hidden);
        return at < 0 ? text : $"{text.AsSpan(0, text.IndexOf('/', at))}#…";
    }

    private static bool IsHidden(string kind) =>
        !s_keysNameNobody.Contains(kind) && !kind.StartsWith(SystemPrefix, StringComparison.Ordinal);
}
