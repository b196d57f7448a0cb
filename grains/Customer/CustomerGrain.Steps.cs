using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Orleans.Storage;
using Step = Customer360.Rules.Identity.OwnerStep<Customer360.Rules.Profiles.ProfileMap>;

namespace Customer360.Grains;

/// <summary>
/// Merges and splits. What comes next is said by <see cref="MergeSteps"/> and <see cref="SplitSteps"/>; here it is done: written,
/// sent, and asked again with the answer. A customer calls older ones and identifiers only, so calls can't form a circle.
/// </summary>
public sealed partial class CustomerGrain
{
    private const int RepointBatch = 256;
    private static readonly TimeSpan s_reminderPeriod = TimeSpan.FromMinutes(1);

    private Ownership<ProfileMap> Ownership => State.OwnershipOf(Id);

    public async Task<MergeReply> MergeInto(MergeRequest request)
    {
        var merge = new MergeUnderWay(
            request.Into,
            request.MergeId,
            request.MessageId,
            request.Source,
            request.At,
            request.RuleVersion,
            request.Identifiers
        )
        {
            JobId = request.JobId,
            IsClaimed = request.IsClaimed,
        };
        return await CarryOut(MergeSteps.Begin(Ownership, merge, CustomerId.IsOlder(request.Into, Id))) switch
        {
            OwnerOutcome.MovedBefore moved => new MergeReply(moved.To, null, WaitFor: null, moved.MergeId),
            OwnerOutcome.Merged merged => new MergeReply(merged.Into, null, WaitFor: null, merged.MergeId),
            OwnerOutcome.MergeRefused refused => new MergeReply(null, refused.Code),
            OwnerOutcome.MergeNotBegun refusal => new MergeReply(null, refusal.Refusal.Code, refusal.WaitFor),
            var other => throw Unexpected(other),
        };
    }

    public async Task<AbsorbReply> Absorb(AbsorbRequest request)
    {
        CustomerState younger = CustomerStateCodec.Decode(request.StateJson);
        IdentityRules by = Rules;
        ImmutableArray<Step> steps = MergeSteps.Absorb(
            Ownership,
            younger.OwnershipOf(request.From),
            request.MergeId,
            () => ObjectionTo(younger, request, by),
            by.Version,
            time.GetUtcNow()
        );
        if (!State.Absorbed.Contains(request.MergeId) && steps.OfType<Step.Save>().Any(TakesIn))
        {
            _audiences.Carry(younger.Audiences, request.MergeId);
        }

        bool TakesIn(Step.Save save) => save.State.Absorbed.Contains(request.MergeId);
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

    public async Task<string?> Forward(ImmutableArray<Identifier> identifiers)
    {
        await CarryOut([.. MergeSteps.Forward(Ownership, identifiers), new Step.End(new OwnerOutcome.Confirmed())]);
        return State.MovedTo;
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
        return ReplyOf(await CarryOut(SplitSteps.Begin(Ownership, For(split, request.JobId, request.Stays))));
    }

    public async Task<SplitReply> UndoMerge(UndoRequest request)
    {
        var split = new SplitUnderWay(
            request.SplitId,
            From: "",
            request.Brought,
            request.MergeId,
            request.Reason,
            request.By,
            request.At,
            SeparationId: null
        );
        return ReplyOf(await CarryOut(SplitSteps.Undo(Ownership, For(split, request.JobId, request.Stays))));
    }

    public async Task<ReleaseReply> ReleaseTo(ReleaseRequest request)
    {
        var asked = new SplitUnderWay(
            request.SplitId,
            Id,
            request.Identifiers,
            request.MergeId,
            request.Reason,
            request.By,
            request.At,
            SeparationId: null
        );
        SplitUnderWay split = For(asked, request.JobId, request.Stays);
        ImmutableArray<Step> steps = SplitSteps.Release(
            Ownership,
            split,
            request.To,
            request.IsRehearsal,
            () => PartsOf(split)
        );
        return await CarryOut(steps) switch
        {
            OwnerOutcome.Released<ProfileMap> { Release: var release } => new ReleaseReply(
                null,
                null,
                release.SeparationId,
                CustomerStateCodec.Encode(
                    new CustomerState
                    {
                        Map = release.Held,
                        Separations = release.Separations,
                        Audiences = new CustomerAudienceState
                        {
                            Standings = State.Audiences.Released.GetValueOrDefault(
                                release.SplitId,
                                AudienceStandings.Empty
                            ),
                        },
                    }
                )
            ),
            OwnerOutcome.ReleaseAllowed => new ReleaseReply(null, null, "", default),
            OwnerOutcome.ReleaseRefused refused => new ReleaseReply(null, refused.Code, "", default),
            OwnerOutcome.MovedBefore moved => new ReleaseReply(moved.To, null, "", default),
            var other => throw Unexpected(other),
        };
    }

    public Task ConfirmRelease(string splitId) => CarryOut(SplitSteps.Confirm(Ownership, splitId));

    /// <summary>A merge or a split was resumed by this very activation, if there was one to resume.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) =>
        reminderName == AudienceReminder ? ReceiveAudienceReminder() : EndReminder(reminderName);

    /// <summary>The customer that is taking this identifier over, or null.</summary>
    private string? LeavingFor(Identifier identifier)
    {
        foreach (PendingRelease<ProfileMap> release in State.Releases)
        {
            if (release.Held.Holds(identifier))
            {
                return release.To;
            }
        }

        return null;
    }

    private async Task<OwnerOutcome> CarryOut(ImmutableArray<Step> steps)
    {
        try
        {
            OwnerOutcome outcome = await OwnerSteps.CarryOut(steps, Do);
            Tell(outcome);
            return outcome;
        }
        catch
        {
            if (State.Status == OwnerStatus.Sealed || State.Split is not null)
            {
                // Half of it is done. The next activation reads where we stand and goes on before it answers anyone.
                GiveUp();
            }

            throw;
        }
    }

    /// <summary>Does it, and says what an answer leads to; of what has no answer nothing.</summary>
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
                await decisionLog.AppendAsync([record.Decision], CancellationToken.None);
                return [];
            case Step.Save save:
                await Save(save);
                return [];
            case Step.AskToAbsorb ask:
                (AbsorbAnswer absorbed, long since) = await AskToAbsorb(ask.Older);
                return MergeSteps.Next(Ownership, absorbed, since);
            case Step.Repoint repoint:
                await Repoint(repoint);
                return [];
            case Step.AskToForward ask:
                string? movedTo = await Customer(ask.Older).Forward(ask.Identifiers);
                return MergeSteps.Next(Ownership, new ForwardAnswer(movedTo));
            case Step.AskToRelease ask:
                ReleaseAnswer<ProfileMap> released = await AskToRelease(ask);
                return SplitSteps.Next(Ownership, ask, released);
            case Step.FindRecord find:
                var recorded = await decisionLog.FindAsync(find.Split.SplitId, CancellationToken.None);
                return SplitSteps.Next(Ownership, find, recorded, Rules.Version);
            case Step.Take take:
                await Take(take);
                return [];
            case Step.Confirm confirm:
                await Customer(confirm.Older).ConfirmRelease(confirm.SplitId);
                return [];
            default:
                throw new InvalidOperationException($"Nobody knows how to do the step {step.GetType().Name}.");
        }
    }

    private Task Save(Step.Save save)
    {
        _audiences.Follow(save.State);
        Cause(CustomerEffects.OfStep(Ownership, save.State, routes.Demand, time.GetUtcNow()));
        State.Become(save.State);
        _show.Forget();
        if (save.WeighsAnew)
        {
            WeighAnew();
        }

        return SaveNow();
    }

    private async Task<(AbsorbAnswer Answer, long Since)> AskToAbsorb(string older)
    {
        AbsorbReply reply = await Customer(older)
            .Absorb(new AbsorbRequest(Id, State.Merge!.MergeId, CustomerStateCodec.Encode(State)));
        return (new AbsorbAnswer(reply.MovedTo, reply.Refused, reply.RuleVersion), reply.Revision);
    }

    private async Task<ReleaseAnswer<ProfileMap>> AskToRelease(Step.AskToRelease ask)
    {
        SplitUnderWay split = ask.Split;
        ReleaseReply reply = await Customer(split.From)
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
        CustomerState given = reply.StateJson.IsEmpty
            ? new CustomerState()
            : CustomerStateCodec.Decode(reply.StateJson);
        _audiences.Carry(given.Audiences, split.SplitId);
        return new ReleaseAnswer<ProfileMap>(
            reply.MovedTo,
            reply.Refused,
            reply.SeparationId,
            given.Map,
            given.Separations
        );
    }

    private async Task Repoint(Step.Repoint step)
    {
        foreach (Identifier[] batch in step.Identifiers.Chunk(RepointBatch))
        {
            await Task.WhenAll(
                batch.Select(identifier => GrainOf(identifier).Repoint(Id, step.To, step.AsOf, step.Since))
            );
        }
    }

    private async Task Take(Step.Take step)
    {
        foreach (Identifier[] batch in step.Identifiers.Chunk(RepointBatch))
        {
            await Task.WhenAll(batch.Select(identifier => Take(identifier, step)));
        }
    }

    private async Task Take(Identifier identifier, Step.Take step)
    {
        IIdentifierGrain grain = GrainOf(identifier);
        string? owner = await Repoint(step.From);
        while (owner != Id)
        {
            if (owner is null && suppressions.IsSuppressed(identifier))
            {
                // It was erased meanwhile, so it is nobody's and stays so. What we hold of it goes when the erasure looks through the states.
                return;
            }

            owner = owner is null ? await grain.Claim(Id) : await Repoint(owner);
        }

        async Task<string?> Repoint(string from)
        {
            string? now = await grain.Repoint(from, Id, IIdentifierGrain.Taken, step.Since);
            return now != from
                ? now
                : throw new InconsistentStateException(
                    "The split has been ended by another activation, and the identifier has left since."
                );
        }
    }

    private JoinObjection? ObjectionTo(CustomerState younger, AbsorbRequest request, IdentityRules by)
    {
        MergeUnderWay merge = younger.Merge!;
        CustomerFacts facts = FactsOf(younger, request.From, by);
        if (merge.JobId is null)
        {
            return JoinCheck.OfMerge(
                FactsOf(State, Id, by),
                facts,
                merge.Identifiers,
                merge.At,
                by,
                asksLimits: true,
                merge.IsClaimed
            );
        }

        // A job has decided the whole log by the rules in force: which limits were broken when is in its decision. Too large is
        // what the two would be, not what one of them was by other rules.
        bool isOversized = State.StoredBytes + request.StateJson.Length > options.Value.ProfileBytesMax;
        return JoinCheck.OfMerge(
            FactsOf(State, Id, by) with
            {
                IsOversized = isOversized,
            },
            facts with
            {
                IsOversized = false,
            },
            merge.Identifiers,
            merge.At,
            by,
            asksLimits: false,
            merge.IsClaimed
        );
    }

    private Outcome<Parts<ProfileMap>> PartsOf(SplitUnderWay split) =>
        split.MergeId is null && split.JobId is null
            ? SplitRule.Decide(State.Map, split.Identifiers)
            : SplitRule.Undo(State.Map, split.Identifiers, split.Stays);

    private void Tell(OwnerOutcome outcome)
    {
        switch (outcome)
        {
            case OwnerOutcome.Merged merged:
                GridInstruments.Merges.Add(1);
                logger.Merged(Id, merged.Into, merged.MergeId);
                LookAtLeads(merged.MergeId, merged.Into);
                break;
            case OwnerOutcome.MergeRefused refused:
                logger.MergeRefused(Id, refused.MergeId, refused.Code);
                break;
            case OwnerOutcome.Split { IsRepeat: false } split:
                GridInstruments.Splits.Add(1);
                logger.Split(Id, split.From, split.SplitId);
                LookAtLeads(split.SplitId, Id, split.From);
                break;
            default:
                break;
        }
    }

    private SplitReply ReplyOf(OwnerOutcome outcome) =>
        outcome switch
        {
            OwnerOutcome.Split split => new SplitReply(
                null,
                null,
                split.From,
                Id,
                split.SeparationId,
                split.Identifiers
            ),
            OwnerOutcome.SplitElsewhere moved => new SplitReply(null, moved.MovedTo, moved.From, Id, "", []),
            OwnerOutcome.SplitRefused refused => new SplitReply(refused.Code, null, "", Id, "", []),
            _ => throw Unexpected(outcome),
        };

    private async Task EndReminder(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private ICustomerGrain Customer(string customerId) => GrainFactory.GetGrain<ICustomerGrain>(customerId);

    private IIdentifierGrain GrainOf(Identifier identifier) =>
        GrainFactory.GetGrain<IIdentifierGrain>(identifier.ToString());

    private static SplitUnderWay For(SplitUnderWay split, string? jobId, ImmutableArray<Identifier> stays) =>
        split with
        {
            JobId = jobId,
            Stays = stays.IsDefault ? [] : stays,
        };

    private static InvalidOperationException Unexpected(OwnerOutcome outcome) =>
        new($"A step can't come to {outcome.GetType().Name} here.");
}
