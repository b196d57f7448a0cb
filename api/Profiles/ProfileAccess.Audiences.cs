using System.Collections.Immutable;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Audiences;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Profiles;

/// <summary>Who is in which audience: that alone says something of a person, and why says what is known of her.</summary>
internal sealed partial class ProfileAccess
{
    private static readonly Refusal s_noAudience = new NotFound("audience");

    /// <summary>A page of an audience's members, by customer id. Of whom the caller sees nothing, nothing is told here.</summary>
    /// <param name="after">The last customer of the page before; empty: the first page.</param>
    public async Task<Outcome<AudiencePage>> ListMembers(
        Asker asker,
        AudienceDefinition audience,
        string after,
        int limit
    )
    {
        Outcome<AccessRight> right = DecideOn(asker, audience);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        ImmutableArray<AudienceMember> rows = await grains
            .GetGrain<IAudienceListGrain>(0)
            .Read(audience.Name, after, limit + 1);
        ImmutableArray<AudienceMember> page = rows.Length > limit ? rows[..limit] : rows;
        bool[] shows = await MayShow(right.Value, audience, page.Select(row => row.CustomerId));
        ImmutableArray<AudienceMember> shown = [.. page.Where((_, index) => shows[index])];
        return await Told<AudiencePage>(
            asker,
            "audience.listed",
            customerId: null,
            right.Value.Fields,
            new AudiencePage(shown, rows.Length > limit ? page[^1].CustomerId : null)
        );
    }

    /// <summary>Why a person is in an audience or not. It is made of all that is known, so who may not see every field sees none of it.</summary>
    public async Task<Outcome<CustomerAnswer<AudienceWhyReply>>> ExplainAudience(
        Asker asker,
        string? text,
        string audience
    )
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Profile);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<CustomerAnswer<AudienceWhyReply>> answer = await AskCustomer(
            right.Value,
            text,
            customer => customer.ExplainAudience(audience),
            static reply => reply.MovedTo
        );
        if (!answer.Succeeded)
        {
            return answer;
        }

        return !answer.Value.Reply.Exists ? s_noAudience
            : answer.Value.Fields is { Table: null } fields && fields.Show(FieldSets.Profile)
                ? await Told(asker, "audience.explained", answer)
            : s_withheld;
    }

    /// <summary>
    /// What may be used of a person now: the fields that the caller sees, and the audiences of the purpose that is asked for. An audience of
    /// another purpose is used only where the person has consented to that.
    /// </summary>
    public async Task<Outcome<UsableProfile>> GetUsable(Asker asker, string? text, AudiencePolicy policy)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.None, FieldSets.Profile);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<ProfileView> view = await View(right.Value, text);
        if (!view.Succeeded)
        {
            return view.Refusal;
        }

        VisibleFields fields = FieldsOf(right.Value, view.Value);
        ImmutableArray<string> audiences = fields.HaveAnyOf(FieldSets.Profile)
            ?
            [
                .. view.Value.Audiences.Where(name =>
                    policy.Find(name) is { } audience && MayUse(right.Value, view.Value, audience.Purpose)
                ),
            ]
            : [];
        return await Told<UsableProfile>(
            asker,
            "profile.decided",
            view.Value.CustomerId,
            fields,
            new UsableProfile(
                new VisibleProfile(view.Value, mastership.Current, fields),
                audiences,
                [
                    .. policy
                        .Placements.Select(placement => placement.Purpose)
                        .Distinct(StringComparer.Ordinal)
                        .Where(purpose =>
                            fields.HaveAnyOf(FieldSets.Profile) && MayUse(right.Value, view.Value, purpose)
                        ),
                ],
                AnchorOf(text, view.Value)
            )
        );
    }

    private Identifier? AnchorOf(string? text, ProfileView view) =>
        identifiers.Customer(text) is { Succeeded: true, Value: var asked }
        && asked.Type != AskedIdentifiers.CustomerType
            ? asked
            : view.Identifiers.FirstOrDefault()?.Identifier;

    /// <summary>
    /// Who is in an audience tells what its condition asks for: a role that does not see every trait of it does not see its members either.
    /// </summary>
    private Outcome<AccessRight> DecideOn(in Asker asker, AudienceDefinition audience)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.None, FieldSets.Profile);
        return
            right is { Succeeded: true, Value.Fields.Table: { } table }
            && !AudienceUses.TraitsOf(audience).All(trait => table.Of(trait).IsShown)
            ? s_withheld
            : right;
    }

    /// <summary>Of whom the caller may know that they are in an audience: something of them is seen, and its purpose is theirs, too.</summary>
    private Task<bool[]> MayShow(AccessRight right, AudienceDefinition audience, IEnumerable<string> customerIds) =>
        Task.WhenAll(customerIds.Select(customerId => MayShow(right, audience, customerId)));

    private async Task<bool> MayShow(AccessRight right, AudienceDefinition audience, string customerId)
    {
        if (right is { Purpose: null, IsSameForEverybody: true, SeesRestricted: true, Fields.IsWholeProfile: true })
        {
            return true;
        }

        Outcome<ProfileView> person = await View(
            Identifier.Create(AskedIdentifiers.CustomerType, customerId),
            text: null
        );
        return person.Succeeded
            && FieldsOf(right, person.Value).HaveAnyOf(FieldSets.Profile)
            && MayUse(right, person.Value, audience.Purpose);
    }

    /// <summary>
    /// True where data may be used for a purpose: it is the one that is asked for, the person has consented to it, or the caller sees
    /// everything and need not say what for.
    /// </summary>
    private bool MayUse(AccessRight right, ProfileView view, string purpose) =>
        right is { Purpose: null, Fields.IsWholeProfile: true }
        || right.Purpose == purpose
        || view.Consent.AsOf(time.GetUtcNow()).Of(purpose) == ConsentStatus.Granted;
}

/// <param name="Next">The last customer of the page; null on the last page.</param>
internal sealed record AudiencePage(ImmutableArray<AudienceMember> Members, string? Next);

/// <param name="Audiences">By name.</param>
/// <param name="Purposes">Of placements: those for which the person's data may be used.</param>
/// <param name="Anchor">By what the person was asked for, or one that she holds; null where she holds none. It goes into no answer.</param>
internal sealed record UsableProfile(
    VisibleProfile Profile,
    ImmutableArray<string> Audiences,
    ImmutableArray<string> Purposes,
    Identifier? Anchor
);
