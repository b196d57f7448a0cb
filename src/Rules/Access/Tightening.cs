using System.Collections.Immutable;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Access;

/// <summary>Compares a policy with what a region makes of it: a region may show and let write less, never more.</summary>
internal static class Tightening
{
    public static IEnumerable<PolicyFault> Faults(AccessPolicy policy, AccessPolicy regional)
    {
        foreach ((string purpose, bool needsConsent) in policy.Purposes)
        {
            if (needsConsent && !regional.Purposes.GetValueOrDefault(purpose))
            {
                yield return new PolicyFault(
                    $"purposes.{purpose}",
                    "A region can't do without a consent that is needed elsewhere."
                );
            }
        }

        foreach ((string name, AccessRole own) in regional.Roles)
        {
            AccessRole? role = policy.Roles.GetValueOrDefault(name);
            if (WritesMore(policy, role, own))
            {
                yield return new PolicyFault($"roles.{name}.write", "A region can't let a role write more.");
            }

            if ((own.Does & ~(role?.Does ?? RoleTasks.None)) != RoleTasks.None)
            {
                yield return new PolicyFault($"roles.{name}.does", "A region can't let a role do more.");
            }

            foreach (string purpose in own.Purposes.Keys)
            {
                foreach (PolicyFault fault in Faults(policy, regional, name, purpose))
                {
                    yield return fault;
                }
            }
        }
    }

    private static IEnumerable<PolicyFault> Faults(
        AccessPolicy policy,
        AccessPolicy regional,
        string name,
        string purpose
    )
    {
        FieldLayer everywhere = LayerOf(policy, name, purpose);
        FieldLayer inRegion = LayerOf(regional, name, purpose);
        string? widened = PathsOf(everywhere.Patterns.Union(inRegion.Patterns))
            .FirstOrDefault(path => !inRegion.Decide(path).Sight.IsAsStrictAs(everywhere.Decide(path).Sight));
        if (widened is not null)
        {
            yield return new PolicyFault(
                $"roles.{name}.read",
                $"A region can't show more. For {purpose} it would, of '{widened.TrimEnd(FieldLayer.Unnamed, '.')}'."
            );
        }

        if ((inRegion.Sees & ~everywhere.Sees) != FieldSets.None)
        {
            yield return new PolicyFault(
                $"roles.{name}.sees",
                $"A region can't show more parts. For {purpose} it would."
            );
        }

        if (everywhere.NeedsConsent && !inRegion.NeedsConsent)
        {
            yield return new PolicyFault(
                $"roles.{name}.consent",
                "A region can't do without a consent that is needed elsewhere."
            );
        }
    }

    /// <summary>
    /// A path for each part of all fields in which every path is decided alike: a pattern's own, one inside of it, and one that
    /// begins like it.
    /// </summary>
    private static IEnumerable<string> PathsOf(IEnumerable<FieldPattern> patterns) =>
        patterns.SelectMany(pattern =>
            (string[])[pattern.Literal, $"{pattern.Literal}.{FieldLayer.Unnamed}", pattern.Literal + FieldLayer.Unnamed]
        );

    private static FieldLayer LayerOf(AccessPolicy policy, string name, string purpose) =>
        policy.Roles.GetValueOrDefault(name) is { } role && role.Purposes.TryGetValue(purpose, out AccessGrant? own)
            ? new FieldLayer(policy, [role.Grant, own])
            : new FieldLayer(policy, []);

    private static bool WritesMore(AccessPolicy policy, AccessRole? role, AccessRole own)
    {
        if (role is { Write: null })
        {
            return false;
        }

        // Who has no role there writes what the others let.
        return own.Write is not { } names
            ? role?.Write is not null
            : !names.All(name => role?.Write?.Contains(name) == true || IsCovered(policy, role?.Write, name));
    }

    private static bool IsCovered(AccessPolicy policy, ImmutableArray<FieldName>? names, FieldName name) =>
        name.IsPattern
        && names?.Any(known =>
            known.IsPattern
                ? known.Pattern.Covers(name.Pattern.Literal)
                : known.Class == policy.ClassOf(name.Pattern.Literal)
        ) == true;
}
