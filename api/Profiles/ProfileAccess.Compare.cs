using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Profiles;

/// <summary>Two customers beside each other, and what a merge would make of them. Nothing is written but the audit.</summary>
internal sealed partial class ProfileAccess
{
    /// <summary>For who is told why identifiers are one customer: what stands against a merge says as much.</summary>
    public async Task<Outcome<VisibleComparison>> Compare(Asker asker, string one, string other)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Explain, FieldSets.Profile);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        // A merge between the questions makes it start again.
        for (int attempt = 0; attempt < HopsMax; attempt++)
        {
            Outcome<ProfileView> first = await View(right.Value, one);
            Outcome<ProfileView> second = await View(right.Value, other);
            if (!first.Succeeded || !second.Succeeded)
            {
                return first.Refusal ?? second.Refusal!;
            }

            if (first.Value.CustomerId == second.Value.CustomerId)
            {
                return new ProfilesAreOne();
            }

            (ProfileView older, ProfileView younger) = CustomerId.IsOlder(
                first.Value.CustomerId,
                second.Value.CustomerId
            )
                ? (first.Value, second.Value)
                : (second.Value, first.Value);
            MergeRehearsal rehearsal = await grains
                .GetGrain<ICustomerGrain>(younger.CustomerId)
                .RehearseMerge(older.CustomerId);
            if (rehearsal.Merged is { } merged)
            {
                return await Compare(asker, right.Value, older, younger, rehearsal with { Merged = merged });
            }

            if (rehearsal.MovedTo is null)
            {
                return s_notFound;
            }
        }

        throw new InvalidOperationException("Forwarding stubs lead in a circle.");
    }

    private async Task<Outcome<VisibleComparison>> Compare(
        Asker asker,
        AccessRight right,
        ProfileView older,
        ProfileView younger,
        MergeRehearsal rehearsal
    )
    {
        // Of whom the caller is told nothing, nothing is told by the sum either.
        VisibleFields[] fields = [.. new[] { older, younger }.Select(person => FieldsOf(right, person))];
        if (fields.Any(shown => !shown.Show(FieldSets.Explain)))
        {
            return s_withheld;
        }

        LeadCard[] leads = fields.All(shown => shown.Show(FieldSets.AllLeads))
            ?
            [
                .. (await LeadsOf(older.CustomerId))
                    .Concat(await LeadsOf(younger.CustomerId))
                    .Select(file => LeadCard.Of(file.Lead)),
            ]
            : [];
        var comparison = new VisibleComparison(
            Rendered(older, fields[0]),
            Rendered(younger, fields[1]),
            Rendered(rehearsal.Merged!, FieldsOf(right, rehearsal.Merged!)),
            rehearsal.Refused,
            rehearsal.Because,
            leads
        );
        await Told<VisibleComparison>(asker, "profile.compared", older.CustomerId, fields[0], comparison);
        return await Told<VisibleComparison>(asker, "profile.compared", younger.CustomerId, fields[1], comparison);
    }

    private ReadOnlyMemory<byte> Rendered(ProfileView person, VisibleFields fields) =>
        new PublishedProfile(person).Render(ProfileForm.Verbose, mastership.Current, fields).Json;
}

/// <summary>Two customers and their sum, each as one caller sees it: verbose profiles.</summary>
/// <param name="Refused">The code of what stands against the merge; null: nothing does.</param>
/// <param name="Leads">Those of both, for who sees everybody's.</param>
internal sealed record VisibleComparison(
    ReadOnlyMemory<byte> Older,
    ReadOnlyMemory<byte> Younger,
    ReadOnlyMemory<byte> Merged,
    string? Refused,
    string? Because,
    IReadOnlyCollection<LeadCard> Leads
);
