using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Tests.Access;

/// <summary>Access policies in a line: fields by class, and what roles read.</summary>
internal static class Policies
{
    public const string Use = "support";

    private static readonly IPolicy<ConsentPolicy> s_consent = Consent(
        new ConsentPurpose("ads"),
        new ConsentPurpose(Use)
    );
    private static readonly FixedPolicy<IdentityRules> s_identity = new(IdentityRules.Default, "1");

    public static MaskKey Key { get; } = new(() => Encoding.UTF8.GetBytes("a key of sixteen bytes and more"));

    /// <summary>Classes as <c>personal: email phone</c>, one a line.</summary>
    public static AccessPolicy Of(string classes, params (string Role, AccessRole Grants)[] roles) =>
        new(
            classes
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(": "))
                .SelectMany(line =>
                    line[1]
                        .Split(' ')
                        .Select(text => (Pattern: FieldPattern.Parse(text)!.Value, Of: FieldClasses.Of(line[0])!.Value))
                )
                .ToImmutableSortedDictionary(one => one.Pattern, one => one.Of),
            new Dictionary<string, bool>
            {
                [Use] = false,
                ["ads"] = true,
                ["other"] = false,
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
            roles.ToImmutableSortedDictionary(one => one.Role, one => one.Grants, StringComparer.Ordinal)
        );

    /// <summary>A role for <see cref="Use"/> with rules as <c>personal=mask hash, ssn=withhold</c>.</summary>
    public static AccessRole Role(string rules, FieldSets sees = FieldSets.None, params string[] purposes) =>
        new(
            Grant(rules, sees),
            (purposes.Length == 0 ? [Use] : purposes).ToImmutableSortedDictionary(
                name => name,
                _ => AccessGrant.Nothing,
                StringComparer.Ordinal
            ),
            Write: null
        );

    public static AccessGrant Grant(string rules, FieldSets sees = FieldSets.None, bool needsConsent = false) =>
        new(
            rules
                .Split(", ", StringSplitOptions.RemoveEmptyEntries)
                .Select(rule => rule.Split('='))
                .ToImmutableSortedDictionary(rule => FieldName.Parse(rule[0])!.Value, rule => Sight(rule[1])),
            sees,
            needsConsent
        );

    public static FieldSight Sight(string text) =>
        text switch
        {
            "allow" => FieldSight.Shown,
            "withhold" => FieldSight.Withheld,
            _ => FieldSight.Masked(FieldMasks.Of(text["mask ".Length..])!.Value),
        };

    /// <summary>The policy in force, with overrides of regions.</summary>
    public static AccessTables Tables(AccessPolicy policy, params (string Region, AccessPolicy Own)[] regions) =>
        new(new InForcePolicy(policy, regions), s_identity, s_consent, Key, new AccessFaults());

    /// <summary>Where others give fields classes, too.</summary>
    public static AccessTables Tables(AccessPolicy policy, IStatedClasses stated) =>
        new(new InForcePolicy(policy, []), s_identity, s_consent, Key, new AccessFaults(), stated);

    public static AccessTables Tables(AccessPolicy policy, MaskKey key, AccessFaults faults) =>
        new(new InForcePolicy(policy, []), s_identity, s_consent, key, faults);

    /// <summary>With a consent policy that says this of the purposes.</summary>
    public static AccessTables TablesOf(AccessPolicy policy, params ConsentPurpose[] consent) =>
        new(new InForcePolicy(policy, []), s_identity, Consent(consent), Key, new AccessFaults());

    private static FixedPolicy<ConsentPolicy> Consent(params ConsentPurpose[] purposes) =>
        new(new ConsentPolicy([.. purposes], [], ImmutableDictionary<string, ImmutableArray<ConsentPlace>>.Empty), "1");

    public static RoleSet Roles(params string[] names) => RoleSet.Of(Rules.Access.Roles.None, [.. names], []);

    /// <summary>What a single role sees.</summary>
    public static FieldTable Table(AccessPolicy policy, string role, string purpose = Use) =>
        Tables(policy).Decide(Roles(role), new Purpose(purpose)).Value!.Fields.Table!;

    public static string? Show(
        this FieldTable table,
        string field,
        string json,
        FieldScope scope = FieldScope.Person
    ) =>
        table.Show(field, Encoding.UTF8.GetBytes(json), scope) is { } shown
            ? Encoding.UTF8.GetString(shown.Span)
            : null;

    /// <summary>A person.</summary>
    public static ProfileView View(string[] identifiers, params Envelope[] messages) =>
        new(
            "c_1",
            7,
            [
                .. identifiers.Select(text => new ProfileIdentifier(
                    Id(text),
                    "m1",
                    "crm",
                    DateTimeOffset.UnixEpoch,
                    "abc"
                )),
            ],
            Profiles.Folds.Of(messages)
        );

    public static Identifier Id(string text) => Identifier.Parse(text);

    private sealed class InForcePolicy(AccessPolicy policy, (string Region, AccessPolicy Own)[] regions)
        : IPolicy<AccessPolicy>
    {
        public PolicyInForce<AccessPolicy> InForce { get; } =
            new(
                1,
                0,
                PolicyBody<AccessPolicy>.Of(policy, "1") with
                {
                    Overrides = regions.ToImmutableSortedDictionary(
                        one => one.Region,
                        one => one.Own,
                        StringComparer.Ordinal
                    ),
                }
            );
    }
}
