using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>
/// The slow path of a message whose identifiers are not all held by one customer: ask who owns them, let the rule
/// decide, carry it out. Whatever changed meanwhile shows in the answers, and then it is asked and decided anew.
/// </summary>
public sealed partial class IntakeGrain
{
    private const int DecisionsMax = 50;

    /// <summary>Brings a message's identifiers together and answers the customer that owns its anchor.</summary>
    private async Task<string> Resolve(Lane lane, StoredEnvelope message)
    {
        Envelope envelope = message.Envelope;
        int idsTaken = 0;
        for (int round = 0; round < DecisionsMax; round++)
        {
            // Once: a decision is made, and recorded, by one version of the rules, whichever are in force when it is done.
            IdentityRules by = rules;
            ImmutableArray<OwnedIdentifier> owned = await OwnersOf(envelope, by);
            var decision = IdentityDecision.Decide(owned, envelope.Timestamp, by);
            if (await LetGoUnlisted(decision, owned))
            {
                continue;
            }

            switch (decision)
            {
                case IdentityDecision.Create create:
                {
                    string customerId = CustomerId.From(
                        envelope.ReceivedAt.AddMilliseconds(idsTaken),
                        Partition,
                        message.Position
                    );
                    if (await Link(customerId, create, envelope, by))
                    {
                        return customerId;
                    }

                    // An earlier try, broken off by a crash, may have begun to make it. Since then a merge may have taken it
                    // away, and it is somebody's address for ever; or another message has made it its own customer.
                    CustomerFacts taken = await FactsOf(customerId);
                    idsTaken += taken.CustomerId == customerId && taken.Held.IsEmpty ? 0 : 1;
                    break;
                }

                case IdentityDecision.Link link when await Link(link.CustomerId, link, envelope, by):
                    return link.CustomerId;

                case IdentityDecision.Merge merge:
                    // Carried out, the next round finds one owner; refused, it finds why and leaves an identifier out.
                    await Merge(lane, merge, envelope, by);
                    break;
            }
        }

        throw new InvalidOperationException("An identity decision did not come to rest.");
    }

    private async Task<ImmutableArray<OwnedIdentifier>> OwnersOf(Envelope envelope, IdentityRules by)
    {
        ImmutableArray<Identifier> identifiers = envelope.Identifiers;
        IdentifierStanding[] standings = await StandingsOf(envelope, by);
        string?[] owners = [.. standings.Select(standing => standing.Owner)];
        var facts = new Dictionary<string, CustomerFacts>(StringComparer.Ordinal);
        foreach (string owner in owners.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            facts.Add(owner, await FactsOf(owner));
        }

        await TakeFromStubs(identifiers, owners, facts);
        return
        [
            .. identifiers.Select(
                (identifier, index) =>
                    new OwnedIdentifier(identifier, owners[index] is { } owner ? facts[owner] : null)
                    {
                        IsQuarantined = standings[index].IsQuarantined,
                    }
            ),
        ];
    }

    /// <summary>
    /// A merge moves what the younger customer lists. What it had claimed, and a crash kept it from listing, stays behind
    /// at the stub, where no claim of another would get it: so it follows here.
    /// </summary>
    private async Task TakeFromStubs(
        ImmutableArray<Identifier> identifiers,
        string?[] owners,
        Dictionary<string, CustomerFacts> facts
    )
    {
        for (int index = 0; index < owners.Length; index++)
        {
            if (owners[index] is { } owner && facts[owner].CustomerId != owner)
            {
                string? next = owner;
                while (next is not null)
                {
                    next = await GrainFactory.GetGrain<ICustomerGrain>(next).Forward([identifiers[index]]);
                }
            }
        }
    }

    /// <summary>
    /// An identifier that a decision leaves out because of its owner, which has claimed it and never listed it, would stay
    /// that customer's for ever: the message that would have it listed goes elsewhere now. True: decide anew.
    /// </summary>
    private async Task<bool> LetGoUnlisted(IdentityDecision decision, ImmutableArray<OwnedIdentifier> owned)
    {
        bool letGo = false;
        foreach (DemotedIdentifier demoted in decision.Demoted)
        {
            CustomerFacts? owner = owned.First(one => one.Identifier == demoted.Identifier).Owner;
            if (owner is not null && owner.Held.All(held => held.Identifier != demoted.Identifier))
            {
                letGo |= await GrainFactory.GetGrain<ICustomerGrain>(owner.CustomerId).LetGo([demoted.Identifier]);
            }
        }

        return letGo;
    }

    private async Task<CustomerFacts> FactsOf(string customerId)
    {
        while (true)
        {
            CustomerIdentity identity = await GrainFactory.GetGrain<ICustomerGrain>(customerId).GetIdentity();
            if (identity.MovedTo is null)
            {
                return identity.Facts;
            }

            customerId = identity.MovedTo;
        }
    }

    /// <summary>True when the customer holds all that the decision gives it.</summary>
    private async Task<bool> Link(string customerId, IdentityDecision decision, Envelope envelope, IdentityRules by)
    {
        LinkReply reply = await GrainFactory
            .GetGrain<ICustomerGrain>(customerId)
            .Link(
                new LinkRequest(
                    decision.Identifiers,
                    [.. decision.Demoted.Select(demoted => demoted.Identifier)],
                    envelope.MessageId,
                    envelope.Source,
                    envelope.Timestamp,
                    by.Version
                )
            );
        foreach (string other in reply.OwnedByOthers.Select(one => one.CustomerId).Distinct(StringComparer.Ordinal))
        {
            // It answers once it has what it is just taking over, and then the identifiers say so, too.
            await FactsOf(other);
        }

        if (reply.MovedTo is not null || !reply.OwnedByOthers.IsEmpty || !reply.OverLimit.IsEmpty)
        {
            return false;
        }

        await RecordDemotions(customerId, decision, envelope, by);
        return true;
    }

    private async Task Merge(Lane lane, IdentityDecision.Merge merge, Envelope envelope, IdentityRules by)
    {
        foreach (string younger in merge.Younger)
        {
            (lane.Merging ??= new HashSet<string>(StringComparer.Ordinal)).Add(younger);
            MergeReply reply = await GrainFactory
                .GetGrain<ICustomerGrain>(younger)
                .MergeInto(
                    new MergeRequest(
                        merge.Oldest,
                        CustomerDecisions.MergeId(merge.Oldest, younger, envelope.MessageId),
                        envelope.MessageId,
                        envelope.Source,
                        envelope.Timestamp,
                        by.Version,
                        merge.Identifiers
                    )
                );
            lane.Merging.Remove(younger);
            if (reply.WaitFor is { } splitting)
            {
                await FactsOf(splitting);
            }
        }
    }

    /// <summary>
    /// A merge that failed halfway is finished by the younger customer's next activation. Asking it anything brings that
    /// about now; its reminder would in a minute.
    /// </summary>
    private async Task FinishMerges(Lane lane)
    {
        foreach (string younger in lane.Merging?.ToArray() ?? [])
        {
            await FactsOf(younger);
            lane.Merging!.Remove(younger);
        }
    }

    private async Task RecordDemotions(
        string customerId,
        IdentityDecision decision,
        Envelope envelope,
        IdentityRules by
    )
    {
        if (decision.Demoted.IsEmpty)
        {
            return;
        }

        await TieDemoted(decision, envelope, by);
        await decisionLog.AppendAsync(
            [
                .. decision.Demoted.Select(demoted =>
                    CustomerDecisions.Demoted(customerId, envelope, demoted, by.Version)
                ),
            ],
            CancellationToken.None
        );
        GridInstruments.IdentifiersDemoted.Add(decision.Demoted.Length);
    }
}
