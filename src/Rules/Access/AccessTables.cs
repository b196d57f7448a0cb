using System.Collections.Concurrent;
using System.Collections.Immutable;
using Customer360.Rules.Consent;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Access;

/// <summary>
/// Answers what somebody may see, by the policy in force. Each combination of roles and purpose is decided once for each version
/// of the policy, so a question costs a look-up.
/// </summary>
/// <param name="consent">Says what a person's word about a purpose comes to.</param>
/// <param name="key">Makes the hashes of masked values.</param>
/// <param name="faults">Counts what could not be decided.</param>
/// <param name="stated">Classes that others give fields; null: nobody does.</param>
public sealed class AccessTables(
    IPolicy<AccessPolicy> policy,
    IPolicy<IdentityRules> identity,
    IPolicy<ConsentPolicy> consent,
    MaskKey key,
    AccessFaults faults,
    IStatedClasses? stated = null
)
{
    private static readonly ImmutableSortedDictionary<FieldPattern, FieldClass> s_none = ImmutableSortedDictionary<
        FieldPattern,
        FieldClass
    >.Empty;

    // There are as many as an operator has made keys of different roles; whatever comes beyond is decided each time.
    private const int RememberedMax = 1_024;

    private Version? _current;

    /// <summary>
    /// What callers with these roles see for a purpose; a refusal where the purpose is missing, not known, or not theirs. It makes
    /// no new object when it is asked again.
    /// </summary>
    public Outcome<AccessRight> Decide(RoleSet roles, Purpose purpose)
    {
        Version current = Current();
        if (current.Known.TryGetValue((roles, purpose.Name), out Outcome<AccessRight> known))
        {
            return known;
        }

        Outcome<AccessRight> decided = Decide(current, roles, purpose);
        if (current.Known.Count < RememberedMax)
        {
            current.Known.TryAdd((roles, purpose.Name), decided);
        }

        return decided;
    }

    /// <summary>
    /// What somebody with these roles may set when sending events; null: everything, since none of the roles says anything about it.
    /// </summary>
    public WritableFields? Writable(RoleSet roles)
    {
        Version current = Current();
        return current.Writable.GetOrAdd(
            roles,
            static (roles, policy) => WritableFields.Of(policy, roles),
            current.Policy
        );
    }

    /// <summary>
    /// True where somebody with these roles sees all of some parts for one of their purposes: of what is asked for no purpose, such as
    /// the record of who read what.
    /// </summary>
    public bool SeesForAnyPurpose(RoleSet roles, FieldSets parts)
    {
        Outcome<AccessRight> unstated = Decide(roles, Purpose.Unstated);
        return unstated.Succeeded
            ? unstated.Value.Fields.Show(parts)
            : PurposesOf(Current().Policy, roles)
                .Any(purpose =>
                    Decide(roles, new Purpose(purpose)) is { Succeeded: true, Value: var right }
                    && right.Fields.Show(parts)
                );
    }

    /// <summary>The purposes that somebody with these roles may state, in order: readers and administrators any of the policy.</summary>
    public ImmutableArray<string> PurposesFor(RoleSet roles)
    {
        AccessPolicy asked = Current().Policy;
        return (roles.Roles & (Roles.Read | Roles.Admin)) == Roles.None
            ? PurposesOf(asked, roles)
            : [.. asked.Purposes.Keys];
    }

    /// <summary>
    /// True where somebody with these roles may do something beside reading. A role counts where the caller's key is for one of its
    /// purposes. Regions are not asked: whose data it is about is not known when it is asked for.
    /// </summary>
    public bool MayDo(RoleSet roles, RoleTasks task) =>
        (roles.Roles & Roles.Admin) != Roles.None || OwnPurposes(Current().Policy, roles, task).Any();

    /// <summary>For which purposes: those of the roles that the policy has and that do all of this, and of these the key's.</summary>
    private static IEnumerable<string> OwnPurposes(AccessPolicy policy, RoleSet roles, RoleTasks task) =>
        roles
            .Names.Where(name => policy.Roles.TryGetValue(name, out AccessRole? role) && (role.Does & task) == task)
            .SelectMany(name => policy.Roles[name].Purposes.Keys)
            .Where(purpose => roles.Purposes.IsEmpty || roles.Purposes.Contains(purpose, StringComparer.Ordinal));

    private Outcome<AccessRight> Decide(Version current, RoleSet roles, Purpose purpose)
    {
        AccessPolicy asked = current.Policy;
        if (purpose.Name is { } stated && !asked.Purposes.ContainsKey(stated))
        {
            return new PurposeUnknown(string.Join(", ", asked.Purposes.Keys));
        }

        if ((roles.Roles & (Roles.Read | Roles.Admin)) != Roles.None)
        {
            // They need no purpose; one that is stated still asks for the person's consent.
            bool needsConsent = purpose.Name is { } one && asked.Purposes[one];
            VisibleFields sets = AccessRules.Decide(new AccessRequest(roles.Roles, purpose)).Visible;
            bool takesRequests = (roles.Roles & Roles.Admin) != Roles.None && IsForRequests(asked, purpose.Name);
            VisibleFields? restricted = takesRequests ? null : Nothing(purpose.Name, FieldLayer.Restricted);
            return needsConsent
                ? new AccessRight(sets, purpose.Name, NoConsent(purpose.Name), consent)
                {
                    DefaultRegion = identity.Current.Regions?.Default,
                    WhereRestricted = restricted,
                }
                : new AccessRight(sets) { WhereRestricted = restricted };
        }

        ImmutableArray<string> purposes = PurposesOf(asked, roles);
        string? of = purpose.Name ?? (purposes.Length == 1 ? purposes[0] : null);
        if (purposes.IsEmpty || (of is not null && !purposes.Contains(of, StringComparer.Ordinal)))
        {
            return new AccessWithheld();
        }

        return of is null
            ? new PurposeMissing(string.Join(", ", purposes))
            : new AccessRight(asked, current.Regional, roles, of, NoConsent(of), consent, key, faults)
            {
                DefaultRegion = identity.Current.Regions?.Default,
                WhereRestricted = OwnPurposes(asked, roles, RoleTasks.Privacy).Contains(of, StringComparer.Ordinal)
                    ? null
                    : Nothing(of, FieldLayer.Restricted),
            };
    }

    /// <summary>An administrator takes requests, too: for no purpose, or for one of those who take them by the policy.</summary>
    private static bool IsForRequests(AccessPolicy policy, string? purpose) =>
        purpose is null
        || policy.Roles.Values.Any(role =>
            (role.Does & RoleTasks.Privacy) != RoleTasks.None && role.Purposes.ContainsKey(purpose)
        );

    /// <summary>For which purposes: those of the roles that the policy has, and of these the ones that the key is for.</summary>
    private static ImmutableArray<string> PurposesOf(AccessPolicy policy, RoleSet roles) =>
        [.. OwnPurposes(policy, roles, RoleTasks.None).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private VisibleFields NoConsent(string? purpose) => Nothing(purpose, FieldLayer.Consent);

    private VisibleFields Nothing(string? purpose, string because) =>
        new(FieldSets.None, FieldSets.None, new FieldTable([], FieldSets.None, purpose, key, faults, because));

    private Version Current()
    {
        PolicyBody<AccessPolicy> body = policy.InForce.Body;
        ImmutableSortedDictionary<FieldPattern, FieldClass> more = stated?.Current ?? s_none;
        Version? current = Volatile.Read(ref _current);
        if (current is not null && ReferenceEquals(current.From, body) && ReferenceEquals(current.Stated, more))
        {
            return current;
        }

        current = new Version(body, more);
        Volatile.Write(ref _current, current);
        return current;
    }

    private sealed class Version(
        PolicyBody<AccessPolicy> from,
        ImmutableSortedDictionary<FieldPattern, FieldClass> stated
    )
    {
        public PolicyBody<AccessPolicy> From { get; } = from;

        public ImmutableSortedDictionary<FieldPattern, FieldClass> Stated { get; } = stated;

        public AccessPolicy Policy { get; } = from.Base.With(stated);

        public ImmutableSortedDictionary<string, AccessPolicy> Regional { get; } =
            from.Overrides.ToImmutableSortedDictionary(
                one => one.Key,
                one => one.Value.With(stated),
                StringComparer.Ordinal
            );

        public ConcurrentDictionary<(RoleSet Roles, string? Purpose), Outcome<AccessRight>> Known { get; } = new();

        public ConcurrentDictionary<RoleSet, WritableFields?> Writable { get; } = new();
    }
}
