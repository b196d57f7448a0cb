using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>Hands the messages that a lane has taken up to the customer that owns their anchor. Every step may be repeated.</summary>
internal sealed class Handover(
    IGrainFactory grains,
    IdentityResolver resolver,
    Suppressions suppressions,
    LeadWatch leads
)
{
    public async Task Run(Lane lane)
    {
        await resolver.FinishMerges(lane);
        if (suppressions.IsSuppressed(lane.Anchor))
        {
            // Its person is being erased: what is on its way goes with her.
            lane.Begun = null;
            return;
        }

        ImmutableArray<StoredEnvelope> messages = WithoutSuppressed(lane.Messages());
        ApplyReply reply = await Begin(lane, messages);
        while (reply.MovedTo is not null || !reply.Unowned.IsEmpty)
        {
            string owner = reply.MovedTo ?? await resolver.Resolve(lane, messages[reply.Unowned[0]]);
            reply = await ApplyTo(owner, lane, messages);
        }

        // After a failure all of it is decided again: the customer may have been told what is left out, and not have been
        // asked about it again, before what comes with that was done.
        await ResolveAll(
            lane,
            messages,
            lane.Attempt == 0 ? reply.Unlinked : [.. Enumerable.Range(0, messages.Length)]
        );
        if (lane.HasAccountCall())
        {
            await HandToAccounts(messages);
            await LookAtLeadsOfDeals(messages);
        }

        if (leads.FindConcern(messages) is { } cause)
        {
            await LookAtLeads(lane.Anchor, cause);
        }
    }

    /// <summary>
    /// Whose leads they are is asked anew: the messages may have brought customers together. What is looked at twice comes to the same.
    /// </summary>
    private async Task LookAtLeads(Identifier anchor, string cause)
    {
        string? customer = await grains.GetGrain<IIdentifierGrain>(anchor.ToString()).GetOwner();
        while (customer is not null)
        {
            customer = await grains.GetGrain<ILeadDeskGrain>(customer).Look(cause);
        }
    }

    /// <summary>
    /// A deal moves the leads of those who take part in it. Their own messages may have come before the account knew of it.
    /// </summary>
    private async Task LookAtLeadsOfDeals(ImmutableArray<StoredEnvelope> messages)
    {
        foreach (StoredEnvelope message in leads.IsOn ? messages : [])
        {
            if (OpportunityReader.Read(message.Envelope, default) is { Facts.Contacts: var contacts })
            {
                foreach (OpportunityContact contact in contacts)
                {
                    await LookAtLeads(contact.Identifier, message.Envelope.MessageId);
                }
            }
        }
    }

    /// <summary>Somebody whom a message mentions may have been suppressed since it was stored.</summary>
    private ImmutableArray<StoredEnvelope> WithoutSuppressed(ImmutableArray<StoredEnvelope> messages) =>
        messages.All(message => ReferenceEquals(suppressions.Strip(message.Envelope), message.Envelope))
            ? messages
            : [.. messages.Select(message => message with { Envelope = suppressions.Strip(message.Envelope)! })];

    /// <summary>The answer to the call that a wave has begun, or to a new one.</summary>
    private async Task<ApplyReply> Begin(Lane lane, ImmutableArray<StoredEnvelope> messages)
    {
        if (lane.Begun is { } begun)
        {
            // Once: where it failed, the next try begins anew.
            lane.Begun = null;
            return await begun;
        }

        string? owner = await grains.GetGrain<IIdentifierGrain>(lane.Anchor.ToString()).GetOwner();
        return await ApplyTo(owner ?? await resolver.Resolve(lane, messages[0]), lane, messages);
    }

    private async Task<ApplyReply> ApplyTo(string customerId, Lane lane, ImmutableArray<StoredEnvelope> messages)
    {
        ICustomerGrain customer = grains.GetGrain<ICustomerGrain>(customerId);
        ApplyReply reply = await customer.Apply(new ApplyRequest(messages));
        if (reply.MovedTo is null && reply.Unowned.IsEmpty)
        {
            // It may be out of date at any time: the customer takes only what it holds, and says so where it doesn't.
            lane.Owner = customer;
        }

        return reply;
    }

    private async Task ResolveAll(Lane lane, ImmutableArray<StoredEnvelope> messages, ImmutableArray<int> unlinked)
    {
        ImmutableArray<Identifier> last = [];
        foreach (int index in unlinked)
        {
            // Messages in a row mostly carry the same identifiers: one decision serves them all.
            ImmutableArray<Identifier> identifiers = messages[index].Envelope.Identifiers;
            if (!identifiers.AsSpan().SequenceEqual(last.AsSpan()))
            {
                await resolver.Resolve(lane, messages[index]);
                last = identifiers;
            }
        }
    }

    /// <param name="messages">Without whom they must not mention any more: a company's deals name people, too.</param>
    private async Task HandToAccounts(ImmutableArray<StoredEnvelope> messages)
    {
        StoredEnvelope[] calls = [.. messages.Where(message => AccountFold.Concerns(message.Envelope))];
        foreach (var account in calls.GroupBy(call => call.Envelope.GroupId!, StringComparer.Ordinal))
        {
            await grains
                .GetGrain<IAccountGrain>(account.Key)
                .Apply(
                    new AccountMessages([.. account.Select(call => call.Envelope)])
                    {
                        // All are of the lane's anchor, and so of one partition.
                        Partition = calls[0].Partition,
                        Positions = [.. account.Select(call => call.Position)],
                    }
                );
        }

        foreach (StoredEnvelope call in calls)
        {
            await JoinCompanies(call.Envelope);
        }
    }

    /// <summary>A CRM has merged companies, or somebody says which of its companies a group is. A refusal stands in the decisions.</summary>
    private async Task JoinCompanies(Envelope envelope)
    {
        ImmutableArray<string> same = CompanyRules.SameCompany(envelope);
        for (int index = 1; index < same.Length; index++)
        {
            await grains.JoinCompanies(same[0], same[index], envelope.MessageId, envelope.Source, envelope.Timestamp);
        }
    }
}
