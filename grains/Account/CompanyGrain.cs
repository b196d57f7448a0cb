using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Mastership;
using Orleans.Storage;
using Step = Customer360.Rules.Identity.OwnerStep<Customer360.Rules.Accounts.GroupSet>;

namespace Customer360.Grains;

/// <inheritdoc cref="ICompanyGrain"/>
/// <remarks>
/// What comes next in a merge or a split is said by <see cref="MergeSteps"/> and <see cref="SplitSteps"/>, as for customers; here it is
/// done. An activation that finds itself sealed, or in a split, finishes that before it answers anyone.
/// </remarks>
[GrainType("company")]
public sealed class CompanyGrain(
    [PersistentState(GrainKeys.CompanyState, GrainKeys.Storage)] IPersistentState<CompanyState> stored,
    IDecisionLog decisionLog,
    IPolicy<MastershipPolicy> mastership,
    IGrainFactory grains,
    LeadWatch watch,
    TimeProvider time
) : Grain, ICompanyGrain, IRemindable
{
    private static readonly TimeSpan s_reminderPeriod = TimeSpan.FromMinutes(1);

    private readonly AccountShow _show = new(mastership, grains, time);
    private readonly CompanyLeads _leads = new(grains, watch);

    private string Id => this.GetPrimaryKeyString();

    private Ownership<GroupSet> Ownership =>
        stored.State.Ownership
        ?? new Ownership<GroupSet>(Id, CompanyId.GroupIn(Id) is { } groupId ? GroupSet.Of(groupId) : GroupSet.Empty);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Ownership.Status == OwnerStatus.Sealed)
        {
            await CarryOut(MergeSteps.Resume(Ownership));
        }

        if (Ownership.Split is not null)
        {
            await CarryOut(SplitSteps.Resume(Ownership));
        }
    }

    public Task<CompanyGroups> GetGroups()
    {
        if (!stored.RecordExists)
        {
            // Anyone may ask for any: what was never joined does not stay in memory for that.
            DeactivateOnIdle();
        }

        return Task.FromResult(new CompanyGroups(Ownership.MovedTo, [.. Ownership.Held.GroupIds]));
    }

    public async Task<CompanyReply> GetAccount(AccountQuery query)
    {
        Ownership<GroupSet> owner = Ownership;
        if (owner.MovedTo is { } movedTo)
        {
            return new CompanyReply(movedTo, null);
        }

        string[] groupIds = [.. owner.Held.GroupIds];
        AccountFoldReply[] folds = await Task.WhenAll(
            groupIds.Select(id => grains.GetGrain<IAccountGrain>(id).GetFold())
        );
        long revision = folds.Sum(one => one.Revision);
        if (revision == 0)
        {
            return new CompanyReply(null, null);
        }

        AccountFold[] known =
        [
            .. folds.Where(one => one.Revision > 0).Select(one => AccountStateCodec.ReadFold(one.FoldJson)),
        ];
        return new CompanyReply(null, await _show.Of([.. groupIds], known, revision + owner.Revision, query));
    }

    public async Task<CompanyMerged> MergeInto(CompanyMerge request)
    {
        var merge = new MergeUnderWay(
            request.Into,
            request.MergeId,
            request.MessageId,
            request.Source,
            request.At,
            CompanyRules.Version,
            Ownership.Held.Identifiers
        );
        return await CarryOut(MergeSteps.Begin(Ownership, merge, CompanyId.IsOlder(request.Into, Id))) switch
        {
            OwnerOutcome.MovedBefore moved => new CompanyMerged(moved.To, null, null),
            OwnerOutcome.Merged merged => new CompanyMerged(merged.Into, null, null),
            OwnerOutcome.MergeRefused refused => new CompanyMerged(null, refused.Code, null),
            OwnerOutcome.MergeNotBegun refusal => new CompanyMerged(null, refusal.Refusal.Code, refusal.WaitFor),
            var other => throw Unexpected(other),
        };
    }

    public async Task<AbsorbReply> Absorb(AbsorbRequest request)
    {
        Ownership<GroupSet> younger = CompanyStateCodec.Decode(request.StateJson);
        if (CompanyId.GroupIn(Id) is { } own && Ownership.Held.Holds(CompanyId.GroupOf(own)))
        {
            // Until now nobody had to know that there is a company behind it: from here on readers ask here.
            await Group(CompanyId.GroupOf(own)).Repoint(Id, Id, Ownership.Revision, Ownership.Revision);
        }

        ImmutableArray<Step> steps = MergeSteps.Absorb(
            Ownership,
            younger,
            request.MergeId,
            () => CompanyRules.ObjectionTo(Ownership, younger),
            CompanyRules.Version,
            time.GetUtcNow()
        );
        return await CarryOut(steps) switch
        {
            OwnerOutcome.Absorbed { Answer: var answer, Revision: var revision } => new AbsorbReply(
                answer.MovedTo,
                answer.Refused,
                answer.RuleVersion,
                revision
            ),
            OwnerOutcome.LostRace lost => throw new InconsistentStateException(
                $"The merge {lost.MergeId} is over, and was taken back."
            ),
            var other => throw Unexpected(other),
        };
    }

    public async Task<string?> Forward(ImmutableArray<Identifier> groups)
    {
        await CarryOut([.. MergeSteps.Forward(Ownership, groups), new Step.End(new OwnerOutcome.Confirmed())]);
        return Ownership.MovedTo;
    }

    public async Task<SplitReply> SplitFrom(SplitRequest request)
    {
        var split = new SplitUnderWay(
            request.SplitId,
            request.From,
            request.Identifiers,
            MergeId: null,
            request.Reason,
            request.By,
            request.At,
            SeparationId: null
        );
        return await CarryOut(SplitSteps.Begin(Ownership, split)) switch
        {
            OwnerOutcome.Split done => new SplitReply(null, null, done.From, Id, done.SeparationId, done.Identifiers),
            OwnerOutcome.SplitElsewhere moved => new SplitReply(null, moved.MovedTo, moved.From, Id, "", []),
            OwnerOutcome.SplitRefused refused => new SplitReply(refused.Code, null, "", Id, "", []),
            var other => throw Unexpected(other),
        };
    }

    public async Task<ReleaseReply> ReleaseTo(ReleaseRequest request)
    {
        var split = new SplitUnderWay(
            request.SplitId,
            Id,
            request.Identifiers,
            MergeId: null,
            request.Reason,
            request.By,
            request.At,
            SeparationId: null
        );
        ImmutableArray<Step> steps = SplitSteps.Release(
            Ownership,
            split,
            request.To,
            request.IsRehearsal,
            () => CompanyRules.Split(Ownership.Held, split.Identifiers)
        );
        return await CarryOut(steps) switch
        {
            OwnerOutcome.Released<GroupSet> { Release: var release } => new ReleaseReply(
                null,
                null,
                release.SeparationId,
                CompanyStateCodec.Encode(
                    new Ownership<GroupSet>(Id, release.Held) { Separations = release.Separations }
                )
            ),
            OwnerOutcome.ReleaseAllowed => new ReleaseReply(null, null, "", default),
            OwnerOutcome.ReleaseRefused refused => new ReleaseReply(null, refused.Code, "", default),
            OwnerOutcome.MovedBefore moved => new ReleaseReply(moved.To, null, "", default),
            var other => throw Unexpected(other),
        };
    }

    public Task ConfirmRelease(string splitId) => CarryOut(SplitSteps.Confirm(Ownership, splitId));

    /// <summary>What there was to resume, this very activation has resumed.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => EndReminder(reminderName);

    private async Task<OwnerOutcome> CarryOut(ImmutableArray<Step> steps)
    {
        try
        {
            OwnerOutcome outcome = await OwnerSteps.CarryOut(steps, Do);
            LookAtLeads(outcome);
            return outcome;
        }
        catch
        {
            if (Ownership.Status == OwnerStatus.Sealed || Ownership.Split is not null)
            {
                // Half of it is done. The next activation reads where we stand and goes on before it answers anyone.
                DeactivateOnIdle();
            }

            throw;
        }
    }

    private void LookAtLeads(OwnerOutcome outcome)
    {
        if (outcome is OwnerOutcome.Merged merged)
        {
            _leads.LookSoon(merged.MergeId, merged.Into);
        }
        else if (outcome is OwnerOutcome.Split split)
        {
            _leads.LookSoon(split.SplitId, Id, split.From);
        }
    }

    private async Task<ImmutableArray<Step>> Do(Step step)
    {
        switch (step)
        {
            case Step.Remind remind:
                await this.RegisterOrUpdateReminder(OwnerSteps.NameOf(remind.Task), s_reminderPeriod, s_reminderPeriod);
                return [];
            case Step.EndReminder ended:
                await EndReminder(OwnerSteps.NameOf(ended.Task));
                return [];
            case Step.Record record:
                await decisionLog.AppendAsync([OfCompany(record.Decision)], CancellationToken.None);
                return [];
            case Step.Save save:
                await stored.SaveOrTakeBack(new CompanyState { Ownership = save.State }, this);
                return [];
            case Step.AskToAbsorb ask:
                AbsorbReply reply = await Company(ask.Older)
                    .Absorb(new AbsorbRequest(Id, Ownership.Merge!.MergeId, CompanyStateCodec.Encode(Ownership)));
                return MergeSteps.Next(
                    Ownership,
                    new AbsorbAnswer(reply.MovedTo, reply.Refused, reply.RuleVersion),
                    reply.Revision
                );
            case Step.Repoint repoint:
                await Task.WhenAll(
                    repoint.Identifiers.Select(one => Group(one).Repoint(Id, repoint.To, repoint.AsOf, repoint.Since))
                );
                return [];
            case Step.AskToForward ask:
                string? movedTo = await Company(ask.Older).Forward(ask.Identifiers);
                return MergeSteps.Next(Ownership, new ForwardAnswer(movedTo));
            case Step.AskToRelease ask:
                return SplitSteps.Next(Ownership, ask, await AskToRelease(ask));
            case Step.FindRecord find:
                DecisionRecord? recorded = await decisionLog.FindAsync(find.Split.SplitId, CancellationToken.None);
                return SplitSteps.Next(Ownership, find, recorded, CompanyRules.Version);
            case Step.Take take:
                await Task.WhenAll(take.Identifiers.Select(one => Take(Group(one), take)));
                return [];
            case Step.Confirm confirm:
                await Company(confirm.Older).ConfirmRelease(confirm.SplitId);
                return [];
            default:
                throw new InvalidOperationException($"Nobody knows how to do the step {step.GetType().Name}.");
        }
    }

    private async Task<ReleaseAnswer<GroupSet>> AskToRelease(Step.AskToRelease ask)
    {
        SplitUnderWay split = ask.Split;
        ReleaseReply reply = await Company(split.From)
            .ReleaseTo(
                new ReleaseRequest(
                    split.SplitId,
                    Id,
                    split.Identifiers,
                    split.MergeId,
                    split.Reason,
                    split.By,
                    split.At,
                    ask.IsRehearsal,
                    split.JobId,
                    split.Stays
                )
            );
        Ownership<GroupSet> given = reply.StateJson.IsEmpty
            ? new Ownership<GroupSet>(split.From, GroupSet.Empty)
            : CompanyStateCodec.Decode(reply.StateJson);
        return new ReleaseAnswer<GroupSet>(
            reply.MovedTo,
            reply.Refused,
            reply.SeparationId,
            given.Held,
            given.Separations
        );
    }

    private async Task Take(IAccountGrain group, Step.Take step)
    {
        string owner = await Repoint(step.From);
        while (owner != Id)
        {
            owner = await Repoint(owner);
        }

        async Task<string> Repoint(string from)
        {
            string now = await group.Repoint(from, Id, IIdentifierGrain.Taken, step.Since);
            return now != from
                ? now
                : throw new InconsistentStateException(
                    "The split has been ended by another activation, and the group has left since."
                );
        }
    }

    private async Task EndReminder(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private ICompanyGrain Company(string companyId) => grains.GetGrain<ICompanyGrain>(companyId);

    private IAccountGrain Group(Identifier group) => grains.GetGrain<IAccountGrain>(group.Value);

    /// <summary>
    /// Of a kind of its own: a rebuild repeats the decisions of customers, and these are none. A refusal is recorded once for each pair:
    /// a CRM goes on saying that it has merged what a steward has split, with each message.
    /// </summary>
    private static DecisionRecord OfCompany(DecisionRecord record)
    {
        string kind = $"company-{record.Kind}";
        return record with
        {
            Kind = kind,
            Id =
                record.Kind == DecisionKinds.Refused
                    ? DecisionId.Of(kind, record.CustomerId, record.OtherCustomerId!)
                    : record.Id,
        };
    }

    private static InvalidOperationException Unexpected(OwnerOutcome outcome) =>
        new($"A step can't come to {outcome.GetType().Name} here.");
}
