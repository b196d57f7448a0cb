using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What a customer owns: taking identifiers on.</summary>
public sealed partial class CustomerGrain
{
    public Task<CustomerIdentity> GetIdentity() =>
        Task.FromResult(new CustomerIdentity(State.MovedTo, FactsOf(State, Id, Rules)));

    /// <remarks>
    /// Claims come first, the state after them: if we crash in between, the message is handed over again, finds that we
    /// own what we do not list yet, and comes here again.
    /// </remarks>
    public async Task<LinkReply> Link(LinkRequest request)
    {
        if (State.MovedTo is { } movedTo)
        {
            return new LinkReply(movedTo, [], []);
        }

        if (State.Status == OwnerStatus.Erased)
        {
            return new LinkReply(null, [], request.Identifiers);
        }

        ImmutableArray<IdentifierOwner> leaving =
        [
            .. request
                .Identifiers.Select(identifier => new IdentifierOwner(identifier, LeavingFor(identifier)!))
                .Where(one => one.CustomerId is not null),
        ];
        if (!leaving.IsEmpty)
        {
            return new LinkReply(null, leaving, []);
        }

        _declined.Add(request.Declined);
        // Once: all that is asked of this request is asked of the same rules.
        IdentityRules by = Rules;
        (List<Identifier> wanted, ImmutableArray<Identifier> leftOut) = MayTakeOn(request, by);
        await LetGoFenced([.. leftOut, .. Unlisted(request.Declined)]);
        List<IdentifierOwner> lost = [];
        List<Identifier> claimed = [];
        bool created = State.Map.Entries.IsEmpty;
        if (created && wanted.Count > 0)
        {
            // A customer begins with its anchor. If another has it, then there is nothing to create.
            await ClaimInto(wanted[..1], request.Identifiers[0], by, claimed, lost);
            wanted.RemoveAt(0);
            if (lost.Count > 0)
            {
                return new LinkReply(null, [.. lost], leftOut);
            }
        }

        await ClaimInto(wanted, request.Identifiers[0], by, claimed, lost);
        if (claimed.Count > 0)
        {
            await TakeOn(claimed, created, request, by);
        }

        return new LinkReply(null, [.. lost], leftOut);
    }

    public async Task<bool> LetGo(ImmutableArray<Identifier> identifiers)
    {
        ImmutableArray<Identifier> unlisted = State.MovedTo is null ? Unlisted(identifiers) : [];
        await LetGoFenced(unlisted);
        return !unlisted.IsEmpty;
    }

    /// <summary>
    /// Writes the state before it lets go: another activation of this customer, which was given up, may have claimed one of these
    /// for a decision that it is about to list. Either its list is written first, and this write is refused, or it is
    /// refused itself; so nobody lists what somebody else may claim from now on.
    /// </summary>
    private async Task LetGoFenced(ImmutableArray<Identifier> unlisted)
    {
        if (!unlisted.IsEmpty)
        {
            await SaveNow();
            await Release(unlisted);
        }
    }

    private ImmutableArray<Identifier> Unlisted(ImmutableArray<Identifier> identifiers) =>
        [.. identifiers.Where(identifier => !State.Map.Holds(identifier) && LeavingFor(identifier) is null)];

    /// <summary>Of the identifiers that it does not hold, those that it may take on, and those that it must leave out.</summary>
    private (List<Identifier> Wanted, ImmutableArray<Identifier> LeftOut) MayTakeOn(
        LinkRequest request,
        IdentityRules by
    )
    {
        List<Identifier> wanted = [];
        ImmutableArray<Identifier> leftOut = [];
        bool isByMessage = request.JobId is null;
        CustomerFacts facts = FactsOf(State, Id, by) with { IsOversized = isByMessage && State.IsOversized };
        foreach (Identifier identifier in request.Identifiers.Where(one => !State.Map.Holds(one)))
        {
            if (
                !suppressions.IsSuppressed(identifier)
                && JoinCheck.OfLink(facts, [.. wanted, identifier], request.At, by, asksLimits: isByMessage) is null
            )
            {
                wanted.Add(identifier);
            }
            else
            {
                leftOut = leftOut.Add(identifier);
            }
        }

        return (wanted, leftOut);
    }

    /// <summary>
    /// Lets go of what was claimed before a crash, never listed, and would break a limit or a separation by now: its
    /// messages could reach nobody.
    /// </summary>
    private Task Release(IEnumerable<Identifier> unlisted) =>
        Task.WhenAll(unlisted.Select(identifier => GrainOf(identifier).Release(Id)));

    private async Task ClaimInto(
        List<Identifier> wanted,
        Identifier anchor,
        IdentityRules by,
        List<Identifier> claimed,
        List<IdentifierOwner> lost
    )
    {
        string[] owners;
        try
        {
            owners = await Task.WhenAll(wanted.Select(identifier => Claim(identifier, anchor, by)));
        }
        catch (RaceLostException)
        {
            // One of them is suppressed, so perhaps nobody finishes this message: what was claimed beside it must not stay ours unlisted.
            await Release(wanted.Where(identifier => !State.Map.Holds(identifier)));
            throw;
        }

        for (int index = 0; index < owners.Length; index++)
        {
            if (owners[index] == Id)
            {
                claimed.Add(wanted[index]);
            }
            else
            {
                lost.Add(new IdentifierOwner(wanted[index], owners[index]));
            }
        }
    }

    /// <summary>Whom the regions keep this customer apart from: who holds the same value in another one.</summary>
    private async Task<DecisionRecord[]> KeptApart(List<Identifier> claimed, LinkCause cause, IdentityRules by)
    {
        (Identifier Identifier, Identifier Twin)[] pairs =
        [
            .. claimed.SelectMany(identifier => RegionScope.Twins(identifier, by).Select(twin => (identifier, twin))),
        ];
        string?[] owners = await Task.WhenAll(pairs.Select(pair => GrainOf(pair.Twin).GetOwner()));
        return
        [
            .. pairs
                .Zip(owners)
                .Where(one => one.Second is { } owner && owner != Id)
                .Select(one =>
                    DecisionRecords.KeptApart(
                        Id,
                        one.First.Identifier,
                        one.First.Twin,
                        one.Second!,
                        cause,
                        RegionScope.BecauseOfTwin(one.First.Identifier, one.First.Twin, by)
                    )
                ),
        ];
    }

    /// <summary>
    /// Records, then lists. Decided by the rules that the request names: those in force may have changed on its way.
    /// </summary>
    private async Task TakeOn(List<Identifier> claimed, bool created, LinkRequest request, IdentityRules by)
    {
        var cause = new LinkCause(request.MessageId, request.Source, request.At, request.RuleVersion, request.JobId);
        await decisionLog.AppendAsync(
            [DecisionRecords.Linked(created, Id, [.. claimed], cause), .. await KeptApart(claimed, cause, by)],
            CancellationToken.None
        );
        // A decision names the message's identifiers by priority, the anchor first.
        var evidence = new LinkEvidence(
            request.MessageId,
            request.Source,
            request.At,
            request.RuleVersion,
            request.Identifiers[0]
        )
        {
            IsClaimed = request.IsClaimed,
        };
        ProfileMap before = State.Map;
        foreach (Identifier identifier in claimed)
        {
            State.Map = State.Map.Link(identifier, evidence);
        }

        if (!created)
        {
            // Of a new one the message that follows says what there is to be told.
            Cause(CustomerEffects.OfChange(Id, before, State.Map, CauseOf(request.MessageId), time.GetUtcNow()));
        }

        State.Outbox = State.Outbox.AddRange(routes.CreditRowsOf(Id, claimed, CauseOf(request.MessageId), request.At));
        IdentityChanged();
        await SaveNow();
        if (created)
        {
            GridInstruments.CustomersCreated.Add(1);
        }
    }

    /// <remarks>The state first, the identifiers after it: of what is not listed, whoever repeats this lets go.</remarks>
    public async Task<UnlinkReply> Unlink(UnlinkRequest request)
    {
        if (State.MovedTo is { } movedTo)
        {
            return new UnlinkReply(movedTo, []);
        }

        ImmutableArray<Identifier> inUse =
        [
            .. request.Identifiers.Where(identifier =>
                State.Map.TryGet(identifier, out ProfileEntry? entry)
                && (entry.AppliedTo > 0 || !entry.Consent.IsEmpty || State.Map.Entries.Length == 1)
            ),
        ];
        ImmutableArray<Identifier> held =
        [
            .. request.Identifiers.Where(identifier => State.Map.Holds(identifier) && !inUse.Contains(identifier)),
        ];
        if (!held.IsEmpty)
        {
            await decisionLog.AppendAsync(
                [DecisionRecords.Unlinked(Id, held, request.JobId, request.At, Rules.Version)],
                CancellationToken.None
            );
            ProfileMap before = State.Map;
            State.Map = before.Split(held.ToHashSet()).Stays;
            Cause(CustomerEffects.OfChange(Id, before, State.Map, CauseOf(request.JobId), time.GetUtcNow()));
            IdentityChanged();
            await SaveNow();
        }

        await LetGoFenced([
            .. request.Identifiers.Where(identifier => !State.Map.Holds(identifier) && LeavingFor(identifier) is null),
        ]);
        return new UnlinkReply(null, inUse);
    }

    /// <summary>One message or job may change a customer more than once: with the revision each change is another cause.</summary>
    private string CauseOf(string id) => string.Create(null, $"{id}:{State.Revision}");

    /// <summary>Claims an identifier, and counts the message's anchor in its degree.</summary>
    private Task<string> Claim(Identifier identifier, Identifier anchor, IdentityRules by)
    {
        IIdentifierGrain grain = GrainOf(identifier);
        return Containment.Counts(identifier, anchor, by)
            ? grain.ClaimTied(Id, anchor, by.Find(identifier.Type)!.QuarantineDegree!.Value)
            : grain.Claim(Id);
    }

    private static CustomerFacts FactsOf(CustomerState state, string customerId, IdentityRules by) =>
        new(customerId, [.. state.Map.Entries.Select(entry => entry.Held)])
        {
            Separations = state.Separations,
            IsOversized = state.IsOversized,
            IdentifiersMax = by.ProfileIdentifiersMax,
        };
}
