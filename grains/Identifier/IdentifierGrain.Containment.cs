using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>How many come with the identifier, and its quarantine.</summary>
/// <remarks>
/// Into quarantine: record, list, state. A crash before the state leaves an entry in the list that the list's readers
/// pass over, and the message, which is not handed over yet, comes again. Out of it: record, list, state; a crash before
/// the state leaves the identifier quarantined, and its next activation enters it in the list again.
/// </remarks>
public sealed partial class IdentifierGrain
{
    private Identifier Identifier => Identifier.Parse(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        stored.State.Quarantine is null ? Task.CompletedTask : ListPart().Add(Identifier);

    public Task<IdentifierStanding> GetStanding(Identifier anchor) => Task.FromResult(Standing(anchor));

    public async Task<string> ClaimTied(string customerId, Identifier anchor, int degreeMax)
    {
        if (stored.State.Owner is { } owner)
        {
            return owner;
        }

        ThrowIfSuppressed();
        TieOutcome tie = Containment.Tie(stored.State.Ties, anchor, degreeMax);
        // The one too many is left to Tie, which knows the message.
        bool adds = tie.Result == TieResult.Added && stored.State.Quarantine is null;
        await Save(
            stored.State with
            {
                Place = stored.State.Place.ClaimedBy(customerId),
                Ties = adds ? tie.Ties : stored.State.Ties,
            }
        );
        return customerId;
    }

    public async Task<IdentifierStanding> Tie(TieRequest request)
    {
        if (stored.State.Quarantine is null && !suppressions.IsSuppressed(Identifier))
        {
            TieOutcome tie = Containment.Tie(stored.State.Ties, request.Anchor, request.DegreeMax);
            if (tie.Result == TieResult.Added)
            {
                await Save(stored.State with { Ties = tie.Ties });
            }
            else if (tie.Result == TieResult.TooMany)
            {
                await Quarantine(request, tie.Ties.Length);
            }
        }

        return Standing(request.Anchor);
    }

    public Task<IdentifierQuarantine?> GetQuarantine()
    {
        LetGoOfNothing();
        return Task.FromResult(Quarantined());
    }

    public async Task<IdentifierQuarantine?> LiftQuarantine(bool isByJob)
    {
        if (stored.State.Quarantine is not { } quarantine)
        {
            LetGoOfNothing();
            return null;
        }

        IdentifierQuarantine? lifted = Quarantined();
        await decisionLog.AppendAsync(
            [
                DecisionRecords.Released(
                    Identifier,
                    stored.State.Owner,
                    quarantine,
                    stored.State.Releases,
                    time.GetUtcNow()
                ),
            ],
            CancellationToken.None
        );
        await ListPart().Remove(Identifier);
        await Save(
            stored.State with
            {
                Quarantine = null,
                Ties = [],
                Releases = stored.State.Releases + 1,
                IsReleased = !isByJob,
            }
        );
        return lifted;
    }

    public async Task<bool> Quarantine(TieRequest request, int degree)
    {
        if (stored.State.Quarantine is not null || suppressions.IsSuppressed(Identifier))
        {
            return false;
        }

        var quarantine = new QuarantineUnderWay(
            request.At,
            degree,
            request.MessageId,
            request.Source,
            request.RuleVersion
        );
        await decisionLog.AppendAsync(
            [
                DecisionRecords.Quarantined(
                    Identifier,
                    stored.State.Owner,
                    quarantine,
                    stored.State.Releases,
                    request.DegreeMax
                ),
            ],
            CancellationToken.None
        );
        await ListPart().Add(Identifier);
        await Save(stored.State with { Quarantine = quarantine, IsReleased = false, Ties = [] });
        GridInstruments.IdentifiersQuarantined.Add(1);
        return true;
    }

    private IdentifierStanding Standing(Identifier anchor) =>
        new(
            stored.State.Owner,
            stored.State.Quarantine is not null,
            stored.State.Ties.BinarySearch(Containment.TieOf(anchor)) >= 0
        );

    private IdentifierQuarantine? Quarantined() =>
        stored.State.Quarantine is { } one
            ? new IdentifierQuarantine(
                stored.State.Owner,
                one.At,
                one.Degree,
                one.MessageId,
                one.Source,
                one.RuleVersion
            )
            : null;

    private IQuarantineListGrain ListPart() =>
        GrainFactory.GetGrain<IQuarantineListGrain>(QuarantineList.PartOf(Identifier));
}
