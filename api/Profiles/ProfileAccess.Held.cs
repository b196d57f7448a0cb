using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Profiles;

/// <summary>What is held about a person: how much of what, and none of it.</summary>
internal sealed partial class ProfileAccess
{
    private const int DecisionsAtOnce = 500;

    /// <summary>Decisions that are counted at most; beyond, the number says "at least".</summary>
    public const int DecisionsCountedMax = 10_000;

    /// <summary>
    /// Counts what a package of access would hold, for who takes the requests of persons. What the caller does not see is not
    /// counted, and null.
    /// </summary>
    public async Task<Outcome<HeldData>> CountHeld(Asker asker, string? text, CancellationToken aborted)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.None, FieldSets.Profile);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<ProfileView> found = await View(right.Value, text);
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        ProfileView view = found.Value;
        VisibleFields fields = FieldsOf(right.Value, view);
        if (!fields.HaveAnyOf(FieldSets.Profile))
        {
            // Of whom nothing may be seen, not even how much.
            return s_withheld;
        }

        var profile = new VisibleProfile(view, mastership.Current, fields);
        ConsentReply said = await grains.GetGrain<ICustomerGrain>(view.CustomerId).GetConsent();
        (_, CustomerLeads leads) = await Stubs.Follow(
            view.CustomerId,
            id => grains.GetGrain<ICustomerGrain>(id).GetLeads(),
            static one => one.MovedTo
        );
        var held = new HeldData(
            view.CustomerId,
            [
                .. profile
                    .Identifiers.GroupBy(one => one.Identifier.Type, StringComparer.Ordinal)
                    .Select(group => new HeldCount(group.Key, group.Count())),
            ],
            profile.Traits.Count(),
            fields.Show(FieldSets.Accounts) ? view.Accounts.Length : null,
            fields.Show(FieldSets.Counters)
                ?
                [
                    .. view
                        .Fold.Counters.GroupBy(one => EventKinds.Text(one.Kind), StringComparer.Ordinal)
                        .Select(group => new HeldCount(group.Key, group.Sum(one => one.Count))),
                ]
                : null,
            said.Exists ? ConsentHistory.Of(ConsentHoldingsJson.Read(said.HoldingsJson)).Length : 0,
            fields.Show(FieldSets.Explain) ? await CountDecisions(view.CustomerId, aborted) : null,
            leads.Leads.Length,
            profile.First?.At,
            profile.Last?.At,
            fields
        );
        return await Told<HeldData>(asker, "profile.held", view.CustomerId, fields, held);
    }

    private async Task<int> CountDecisions(string customerId, CancellationToken aborted)
    {
        int count = 0;
        DecisionsRequest request = new(DecisionsAtOnce, After: null, Naming: []);
        while (count < DecisionsCountedMax)
        {
            DecisionsReply page = await grains.GetGrain<ICustomerGrain>(customerId).GetDecisions(request, aborted);
            count += page.Decisions.Length;
            if (page is not { HasMore: true, Decisions: [.., var last] })
            {
                break;
            }

            request = request with { After = HistoryPlace.Of(last.ToRecord()) };
        }

        return count;
    }
}

/// <param name="Kind">A type of identifier, or a kind of message.</param>
internal sealed record HeldCount(string Kind, long Count);

/// <summary>How much is held about a person; null of what the caller does not see.</summary>
/// <param name="ConsentEntries">How often something was said about consent.</param>
/// <param name="Decisions">Of how the customer became one; <see cref="ProfileAccess.DecisionsCountedMax"/> or more are not told apart.</param>
/// <param name="Fields">What the caller sees of this person.</param>
internal sealed record HeldData(
    string CustomerId,
    ImmutableArray<HeldCount> Identifiers,
    int Traits,
    int? Accounts,
    ImmutableArray<HeldCount>? Messages,
    int ConsentEntries,
    int? Decisions,
    int Leads,
    DateTimeOffset? FirstSeenAt,
    DateTimeOffset? LastSeenAt,
    VisibleFields Fields
);
