using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Routing;

namespace Customer360.Grains;

/// <inheritdoc cref="ILeadDeskGrain"/>
/// <remarks>
/// It keeps nothing, so it can be asked at any time and as often as anybody likes. Which leads a customer has stands with the customer's
/// identifiers and moves with them; what is known is read when it is asked.
/// </remarks>
[GrainType("lead-desk")]
public sealed class LeadDeskGrain(
    IPolicy<LifecyclePolicy> lifecycle,
    IPolicy<ScoringPolicy> scoring,
    IPolicy<RoutingPolicy> routing,
    IPolicy<SalesTeam> team,
    IPolicy<MastershipPolicy> mastership,
    IPolicy<AudiencePolicy> audiences,
    TimeProvider time
) : Grain, ILeadDeskGrain
{
    /// <summary>Messages that are looked at for points: the latest.</summary>
    private const int MessagesMax = 500;

    private string Id => this.GetPrimaryKeyString();

    public async Task<string?> Look(string cause)
    {
        bool keepsLeads = lifecycle.Current.Begins is not null;
        if (!keepsLeads && !audiences.Current.AsksOthers)
        {
            return null;
        }

        ICustomerGrain customer = GrainFactory.GetGrain<ICustomerGrain>(Id);
        ProfileViewReply reply = await customer.GetView();
        // Of whom what is known is kept and not used there is nothing to look at.
        if (reply.View is not { } view || view.Consent.IsRestricted)
        {
            return reply.MovedTo;
        }

        DateTimeOffset at = time.GetUtcNow();
        CustomerLeads held = await customer.GetLeads();
        if (held.MovedTo is not null)
        {
            return held.MovedTo;
        }

        LeadPolicies policies = new(lifecycle.Current, scoring.Current, team.Current);
        LeadLook look = await Know(customer, view, cause, at);
        if (!keepsLeads)
        {
            await TellAudiences(customer, look.Facts, await Read(held.Leads));
            return null;
        }

        ImmutableArray<(CustomerLead Lead, LeadFile? File)> leads = await Join(held, look, cause);
        if (leads.All(one => !one.File!.Lead.IsOpen))
        {
            if (LeadFileRules.Begins(look with { Histories = HistoriesOf(leads, except: null) }, policies, at))
            {
                Identifier anchor = LeadFileRules.AnchorOf(view);
                held = await customer.BeginLead(
                    new CustomerLead(anchor, NewId(anchor, at, leads.Length)),
                    leads.Length
                );
                leads = await Join(held, look, cause);
            }
        }

        foreach ((CustomerLead lead, LeadFile? file) in leads)
        {
            if (file!.Lead.IsOpen)
            {
                await Tell(lead, look, leads);
            }
            else if (file.CustomerId != Id || !file.Debts.IsEmpty)
            {
                await GrainFactory.GetGrain<ILeadGrain>(lead.LeadId).Move(Id);
            }
        }

        if (!audiences.Current.IsEmpty)
        {
            await TellAudiences(customer, look.Facts, await Read(held.Leads));
        }

        return await HandOn(customer, held.Leads, cause);
    }

    /// <summary>
    /// Audiences ask for the lead and the account, too, and the customer decides them: it is told what it can't look up itself. Of several
    /// leads the open one counts.
    /// </summary>
    private static async Task TellAudiences(
        ICustomerGrain customer,
        FactSet known,
        ImmutableArray<(CustomerLead Lead, LeadFile? File)> leads
    )
    {
        LeadFile? file = leads
            .Select(one => one.File)
            .OfType<LeadFile>()
            .OrderByDescending(one => one.Lead.IsOpen)
            .FirstOrDefault();
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer))
        {
            FactJson.Write(writer, AudienceTold.Of(known, file));
        }

        await customer.TellFacts(buffer.WrittenMemory);
    }

    /// <summary>
    /// A merge or a split may have come between. Then whoever has the leads now looks last: with a merge whoever asks, and with a split we
    /// send.
    /// </summary>
    private async Task<string?> HandOn(ICustomerGrain customer, ImmutableArray<CustomerLead> looked, string cause)
    {
        CustomerLeads now = await customer.GetLeads();
        foreach (CustomerLead gone in now.MovedTo is null ? looked.Except(now.Leads) : [])
        {
            string? owner = await GrainFactory.GetGrain<IIdentifierGrain>(gone.Anchor.ToString()).GetOwner();
            if (owner is not null && owner != Id)
            {
                await GrainFactory.GetGrain<ILeadDeskGrain>(owner).LookSoon(cause);
            }
        }

        return now.MovedTo;
    }

    public async Task LookSoon(string cause)
    {
        string? next = await Look(cause);
        while (next is not null)
        {
            next = await GrainFactory.GetGrain<ILeadDeskGrain>(next).Look(cause);
        }
    }

    /// <summary>All leads as they are once one of them is open at most; each has begun.</summary>
    private async Task<ImmutableArray<(CustomerLead Lead, LeadFile? File)>> Join(
        CustomerLeads held,
        LeadLook look,
        string cause
    )
    {
        ImmutableArray<(CustomerLead Lead, LeadFile? File)> leads = await Read(held.Leads);
        foreach ((CustomerLead lead, _) in leads.Where(one => one.File is null))
        {
            await Tell(lead, look, leads);
        }

        // One that did not begin is of somebody who is being erased.
        leads = [.. (await Read(held.Leads)).Where(one => one.File is not null)];
        ImmutableArray<LeadJoinStep> steps = LeadJoinSteps.Of([.. leads.Select(one => one.File!.Lead)]);
        foreach (LeadJoinStep step in steps)
        {
            await GrainFactory.GetGrain<ILeadGrain>(step.LeadId).Do(OrderOf(step, cause));
        }

        return steps.IsEmpty ? leads : [.. (await Read(held.Leads)).Where(one => one.File is not null)];
    }

    private async Task<LeadLook> Know(ICustomerGrain customer, ProfileView view, string cause, DateTimeOffset at)
    {
        LeadAccount? account = await FindAccount(view);
        FactSet facts = LeadFactReader.Read(view, mastership.Current, account, routing.Current.Matching);
        ImmutableArray<ScoreContribution> points = [];
        if (LeadEvents.HasAny(scoring.Current, view.Fold))
        {
            TimelineReply timeline = await customer.GetTimeline(
                new TimelineRequest(
                    DateTimeOffset.UnixEpoch,
                    at.AddDays(1),
                    Descending: true,
                    MessagesMax,
                    Cursor: null
                ),
                CancellationToken.None
            );
            points = LeadEvents.ContributionsOf(scoring.Current, timeline.Messages);
        }

        return new LeadLook(Id, facts, points, LifecycleHistory.Empty, cause);
    }

    private async Task<LeadAccount?> FindAccount(ProfileView view)
    {
        FoundAccount? found = await new AccountFinder(GrainFactory, team.Current, routing.Current.Matching).Find(view);
        return found is null ? null : new LeadAccount(found.Match, found.Facts.TraitsJson, found.Facts.Opportunities);
    }

    private async Task<ImmutableArray<(CustomerLead Lead, LeadFile? File)>> Read(ImmutableArray<CustomerLead> leads)
    {
        ReadOnlyMemory<byte>[] files = await Task.WhenAll(
            leads.Select(one => GrainFactory.GetGrain<ILeadGrain>(one.LeadId).Get())
        );
        return
        [
            .. leads.Zip(files).Select(one => (one.First, one.Second.IsEmpty ? null : LeadFileJson.Read(one.Second))),
        ];
    }

    private Task Tell(CustomerLead lead, LeadLook look, ImmutableArray<(CustomerLead Lead, LeadFile? File)> leads) =>
        GrainFactory
            .GetGrain<ILeadGrain>(lead.LeadId)
            .Look(new LeadLookCall(lead.Anchor, (look with { Histories = HistoriesOf(leads, lead.LeadId) }).Write()));

    private static LifecycleHistory HistoriesOf(
        ImmutableArray<(CustomerLead Lead, LeadFile? File)> leads,
        string? except
    ) =>
        leads
            .Where(one => one.File is not null && one.Lead.LeadId != except)
            .Aggregate(LifecycleHistory.Empty, (all, one) => all.Join(one.File!.History));

    private static LeadOrder OrderOf(LeadJoinStep step, string cause) =>
        new(
            step.Kind switch
            {
                LeadJoinKind.Adopt => LeadOrderKind.AdoptClock,
                LeadJoinKind.Close => LeadOrderKind.CloseAsDuplicate,
                LeadJoinKind.Release => LeadOrderKind.ReleaseClock,
                _ => LeadOrderKind.Restore,
            },
            "identity"
        )
        {
            LeadId = step.Other,
            Cause = cause,
            ClockJson = step.Clock is null ? default : JsonSerializer.SerializeToUtf8Bytes(step.Clock),
        };

    /// <summary>
    /// Another one each time. An identifier that has left and begins a lead elsewhere does so at another customer; one that stays has its
    /// lead, so the number of leads differs.
    /// </summary>
    private string NewId(Identifier anchor, DateTimeOffset at, int number) =>
        "l_" + DecisionId.Of(["lead", Id, anchor.ToString(), string.Create(null, $"{at.UtcTicks} {number}")])[2..];
}
