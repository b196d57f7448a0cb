using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>
/// Counts with how many anchors the identifiers of a message come. Only in the slow path: a message whose identifiers are
/// all held by one customer ties nothing that was not tied when they were linked.
/// </summary>
internal sealed class AnchorTies(IGrainFactory grains)
{
    /// <summary>Where the identifiers of a message stand, with this message's ties counted.</summary>
    public async Task<IdentifierStanding[]> StandingsOf(Envelope envelope, IdentityRules by)
    {
        ImmutableArray<Identifier> identifiers = envelope.Identifiers;
        IdentifierStanding[] standings = await Task.WhenAll(
            identifiers.Select(identifier => GrainOf(identifier).GetStanding(envelope.Anchor))
        );
        if (standings[0].IsQuarantined)
        {
            // It links to nothing, so it tells nothing of who belongs together.
            return standings;
        }

        // What nobody owns yet is tied by the claim, in the same write.
        await Task.WhenAll(
            Enumerable
                .Range(1, identifiers.Length - 1)
                .Where(index => standings[index] is { IsTied: false, IsQuarantined: false, Owner: not null })
                .Select(async index => standings[index] = await Tie(identifiers[index], envelope, by, standings[index]))
        );
        return standings;
    }

    /// <summary>What was left out and is nobody's has not been counted by a claim.</summary>
    public Task<IdentifierStanding[]> TieLeftOut(IdentityDecision decision, Envelope envelope, IdentityRules by) =>
        Task.WhenAll(
            decision
                .Demoted.Where(demoted => demoted.Reason != DemotionReason.Quarantine)
                .Select(demoted => Tie(demoted.Identifier, envelope, by, default))
        );

    private async Task<IdentifierStanding> Tie(
        Identifier identifier,
        Envelope envelope,
        IdentityRules by,
        IdentifierStanding otherwise
    ) =>
        Containment.Counts(identifier, envelope.Anchor, by)
            ? await GrainOf(identifier)
                .Tie(
                    new TieRequest(
                        envelope.Anchor,
                        by.Find(identifier.Type)!.QuarantineDegree!.Value,
                        envelope.MessageId,
                        envelope.Source,
                        envelope.Timestamp,
                        by.Version
                    )
                )
            : otherwise;

    private IIdentifierGrain GrainOf(Identifier identifier) => grains.GetGrain<IIdentifierGrain>(identifier.ToString());
}
