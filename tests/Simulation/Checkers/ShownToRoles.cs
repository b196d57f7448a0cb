using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariants 5 and 7: what the holders of two keys are shown of a profile that a reader has found. One sees what persons are
/// called for a purpose that needs their yes, the other masks of it for a purpose that needs none.
/// </summary>
internal static class ShownToRoles
{
    private const string Name = "7 access";
    private const string Consented = "marketing";
    private const string Masked = "analyst";
    private const string Reports = "reports";

    private static readonly AccessTables s_tables = Tables();

    /// <summary>Throws where one of them learns what is not for them.</summary>
    /// <param name="view">As a reader found it, amidst whatever was going on.</param>
    public static void Check(ProfileView view)
    {
        bool isGranted = view.Consent.Of(Message.PersonPurpose) == ConsentStatus.Granted;
        string marketing = Shown(view, Consented, Message.PersonPurpose);
        string analyst = Shown(view, Masked, Reports);
        foreach (ProfileIdentifier one in view.Identifiers)
        {
            string value = $"\"{one.Identifier.Value}\"";
            ViolationException.ThrowIf(
                !isGranted && marketing.Contains(value, StringComparison.Ordinal),
                Name,
                () => $"{view.CustomerId} has not consented, and {Consented} sees {one.Identifier}"
            );
            ViolationException.ThrowIf(
                isGranted && !marketing.Contains(value, StringComparison.Ordinal),
                Name,
                () => $"{view.CustomerId} has consented, and {Consented} does not see {one.Identifier}"
            );
            ViolationException.ThrowIf(
                analyst.Contains(value, StringComparison.Ordinal),
                Name,
                () => $"{Masked} sees {one.Identifier} of {view.CustomerId}"
            );
        }

        ViolationException.ThrowIf(
            marketing.Contains("\"plan\"", StringComparison.Ordinal) && !isGranted,
            Name,
            () => $"{view.CustomerId} has not consented, and {Consented} sees the plan"
        );
        ViolationException.ThrowIf(
            marketing.Contains("\"version\"", StringComparison.Ordinal)
                || analyst.Contains("\"version\"", StringComparison.Ordinal),
            Name,
            () => $"the version of {view.CustomerId}, which tells of changes that are not shown, is shown"
        );
    }

    private static string Shown(ProfileView view, string role, string purpose)
    {
        AccessRight right = s_tables.Decide(RoleSet.Of(Roles.None, [role], []), new Purpose(purpose)).Value!;
        VisibleFields fields = right.Of(view, DateTimeOffset.UnixEpoch);
        return Encoding.UTF8.GetString(ProfileDocument.Render(view, MastershipPolicy.Latest, fields));
    }

    private static AccessTables Tables()
    {
        var everything = ImmutableSortedDictionary<FieldName, FieldSight>
            .Empty.Add(Class(FieldClass.Public), FieldSight.Shown)
            .Add(Class(FieldClass.Personal), FieldSight.Shown);
        var masks = ImmutableSortedDictionary<FieldName, FieldSight>
            .Empty.Add(Class(FieldClass.Public), FieldSight.Shown)
            .Add(Class(FieldClass.Personal), FieldSight.Masked(FieldMask.Hash));
        var policy = new AccessPolicy(
            Message
                .Types.ToImmutableSortedDictionary(type => FieldPattern.Parse(type)!.Value, _ => FieldClass.Personal)
                .Add(FieldPattern.Parse("plan")!.Value, FieldClass.Public),
            Named((Message.PersonPurpose, true), (Reports, false)),
            Named((Consented, Role(everything, Message.PersonPurpose)), (Masked, Role(masks, Reports)))
        );
        return new AccessTables(
            new FixedPolicy<AccessPolicy>(policy, "1"),
            new FixedPolicy<IdentityRules>(IdentityRules.Default, "1"),
            new FixedPolicy<ConsentPolicy>(
                new ConsentPolicy(
                    [new ConsentPurpose(Message.PersonPurpose)],
                    [],
                    ImmutableDictionary<string, ImmutableArray<ConsentPlace>>.Empty
                ),
                "1"
            ),
            new MaskKey(() => Encoding.UTF8.GetBytes("the simulation's own mask key")),
            new AccessFaults()
        );
    }

    private static FieldName Class(FieldClass of) => new(of, default);

    private static AccessRole Role(ImmutableSortedDictionary<FieldName, FieldSight> read, string purpose) =>
        new(
            new AccessGrant(read, FieldSets.None, NeedsConsent: false),
            Named((purpose, AccessGrant.Nothing)),
            Write: null
        );

    private static ImmutableSortedDictionary<string, T> Named<T>(params (string Name, T Value)[] members) =>
        members.ToImmutableSortedDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);
}
