using System.Collections.Immutable;
using System.Security.Cryptography;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// The rules by which identifiers are read and joined. Immutable; <see cref="Version"/> is the hash of their content,
/// which every decision records.
/// </summary>
public sealed class IdentityRules
{
    /// <summary>What <see cref="ProfileIdentifiersMax"/> is unless it is said.</summary>
    public const int ProfileIdentifiersMaxDefault = 1_000;

    private const int CrmRecordsMax = 300;

    private readonly Dictionary<string, IdentifierRule> _byType;

    /// <param name="identifiers">One rule a type; no two with the same priority.</param>
    /// <param name="defaultRegion">ISO 3166 region of phone numbers written without a country code, for example <c>US</c>.</param>
    /// <param name="blocked">Values that are no identifier. Default: none beside the placeholders.</param>
    /// <param name="profileIdentifiersMax">See <see cref="ProfileIdentifiersMax"/>.</param>
    /// <param name="regions">See <see cref="Regions"/>. Default: none.</param>
    /// <exception cref="ArgumentException">Two rules of one type or one priority, or a limit under 1.</exception>
    public IdentityRules(
        IEnumerable<IdentifierRule> identifiers,
        string defaultRegion,
        BlockedValues? blocked = null,
        int profileIdentifiersMax = ProfileIdentifiersMaxDefault,
        Regions? regions = null
    )
    {
        Regions = regions;
        ArgumentOutOfRangeException.ThrowIfLessThan(profileIdentifiersMax, 1);
        ProfileIdentifiersMax = profileIdentifiersMax;
        Identifiers = [.. identifiers.OrderBy(rule => rule.Priority)];
        DefaultRegion = defaultRegion;
        Blocked = blocked ?? BlockedValues.None;
        _byType = Identifiers.ToDictionary(rule => rule.Type, StringComparer.Ordinal);
        if (Identifiers.Select(rule => rule.Priority).Distinct().Count() != Identifiers.Length)
        {
            throw new ArgumentException("Two identifier types have the same priority.", nameof(identifiers));
        }

        if (Identifiers.FirstOrDefault(rule => rule.Limit < 1) is { } unlimited)
        {
            throw new ArgumentException($"The limit of '{unlimited.Type}' is under 1.", nameof(identifiers));
        }

        HasAccounts = Identifiers.Any(rule => rule.Kind == IdentifierKind.Account);
        Version = HashOf(this);
    }

    /// <summary>By priority, the highest first.</summary>
    public ImmutableArray<IdentifierRule> Identifiers { get; }

    public string DefaultRegion { get; }

    /// <summary>Values that are no identifier, whatever their type; placeholders are none anyway.</summary>
    public BlockedValues Blocked { get; }

    /// <summary>A customer that holds more identifiers is a mega-profile. Default: 1,000.</summary>
    public int ProfileIdentifiersMax { get; }

    /// <summary>
    /// The regions that identities are kept apart by; null where there is one only, and then <c>crossRegion</c> says
    /// nothing and costs nothing.
    /// </summary>
    public Regions? Regions { get; }

    /// <summary>True where a type is an account's.</summary>
    public bool HasAccounts { get; }

    /// <summary>Twelve hexadecimal digits of the content's SHA-256.</summary>
    public string Version { get; }

    /// <summary>
    /// Segment Unify's promoted identifiers with its limits (user_id 1, others 5), and <c>phone</c>; priorities as its documentation
    /// of identity resolution settings has them: user_id, email, then by name. The records of CRMs stand before addresses and numbers, which
    /// several people may share: what a CRM says of a record is that record's. The same as <c>identity.yaml</c> beside this file.
    /// </summary>
    /// <remarks><c>group_id</c> is no person's identifier here: a group call links a customer to an account instead.</remarks>
    public static IdentityRules Default { get; } =
        new(
            [
                Person("user_id", 1, 1, Normalisation.Exact) with
                {
                    Trust = IdentifierTrust.Verified,
                },
                OfCrm("hubspot.contact", 2),
                OfCrm("salesforce.contact", 3),
                OfCrm("salesforce.lead", 4),
                Person("email", 5, 5, Normalisation.Email),
                Person("phone", 6, 5, Normalisation.Phone),
                Device("android.id", 7, Normalisation.LowerCase),
                Device("android.idfa", 8, Normalisation.LowerCase),
                Device("android.push_token", 9, Normalisation.Exact),
                Device("anonymous_id", 10, Normalisation.Exact),
                Device("ga_client_id", 11, Normalisation.Exact),
                Device("ios.id", 12, Normalisation.LowerCase),
                Device("ios.idfa", 13, Normalisation.LowerCase),
                Device("ios.push_token", 14, Normalisation.Exact),
                OfCrm("hubspot.company", 15) with
                {
                    Kind = IdentifierKind.Account,
                },
                OfCrm("salesforce.account", 16) with
                {
                    Kind = IdentifierKind.Account,
                },
            ],
            defaultRegion: "US"
        );

    /// <summary>The rule of a type, in whatever region (<c>email</c>, <c>email@eu</c>), or null where it is no identifier's.</summary>
    public IdentifierRule? Find(string type) =>
        _byType.GetValueOrDefault(type) ?? _byType.GetValueOrDefault(RegionalType.Base(type));

    /// <summary>True where the identifier stands for an account, not for a person or a device.</summary>
    public bool IsAccount(Identifier identifier) => IsAccountType(identifier.Type);

    /// <summary>The same of a type.</summary>
    public bool IsAccountType(string type) => HasAccounts && Find(type) is { Kind: IdentifierKind.Account };

    /// <summary>
    /// The region of an identifier; null where it may link identities of all (its type is <c>crossRegion</c>, or there is
    /// one region only).
    /// </summary>
    public string? RegionOf(Identifier identifier) =>
        Regions is null ? null
        : RegionalType.Region(identifier.Type) is { } region ? region
        : Find(identifier.Type) is { CrossRegion: true } ? null
        : Regions.Default;

    /// <summary>
    /// A type as identifiers of a region have it: with the region behind it (<c>email@eu</c>) where that is not the default
    /// one, and the type does not link regions.
    /// </summary>
    public string TypeIn(string type, string region) =>
        Regions is null || region == Regions.Default || Find(type) is null or { CrossRegion: true }
            ? type
            : RegionalType.Of(type, region);

    /// <summary>
    /// True where every message has the same anchor by both: the same types in the same order, normalised, blocked and kept
    /// apart by regions alike. Limits, trust, kind and containment say nothing of it.
    /// </summary>
    public bool AnchorsAs(IdentityRules other) =>
        IdentityRulesJson.WriteAnchoring(this).AsSpan().SequenceEqual(IdentityRulesJson.WriteAnchoring(other));

    private static IdentifierRule Person(string type, int priority, int limit, Normalisation normalisation) =>
        new(type, priority, limit, LimitWindow.Ever, normalisation) { CrossRegion = true };

    /// <summary>
    /// A record of a CRM. Up to 250 may have been merged into one, and each of those keeps its id: so a person may have many, and one
    /// of them may be linked with all the others.
    /// </summary>
    private static IdentifierRule OfCrm(string type, int priority) =>
        Person(type, priority, CrmRecordsMax, Normalisation.Exact) with
        {
            Trust = IdentifierTrust.Verified,
            QuarantineDegree = CrmRecordsMax,
        };

    private static IdentifierRule Device(string type, int priority, Normalisation normalisation) =>
        Person(type, priority, limit: 5, normalisation) with
        {
            Kind = IdentifierKind.Device,
        };

    private static string HashOf(IdentityRules rules)
    {
        byte[] hash = SHA256.HashData(IdentityRulesJson.Write(rules));
        return Convert.ToHexStringLower(hash.AsSpan(0, 6));
    }
}
