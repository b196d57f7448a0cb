using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What a customer owns: taking identifiers on.</summary>
public sealed partial class CustomerGrain
{
    private CustomerFacts Facts =>
        new(Id, [.. State.Map.Entries.Select(entry => new HeldIdentifier(entry.Identifier, entry.Evidence.At))])
        {
            Separations = State.Separations,
            IsOversized = State.IsOversized,
            IdentifiersMax = rules.ProfileIdentifiersMax,
        };

    public Task<CustomerIdentity> GetIdentity() => Task.FromResult(new CustomerIdentity(State.MovedTo, Facts));

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

        Decline(request.Declined);
        // Once: all that is asked of this request is asked of the same rules.
        IdentityRules by = rules;
        (List<Identifier> wanted, ImmutableArray<Identifier> overLimit) = WithinLimits(request, by);
        await Release([.. overLimit, .. Unlisted(request.Declined)]);
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
                return new LinkReply(null, [.. lost], overLimit);
            }
        }

        await ClaimInto(wanted, request.Identifiers[0], by, claimed, lost);
        if (claimed.Count > 0)
        {
            await TakeOn(claimed, created, request, by);
        }

        return new LinkReply(null, [.. lost], overLimit);
    }

    public async Task<bool> LetGo(ImmutableArray<Identifier> identifiers)
    {
        ImmutableArray<Identifier> unlisted = State.MovedTo is null ? Unlisted(identifiers) : [];
        await Release(unlisted);
        return !unlisted.IsEmpty;
    }

    private ImmutableArray<Identifier> Unlisted(ImmutableArray<Identifier> identifiers) =>
        [.. identifiers.Where(identifier => !State.Map.Holds(identifier) && LeavingFor(identifier) is null)];

    private (List<Identifier> Wanted, ImmutableArray<Identifier> OverLimit) WithinLimits(
        LinkRequest request,
        IdentityRules by
    )
    {
        List<Identifier> wanted = [];
        ImmutableArray<Identifier> overLimit = [];
        CustomerFacts[] facts = [Facts with { IsOversized = request.JobId is null && State.IsOversized }];
        foreach (Identifier identifier in request.Identifiers)
        {
            if (State.Map.Holds(identifier))
            {
                continue;
            }

            if (
                (
                    request.JobId is not null
                    || IdentifierLimits.Broken(facts, [.. wanted, identifier], request.At, by) is null
                )
                && RegionScope.Broken(facts, [.. wanted, identifier], by) is null
                && Separations.Broken(facts, [.. wanted, identifier]) is null
                && !ProfileSize.IsBroken(facts, [.. wanted, identifier])
            )
            {
                wanted.Add(identifier);
            }
            else
            {
                overLimit = overLimit.Add(identifier);
            }
        }

        return (wanted, overLimit);
    }

    /// <summary>
    /// Lets go of what was claimed before a crash, never listed, and would break a limit or a separation by now: its
    /// messages could reach nobody.
    /// </summary>
    private Task Release(IEnumerable<Identifier> unlisted) =>
        Task.WhenAll(
            unlisted.Select(identifier => GrainFactory.GetGrain<IIdentifierGrain>(identifier.ToString()).Release(Id))
        );

    private async Task ClaimInto(
        List<Identifier> wanted,
        Identifier anchor,
        IdentityRules by,
        List<Identifier> claimed,
        List<IdentifierOwner> lost
    )
    {
        string[] owners = await Task.WhenAll(wanted.Select(identifier => Claim(identifier, anchor, by)));
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
    private async Task<DecisionRecord[]> KeptApart(List<Identifier> claimed, LinkRequest request, IdentityRules by)
    {
        (Identifier Identifier, Identifier Twin)[] pairs =
        [
            .. claimed.SelectMany(identifier => RegionScope.Twins(identifier, by).Select(twin => (identifier, twin))),
        ];
        string?[] owners = await Task.WhenAll(
            pairs.Select(pair => GrainFactory.GetGrain<IIdentifierGrain>(pair.Twin.ToString()).GetOwner())
        );
        return
        [
            .. pairs
                .Zip(owners)
                .Where(one => one.Second is { } owner && owner != Id)
                .Select(one =>
                    CustomerDecisions.KeptApart(
                        Id,
                        one.First.Identifier,
                        one.First.Twin,
                        one.Second!,
                        request,
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
        DecisionRecord decision = CustomerDecisions.Linked(
            created,
            Id,
            claimed,
            request.MessageId,
            request.Source,
            request.At,
            request.RuleVersion,
            request.JobId
        );
        await decisionLog.AppendAsync([decision, .. await KeptApart(claimed, request, by)], CancellationToken.None);
        // A decision names the message's identifiers by priority, the anchor first.
        var evidence = new LinkEvidence(
            request.MessageId,
            request.Source,
            request.At,
            request.RuleVersion,
            request.Identifiers[0]
        );
        foreach (Identifier identifier in claimed)
        {
            State.Map = State.Map.Link(identifier, evidence);
        }

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
                && (entry.AppliedTo > 0 || State.Map.Entries.Length == 1)
            ),
        ];
        ImmutableArray<Identifier> held =
        [
            .. request.Identifiers.Where(identifier => State.Map.Holds(identifier) && !inUse.Contains(identifier)),
        ];
        if (!held.IsEmpty)
        {
            await decisionLog.AppendAsync(
                [CustomerDecisions.Unlinked(Id, held, request.JobId, request.At, rules.Version)],
                CancellationToken.None
            );
            State.Map = State.Map.Split(held.ToHashSet()).Stays;
            IdentityChanged();
            await SaveNow();
        }

        await Release([
            .. request.Identifiers.Where(identifier => !State.Map.Holds(identifier) && LeavingFor(identifier) is null),
        ]);
        return new UnlinkReply(null, inUse);
    }
}
