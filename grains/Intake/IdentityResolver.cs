using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// The slow path of a message whose identifiers are not all held by one customer: ask who owns them, let the rule
/// decide, carry it out. Whatever changed meanwhile shows in the answers, and then it is asked and decided anew.
/// </summary>
internal sealed class IdentityResolver(
    int partition,
    IGrainFactory grains,
    IDecisionLog decisionLog,
    IPolicy<IdentityRules> source,
    Suppressions suppressions
)
{
    private const int DecisionsMax = 50;

    private readonly AnchorTies _ties = new(grains);

    /// <summary>Brings a message's identifiers together and answers the customer that owns its anchor.</summary>
    /// <exception cref="RaceLostException">Others changed what it looked at, every time.</exception>
    public async Task<string> Resolve(Lane lane, StoredEnvelope message)
    {
        int idsTaken = 0;
        for (int round = 0; round < DecisionsMax; round++)
        {
            // Somebody may have been suppressed since the last round: customers leave her out, and so must the decision.
            Envelope envelope =
                suppressions.Strip(message.Envelope)
                ?? throw new RaceLostException("The message's anchor has been suppressed meanwhile.");
            // Once: a decision is made, and recorded, by one version of the rules, whichever are in force when it is done.
            IdentityRules by = source.Current;
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
                        partition,
                        message.Position
                    );
                    if (await Link(customerId, create, envelope, by))
                    {
                        return customerId;
                    }

                    // An earlier try, broken off by a crash, may have begun to make it. Since then a merge may have taken it
                    // away, and it stays somebody's address; or another message has made it its own customer.
                    CustomerFacts taken = await grains.FactsOf(customerId);
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

        throw new RaceLostException("An identity decision did not come to rest.");
    }

    /// <summary>
    /// A customer of the anchor alone: where the message's identifiers could not be decided, it still is somebody's. Null where
    /// that can't be made either.
    /// </summary>
    public async Task<string?> CreateOfAnchor(StoredEnvelope message)
    {
        Envelope envelope = message.Envelope;
        string customerId = CustomerId.From(envelope.ReceivedAt, partition, message.Position);
        var alone = new IdentityDecision.Create([envelope.Anchor], []);
        return await Link(customerId, alone, envelope, source.Current) ? customerId : null;
    }

    /// <summary>
    /// A merge that failed halfway is finished by the younger customer's next activation. Asking it anything brings that
    /// about now; its reminder would in a minute.
    /// </summary>
    public async Task FinishMerges(Lane lane)
    {
        foreach (string younger in lane.Merging?.ToArray() ?? [])
        {
            await grains.FactsOf(younger);
            lane.Merging!.Remove(younger);
        }
    }

    private async Task<ImmutableArray<OwnedIdentifier>> OwnersOf(Envelope envelope, IdentityRules by)
    {
        ImmutableArray<Identifier> identifiers = envelope.Identifiers;
        IdentifierStanding[] standings = await _ties.StandingsOf(envelope, by);
        string?[] owners = [.. standings.Select(standing => standing.Owner)];
        var facts = new Dictionary<string, CustomerFacts>(StringComparer.Ordinal);
        foreach (string owner in owners.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            facts.Add(owner, await grains.FactsOf(owner));
        }

        await TakeFromStubs(identifiers, owners, facts);
        return
        [
            .. identifiers.Select(
                (identifier, index) =>
                    new OwnedIdentifier(identifier, owners[index] is { } owner ? facts[owner] : null)
                    {
                        IsQuarantined = standings[index].IsQuarantined,
                        IsClaimed = envelope.Trust == StatementTrust.Claimed,
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
                ImmutableArray<Identifier> left = [identifiers[index]];
                await Stubs.Follow(owner, id => grains.GetGrain<ICustomerGrain>(id).Forward(left), static to => to);
            }
        }
    }

    /// <summary>
    /// An identifier that a decision leaves out because of its owner, which has claimed it and never listed it, would stay
    /// that customer's: the message that would have it listed goes elsewhere now. True: decide anew.
    /// </summary>
    private async Task<bool> LetGoUnlisted(IdentityDecision decision, ImmutableArray<OwnedIdentifier> owned)
    {
        bool letGo = false;
        foreach (DemotedIdentifier demoted in decision.Demoted)
        {
            CustomerFacts? owner = owned.First(one => one.Identifier == demoted.Identifier).Owner;
            if (owner is not null && owner.Held.All(held => held.Identifier != demoted.Identifier))
            {
                letGo |= await grains.GetGrain<ICustomerGrain>(owner.CustomerId).LetGo([demoted.Identifier]);
            }
        }

        return letGo;
    }

    /// <summary>True when the customer holds all that the decision gives it.</summary>
    private async Task<bool> Link(string customerId, IdentityDecision decision, Envelope envelope, IdentityRules by)
    {
        LinkReply reply = await grains
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
                {
                    IsClaimed = envelope.Trust == StatementTrust.Claimed,
                }
            );
        foreach (string other in reply.OwnedByOthers.Select(one => one.CustomerId).Distinct(StringComparer.Ordinal))
        {
            // It answers once it has what it is just taking over, and then the identifiers say so, too.
            await grains.FactsOf(other);
        }

        if (reply.MovedTo is not null || !reply.OwnedByOthers.IsEmpty || !reply.LeftOut.IsEmpty)
        {
            return false;
        }

        await RecordLeftOut(customerId, decision, envelope, by);
        return true;
    }

    private async Task Merge(Lane lane, IdentityDecision.Merge merge, Envelope envelope, IdentityRules by)
    {
        foreach (string younger in merge.Younger)
        {
            (lane.Merging ??= new HashSet<string>(StringComparer.Ordinal)).Add(younger);
            MergeReply reply = await grains
                .GetGrain<ICustomerGrain>(younger)
                .MergeInto(
                    new MergeRequest(
                        merge.Oldest,
                        DecisionId.OfMerge(merge.Oldest, younger, envelope.MessageId),
                        envelope.MessageId,
                        envelope.Source,
                        envelope.Timestamp,
                        by.Version,
                        merge.Identifiers
                    )
                    {
                        IsClaimed = envelope.Trust == StatementTrust.Claimed,
                    }
                );
            lane.Merging.Remove(younger);
            if (reply.WaitFor is { } splitting)
            {
                await grains.FactsOf(splitting);
            }
        }
    }

    private async Task RecordLeftOut(string customerId, IdentityDecision decision, Envelope envelope, IdentityRules by)
    {
        if (decision.Demoted.IsEmpty)
        {
            return;
        }

        await _ties.TieLeftOut(decision, envelope, by);
        await decisionLog.AppendAsync(
            [.. decision.Demoted.Select(demoted => DecisionRecords.LeftOut(customerId, envelope, demoted, by.Version))],
            CancellationToken.None
        );
        GridInstruments.IdentifiersDemoted.Add(decision.Demoted.Length);
    }
}
