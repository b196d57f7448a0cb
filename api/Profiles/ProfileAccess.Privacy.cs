using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>What persons ask about their data, as those see it who take their requests.</summary>
internal sealed partial class ProfileAccess
{
    /// <summary>
    /// A request with the identifiers and the values that the caller sees for the one purpose that its role or key is for; where there
    /// are several, with none: the purpose is nothing that such a request states.
    /// </summary>
    public PrivacyRequestView Show(in Asker asker, PrivacyRequestView request)
    {
        Outcome<AccessRight> right = tables.Decide(asker.Roles, asker.Purpose);
        return request with
        {
            Identifiers = Shown(right, request.Identifiers),
            Candidates =
            [
                .. request.Candidates.Select(one => one with { Identifiers = Shown(right, one.Identifiers) }),
            ],
            Changes = right.Succeeded
                ? [.. request.Changes.Select(change => Shown(right.Value, change)).OfType<PrivacyChange>()]
                : [],
        };
    }

    /// <summary>Null: the caller is not told that the trait was changed.</summary>
    private static PrivacyChange? Shown(AccessRight right, PrivacyChange change)
    {
        if (right.NeedsConsent || right.Fields is not { Table: { } table })
        {
            return !right.NeedsConsent && right.Fields.Show(FieldSets.Traits) ? change : null;
        }

        ReadOnlyMemory<byte>? before = table.Show(change.Trait, change.BeforeJson);
        ReadOnlyMemory<byte>? after = change.AfterJson.IsEmpty
            ? change.AfterJson
            : table.Show(change.Trait, change.AfterJson);
        return before is { } was && after is { } isNow ? change with { BeforeJson = was, AfterJson = isNow } : null;
    }

    private static ImmutableArray<Identifier> Shown(
        Outcome<AccessRight> right,
        ImmutableArray<Identifier> identifiers
    ) =>
        right.Succeeded
            ? [.. identifiers.Select(right.Value.Show).Where(one => one is not null).Select(one => one!.Value)]
            : [];
}
