namespace Customer360.Rules.Access;

/// <summary>What the three roles see that mean the same in every policy; <see cref="AccessTables"/> knows the others.</summary>
/// <remarks>
/// Who administers sees everything, who reads sees all but the quarantine and the audit, who collects sees nothing. They need no
/// purpose.
/// </remarks>
public static class AccessRules
{
    private static readonly AccessDecision s_everything = Granted(FieldSets.All);
    private static readonly AccessDecision s_reading = Granted(
        FieldSets.All & ~(FieldSets.Quarantine | FieldSets.Audit)
    );
    private static readonly AccessDecision s_nothing = new();

    /// <summary>What somebody with these roles sees for a purpose. It makes no new object.</summary>
    public static AccessDecision Decide(AccessRequest request) =>
        (request.Roles & Roles.Admin) != Roles.None ? s_everything
        : (request.Roles & Roles.Read) != Roles.None ? s_reading
        : s_nothing;

    private static AccessDecision Granted(FieldSets sets) =>
        new(
            Enum.GetValues<FieldSets>()
                .Where(set => int.IsPow2((int)set) && (sets & set) != FieldSets.None)
                .Select(set => new FieldAccess(set, Visibility.Allow, AccessReason.GrantedByRole))
        );
}
