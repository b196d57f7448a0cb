using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Profiles.Names;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Customer360.Grains;

/// <inheritdoc cref="ICustomerGrain"/>
/// <remarks>
/// <para>
/// Folded messages are written to the state now and then, changes of identity at once. Nothing is lost in between: a
/// message is in the log before it comes here, and an activation reads what its stored state has not folded yet from
/// the log (<see cref="OnActivateAsync"/>). So a crash at any await costs reading, never a message, and each entry's
/// applied position sees to it that none counts twice.
/// </para>
/// <para>
/// An activation that answers is live or retired. One that finds itself sealed finishes its merge before it answers
/// anyone; one whose write failed is dropped, since only storage knows what became of it.
/// </para>
/// <para>
/// A cold one wakes on the silo that asks: that of the partition whose messages it folds, or the one that serves a reader.
/// </para>
/// </remarks>
[PreferLocalPlacement]
[GrainType("customer")]
public sealed partial class CustomerGrain(
    [PersistentState(GrainKeys.CustomerState, GrainKeys.Storage)] IPersistentState<CustomerState> stored,
    IEventLog eventLog,
    IDecisionLog decisionLog,
    IQuarantine quarantine,
    IPolicy<IdentityRules> source,
    IPolicy<MastershipPolicy> mastership,
    Suppressions suppressions,
    LeadWatch leads,
    AudiencePolicies audiencePolicies,
    EffectRoutes routes,
    ProfileShelf shelf,
    IdleWrites idleWrites,
    IOptions<GridOptions> options,
    TimeProvider time,
    ILogger<CustomerGrain> logger
) : Grain, ICustomerGrain, IRemindable
{
    private const int TailPage = 1_000;
    private static readonly Task<ApplyReply> s_done = Task.FromResult(ApplyReply.Done);

    private CustomerWriter _writer = null!;
    private CustomerShow _show = null!;
    private DeclinedIdentifiers _declined = null!;
    private CustomerAudiences _audiences = null!;

    /// <summary>A message was folded that had been set aside, and is not written yet.</summary>
    private bool _hasTakenBack;

    /// <summary>A message was folded that changes by which names it is found, and that is not written yet.</summary>
    private bool _hasOtherNames;

    /// <summary>The rules in force now: they may change while the grid runs.</summary>
    private IdentityRules Rules => source.Current;

    private CustomerState State => stored.State;

    private string Id => this.GetPrimaryKeyString();

    /// <summary>What has changed must be written before anybody takes it for done: others are told of it, or find the customer by it.</summary>
    private bool CausesAny => !State.Outbox.IsEmpty || (_hasOtherNames && State.OwesNames);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _show = new CustomerShow(Id, stored, shelf.Enter(Id), time);
        _writer = new CustomerWriter(Id, stored, idleWrites, options.Value, time, logger, GiveUp);
        _audiences = new CustomerAudiences(Id, stored, audiencePolicies, _show, time);
        _declined = new DeclinedIdentifiers(source, options.Value.DeclinedFor, time);
        if (State.Status == OwnerStatus.Sealed)
        {
            logger.ResumingMerge(Id, State.Merge!.MergeId);
            await CarryOut(MergeSteps.Resume(Ownership));
        }

        if (State.Split is { } split)
        {
            logger.ResumingSplit(Id, split.SplitId);
            await CarryOut(SplitSteps.Resume(Ownership));
        }

        if (State.Status == OwnerStatus.Live && State.Map.Entries.Length > 0)
        {
            // Before: whatever is read is folded as it was folded the first time.
            Weigh();
            await ReadTails(cancellationToken);
            if (_audiences.HasToDecide)
            {
                await DecideAudiences();
            }
        }

        if (CausesAny)
        {
            // A crash came between the log and the write of a message that causes something.
            await SaveNow();
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Before anything is awaited: the next activation may begin as soon as the engine gives this one up.
        _show.Leave();
        return _writer.AtEnd(reason, cancellationToken);
    }

    public Task<ApplyReply> Apply(ApplyRequest request)
    {
        if (State.MovedTo is { } movedTo)
        {
            return Task.FromResult(new ApplyReply(movedTo, [], []));
        }

        if (!_writer.OwnsState && State.Map.Entries.Length > 0)
        {
            return ApplyOwned(request);
        }

        List<int>? unowned = null;
        List<int>? unlinked = null;
        Task settling;
        try
        {
            for (int index = 0; index < request.Messages.Length; index++)
            {
                StoredEnvelope message = request.Messages[index];
                Envelope envelope = WithoutSuppressed(message.Envelope);
                if (!Fold(new LogPlace(message.Partition, message.Position), envelope))
                {
                    (unowned ??= []).Add(index);
                }
                else if (!HoldsAll(envelope))
                {
                    (unlinked ??= []).Add(index);
                }
            }

            Weigh();
            settling = SettleAudiences();
            if (settling.IsCompletedSuccessfully && !CausesAny)
            {
                _writer.Soon();
            }
        }
        finally
        {
            // Also where a message could not be folded: those before it are.
            _show.ShowFolded(isToBeWritten: _hasTakenBack);
        }

        ApplyReply? rest =
            unowned is null && unlinked is null ? null : new ApplyReply(null, [.. unowned ?? []], [.. unlinked ?? []]);
        return _hasTakenBack || CausesAny || !settling.IsCompletedSuccessfully
                ? WhenKept(settling, rest ?? ApplyReply.Done)
            : rest is null ? s_done
            : Task.FromResult(rest);
    }

    /// <summary>
    /// The first messages of an activation. What is folded is acknowledged before it is written, so the state must be this
    /// activation's alone: another one of this customer, which a lost directory has left running, may be giving the state
    /// away. Its next write is refused from here on; if it has written since we read, ours is, and we start over.
    /// </summary>
    private async Task<ApplyReply> ApplyOwned(ApplyRequest request)
    {
        await SaveNow();
        return await Apply(request);
    }

    /// <summary>
    /// Of messages that were set aside before. An activation reads from the log what lies behind the applied positions, and
    /// these lie before them: so the state is written before anybody crosses them off. Likewise of messages that cause something: what
    /// is told to others is stored, with the message, before the message counts as applied.
    /// </summary>
    private async Task<ApplyReply> WhenKept(Task settling, ApplyReply reply)
    {
        await settling;
        if (_hasTakenBack || CausesAny)
        {
            Weigh();
            await SaveNow();
            _hasTakenBack = false;
        }

        return reply;
    }

    /// <summary>Reads what the log has of each anchor behind its applied position: what a crash took from memory.</summary>
    private async Task ReadTails(CancellationToken cancellationToken)
    {
        // In rounds: usually one, with nothing in it. Each entry's rows come in their order, which Fold relies on.
        Dictionary<Identifier, long> open = State.Map.Entries.ToDictionary(
            entry => entry.Identifier,
            entry => entry.AppliedTo
        );
        while (open.Count > 0)
        {
            (Identifier Anchor, Task<ImmutableArray<LogRow>> Rows)[] reads =
            [
                .. open.Select(one =>
                    (one.Key, eventLog.ReadAnchorAsync(one.Key.ToString(), one.Value, TailPage, cancellationToken))
                ),
            ];
            await Task.WhenAll(reads.Select(read => read.Rows));
            foreach ((Identifier anchor, var rows) in reads)
            {
                foreach (LogRow row in await rows)
                {
                    await FoldRow(anchor, row);
                    open[anchor] = row.Position;
                }

                if ((await rows).Length < TailPage)
                {
                    open.Remove(anchor);
                }
            }
        }

        SaveSoon();
    }

    /// <summary>False where the anchor is not held. A message that is folded already changes nothing.</summary>
    private bool Fold(LogPlace place, Envelope envelope)
    {
        CustomerState state = State;
        ProfileMap before = state.Map;
        ProfileMap? folded = state.IsOversized
            ? FoldAggregates(place, envelope)
            : before.Fold(place, envelope, _audiences.Selection);
        if (folded is not { } after)
        {
            return false;
        }

        if (before != after)
        {
            _hasTakenBack |=
                before.TryGet(envelope.Anchor, out ProfileEntry? entry) && place.Position <= entry.AppliedTo;
            state.Map = after;
            if (!state.IsOversized)
            {
                _show.Learn(envelope, place);
            }

            _audiences.Hear(envelope, place);
            _hasOtherNames |= PersonNames.Concern(envelope.Traits) && state.OwesNames;
            _writer.Changed();
            Cause(CustomerEffects.OfMessage(Id, before, after, envelope, place, routes.Demand));
            State.Outbox = State.Outbox.AddRange(routes.CreditRowsOf(Id, before, after, envelope, place));
        }

        return true;
    }

    /// <summary>
    /// Whoever must be told of what has changed will be, once the change is written: call it before <see cref="SaveNow"/>, with effects
    /// whose ids follow from their cause.
    /// </summary>
    private void Cause(ImmutableArray<Effect> effects)
    {
        if (!effects.IsEmpty)
        {
            State.Outbox = State.Outbox.AddRange(routes.RowsOf(effects));
        }
    }

    private bool HoldsAll(Envelope envelope)
    {
        ProfileMap map = State.Map;
        // The anchor is held: the message has just been folded under it.
        for (int index = 1; index < envelope.Identifiers.Length; index++)
        {
            Identifier identifier = envelope.Identifiers[index];
            if (!map.Holds(identifier) && !_declined.Contains(identifier))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Folds a message of the log. One that can't be folded is set aside: it must not keep the customer from being
    /// activated, which would keep all its other messages away too.
    /// </summary>
    private async Task FoldRow(Identifier anchor, LogRow row)
    {
        try
        {
            Envelope envelope = EnvelopeReader.FromJson(row.Payload);
            if (!envelope.IsHeld)
            {
                Fold(new LogPlace(row.Partition, row.Position), WithoutSuppressed(envelope));
            }
        }
        catch (Exception error)
        {
            State.Map = State.Map.SetAside(row.Position, anchor);
            _writer.Changed();
            logger.NotFolded(Id, row.Partition, row.Position, error.GetType().Name);
            await quarantine.AddAsync(
                new QuarantinedMessage(row.Partition, row.Position, error.GetType().Name, time.GetUtcNow()),
                CancellationToken.None
            );
        }
    }

    /// <summary>
    /// Whoever was suppressed while a message was on its way, or stood in the log, is not mentioned in the fold: an erasure has told us
    /// to forget her, or will. What is the suppressed person's own is folded, and emptied with her.
    /// </summary>
    private Envelope WithoutSuppressed(Envelope envelope) => suppressions.Strip(envelope) ?? envelope;

    /// <summary>Folds a message into a profile that is too large for more than aggregates.</summary>
    private ProfileMap? FoldAggregates(LogPlace place, Envelope envelope)
    {
        if (!State.Map.TryGet(envelope.Anchor, out ProfileEntry? entry))
        {
            return null;
        }

        ProfileFold learned = AggregateFold.Of(entry.Fold, envelope, place);
        ProfileMap after = State.Map.Learn(place, envelope, learned, _audiences.Selection);
        if (after != State.Map)
        {
            _show.Learn(envelope, learned);
        }

        return after;
    }

    public async Task<string?> SetAside(Identifier anchor, long position)
    {
        if (State.MovedTo is { } movedTo)
        {
            return movedTo;
        }

        if (!State.Map.Holds(anchor))
        {
            // Claimed and not listed. Answering "done" would lose the message: nothing here would know that it is lacking.
            throw new InvalidOperationException("The customer does not hold the anchor of the message.");
        }

        ProfileMap after = State.Map.SetAside(position, anchor);
        if (after != State.Map)
        {
            State.Map = after;
            await SaveNow();
        }

        return null;
    }

    /// <summary>Sees whether the customer is too large (or no longer). Readers see the flag, so it is a new version.</summary>
    private void Weigh()
    {
        CustomerState state = State;
        bool isOversized = ProfileSize.IsOversized(
            state.IsOversized,
            state.Map.Entries.Length,
            Rules.ProfileIdentifiersMax,
            state.StoredBytes,
            options.Value.ProfileBytesMax
        );
        if (isOversized != state.IsOversized)
        {
            state.IsOversized = isOversized;
            state.Revision++;
            _writer.Changed();
            logger.Weighed(Id, isOversized, state.Map.Entries.Length, state.StoredBytes);
        }
    }

    /// <summary>
    /// As if it had never been too large: what a job leaves of it is what it would always have been under these rules, and the
    /// flag of before, which stays until it has half, would keep it from growing to what it may be.
    /// </summary>
    private void WeighAnew()
    {
        State.IsOversized = false;
        Weigh();
    }

    private void SaveSoon()
    {
        Weigh();
        _writer.Soon();
    }

    /// <summary>
    /// Writes a change of identity, which counts only when it is written. Readers find nothing meanwhile: they ask us, and wait.
    /// </summary>
    private async Task SaveNow()
    {
        _show.TakeOff();
        await DecideWithChange();
        await _writer.Now();
        State.Members = null;
        _hasOtherNames = false;
        _show.PutBack();
    }

    /// <param name="cause">What changed it, where it is not the identifiers.</param>
    private void IdentityChanged(string cause = "identity")
    {
        State.Revision++;
        _show.Forget();
        _audiences.HearOfAll(string.Create(null, $"{cause}:{State.Revision}"));
    }

    /// <summary>What is stored is not known here any more, or half of something is done: the next activation begins anew.</summary>
    private void GiveUp()
    {
        _show.Leave();
        DeactivateOnIdle();
    }
}
