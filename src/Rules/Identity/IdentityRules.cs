using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// The rules by which identifiers are read and joined. Immutable; <see cref="Version"/> is the hash of their content,
/// which every decision records.
/// </summary>
public sealed class IdentityRules
{
    private readonly Dictionary<string, IdentifierRule> _byType;

    /// <param name="identifiers">One rule a type; no two with the same priority.</param>
    /// <param name="defaultRegion">ISO 3166 region of phone numbers written without a country code, for example <c>US</c>.</param>
    /// <param name="blocked">Values that are no identifier. Default: <see cref="BlockedValues.Default"/>.</param>
    /// <exception cref="ArgumentException">Two rules of one type or one priority, or a limit under 1.</exception>
    public IdentityRules(IEnumerable<IdentifierRule> identifiers, string defaultRegion, BlockedValues? blocked = null)
    {
        Identifiers = [.. identifiers.OrderBy(rule => rule.Priority)];
        DefaultRegion = defaultRegion;
        Blocked = blocked ?? BlockedValues.Default;
        _byType = Identifiers.ToDictionary(rule => rule.Type, StringComparer.Ordinal);
        if (Identifiers.Select(rule => rule.Priority).Distinct().Count() != Identifiers.Length)
        {
            throw new ArgumentException("Two identifier types have the same priority.", nameof(identifiers));
        }

        if (Identifiers.FirstOrDefault(rule => rule.Limit < 1) is { } unlimited)
        {
            throw new ArgumentException($"The limit of '{unlimited.Type}' is under 1.", nameof(identifiers));
        }

        Version = HashOf(Identifiers, defaultRegion, Blocked);
    }

    /// <summary>By priority, the highest first.</summary>
    public ImmutableArray<IdentifierRule> Identifiers { get; }

    public string DefaultRegion { get; }

    /// <summary>Values that are no identifier, whatever their type.</summary>
    public BlockedValues Blocked { get; }

    /// <summary>Twelve hexadecimal digits of the content's SHA-256.</summary>
    public string Version { get; }

    /// <summary>
    /// Segment Unify's promoted identifiers with its limits (user_id 1, others 5), and <c>phone</c>; priorities as
    /// there: user_id, email, then by name (facts/identity-semantics.md).
    /// </summary>
    /// <remarks><c>group_id</c> is no person's identifier here: a group call links a customer to an account instead.</remarks>
    public static IdentityRules Default { get; } =
        new(
            [
                new("user_id", 1, 1, LimitWindow.Ever, Normalisation.Exact),
                new("email", 2, 5, LimitWindow.Ever, Normalisation.Email),
                new("phone", 3, 5, LimitWindow.Ever, Normalisation.Phone),
                new("android.id", 4, 5, LimitWindow.Ever, Normalisation.LowerCase),
                new("android.idfa", 5, 5, LimitWindow.Ever, Normalisation.LowerCase),
                new("android.push_token", 6, 5, LimitWindow.Ever, Normalisation.Exact),
                new("anonymous_id", 7, 5, LimitWindow.Ever, Normalisation.Exact),
                new("ga_client_id", 8, 5, LimitWindow.Ever, Normalisation.Exact),
                new("ios.id", 9, 5, LimitWindow.Ever, Normalisation.LowerCase),
                new("ios.idfa", 10, 5, LimitWindow.Ever, Normalisation.LowerCase),
                new("ios.push_token", 11, 5, LimitWindow.Ever, Normalisation.Exact),
            ],
            defaultRegion: "US"
        );

    /// <summary>The rule of a type, or null where the type is no identifier.</summary>
    public IdentifierRule? Find(string type) => _byType.GetValueOrDefault(type);

    private static string HashOf(
        ImmutableArray<IdentifierRule> identifiers,
        string defaultRegion,
        BlockedValues blocked
    )
    {
        StringBuilder text = new StringBuilder(defaultRegion).Append('\n').Append(blocked.Description);
        foreach (IdentifierRule rule in identifiers)
        {
            text.Append('\n')
                .Append(rule.Type)
                .Append(' ')
                .Append(rule.Priority)
                .Append(' ')
                .Append(rule.Limit)
                .Append(' ')
                .Append(rule.Window)
                .Append(' ')
                .Append(rule.Normalisation)
                .Append(' ')
                .Append(rule.QuarantineDegree);
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return Convert.ToHexStringLower(hash.AsSpan(0, 6));
    }
}
