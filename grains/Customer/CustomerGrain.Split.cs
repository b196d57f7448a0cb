using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// Splits, and merges taken back (blueprint, section 5). Driven by the younger customer, the one that gets the identifiers:
/// note down the intent, have the older one release them, keep them, repoint each, confirm. Each step is written before
/// the next, may be repeated, and is taken up again by the younger one's next activation or its reminder.
/// </summary>
/// <remarks>
/// Between release and confirmation the older customer keeps what it gave away (<see cref="PendingRelease"/>): whatever
/// crashes, the entries are with one of the two, and neither takes an identifier back that is on its way.
/// </remarks>
public sealed partial class CustomerGrain
{
    private const string SplitReminder = "split";

    public async Task<SplitReply> SplitFrom(SplitRequest request)
    {
        if (State.MovedTo is null && State.Map.Entries.IsEmpty)
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
            )
            {
                JobId = request.JobId,
                Stays = request.Stays.IsDefault ? [] : request.Stays,
            };
            return await Begin(split);
        }

        // A repeat: done by now, since an activation finishes what it finds before it answers. What was taken over may have
        // been merged or split on since, so the answer is worked out and not looked up.
        return Done(request.From, SeparationIdOf(request.SplitId, request.JobId), request.Identifiers);
    }

    public async Task<SplitReply> UndoMerge(UndoRequest request)
    {
        if (State.MovedTo is null || (State.RetiredBy is { } last && last != request.MergeId))
        {
            return Refused(new MergeAlreadyUndone().Code);
        }

        return await Begin(
            new SplitUnderWay(
                request.SplitId,
                State.MovedTo,
                request.Brought,
                request.MergeId,
                request.Reason,
                request.By,
                request.At,
                SeparationId: null
            )
            {
                JobId = request.JobId,
                Stays = request.Stays.IsDefault ? [] : request.Stays,
            }
        );
    }

    public async Task<ReleaseReply> ReleaseTo(ReleaseRequest request)
    {
        if (State.Releases.FirstOrDefault(one => one.SplitId == request.SplitId) is { } pending)
        {
            return Released(pending);
        }

        if (State.MovedTo is { } movedTo)
        {
            return new ReleaseReply(movedTo, null, "", default);
        }

        Outcome<ProfileParts> outcome =
            request.MergeId is null && request.JobId is null
                ? SplitRule.Decide(State.Map, request.Identifiers)
                : SplitRule.Undo(State.Map, request.Identifiers, request.Stays.IsDefault ? [] : request.Stays);
        if (!outcome.Succeeded)
        {
            return new ReleaseReply(null, outcome.Refusal.Code, "", default);
        }

        if (request.IsRehearsal)
        {
            return new ReleaseReply(null, null, "", default);
        }

        ProfileParts parts = outcome.Value;
        var separation = new Separation(
            SeparationIdOf(request.SplitId, request.JobId),
            IdentifiersOf(parts.Leaves),
            IdentifiersOf(parts.Stays)
        );
        await decisionLog.AppendAsync(
            [CustomerDecisions.Split(Id, request, separation, rules.Version, await RecordIdOf(request, separation))],
            CancellationToken.None
        );
        // A job's split leaves none: it would keep apart for ever what other rules, or a roll back, join again.
        ImmutableArray<Separation> all = request.JobId is null ? [.. State.Separations, separation] : State.Separations;
        var release = new PendingRelease(
            request.SplitId,
            request.To,
            separation.Id,
            parts.Leaves,
            Separations.About(all, separation.One)
        );
        State.Releases = [.. State.Releases, release];
        State.Separations = Separations.About(all, separation.Other);
        // The messages that leave are made up for, so that no reader sees the version go back.
        State.Revision += parts.Leaves.MessageCount;
        State.Map = parts.Stays;
        State.Absorbed = request.MergeId is { } undone ? State.Absorbed.Remove(undone) : State.Absorbed;
        IdentityChanged();
        if (request.JobId is not null)
        {
            WeighAnew();
        }

        await SaveNow();
        return Released(release);
    }

    /// <summary>
    /// The split's id, unless a release that a crash broke off has recorded other identifiers under it: what was linked since
    /// leaves too, and must be explained too.
    /// </summary>
    private async Task<string> RecordIdOf(ReleaseRequest request, Separation separation)
    {
        DecisionRecord? recorded = await decisionLog.FindAsync(request.SplitId, CancellationToken.None);
        return
            recorded is null
            || CustomerDecisions.IdentifiersOf(recorded).SetEquals(separation.One.Select(one => $"{one}"))
            ? request.SplitId
            : CustomerDecisions.IdOf("split", request.SplitId, string.Join('\n', separation.One));
    }

    public async Task ConfirmRelease(string splitId)
    {
        ImmutableArray<PendingRelease> left = [.. State.Releases.Where(one => one.SplitId != splitId)];
        if (left.Length < State.Releases.Length)
        {
            State.Releases = left;
            await SaveNow();
        }
    }

    /// <summary>The customer that is taking this identifier over, or null.</summary>
    private string? LeavingFor(Identifier identifier)
    {
        foreach (PendingRelease release in State.Releases)
        {
            if (release.Map.Holds(identifier))
            {
                return release.To;
            }
        }

        return null;
    }

    private async Task<SplitReply> Begin(SplitUnderWay split)
    {
        // Asked before anything is written: a refusal leaves no trace.
        ReleaseReply rehearsal = await Ask(split, isRehearsal: true);
        if (RefusalOf(split, rehearsal) is { } refused)
        {
            return refused;
        }

        await this.RegisterOrUpdateReminder(SplitReminder, s_reminderPeriod, s_reminderPeriod);
        State.Split = split;
        await SaveNow();
        return await ContinueSplit();
    }

    private async Task<SplitReply> ContinueSplit()
    {
        try
        {
            SplitUnderWay split = State.Split!;
            if (split.SeparationId is null)
            {
                ReleaseReply reply = await Ask(split, isRehearsal: false);
                if (RefusalOf(split, reply) is { } refused)
                {
                    State.Split = null;
                    await SaveNow();
                    await EndReminder(SplitReminder);
                    return refused;
                }

                split = await Keep(split, reply);
            }

            // We had nothing before, and answer nobody before this is over: what we hold is what we were given.
            ImmutableArray<Identifier> identifiers = IdentifiersOf(State.Map);
            await RepointHere(identifiers, split.From);
            await GrainFactory.GetGrain<ICustomerGrain>(split.From).ConfirmRelease(split.SplitId);
            State.Split = null;
            await SaveNow();
            await EndReminder(SplitReminder);
            GridInstruments.Splits.Add(1);
            logger.Split(Id, split.From, split.SplitId);
            return Done(split.From, split.SeparationId!, identifiers);
        }
        catch
        {
            // Half of it is done. The next activation reads where we stand and goes on before it answers anyone.
            DeactivateOnIdle();
            throw;
        }
    }

    private Task<ReleaseReply> Ask(SplitUnderWay split, bool isRehearsal) =>
        GrainFactory
            .GetGrain<ICustomerGrain>(split.From)
            .ReleaseTo(
                new ReleaseRequest(
                    split.SplitId,
                    Id,
                    split.Identifiers,
                    split.MergeId,
                    split.Reason,
                    split.By,
                    split.At,
                    isRehearsal,
                    split.JobId,
                    split.Stays
                )
            );

    /// <summary>
    /// Why it goes no further. A customer that has moved is asked for by its new name by whoever asked us; an undoing ends
    /// there, since what the later merge joined it must not take apart.
    /// </summary>
    private SplitReply? RefusalOf(SplitUnderWay split, ReleaseReply reply) =>
        reply switch
        {
            { MovedTo: not null } when split.MergeId is not null => Refused(new MergeUnderLaterMerge().Code),
            { MovedTo: { } movedTo } => new SplitReply(null, movedTo, split.From, Id, "", []),
            { Refused: { } code } => Refused(code),
            _ => null,
        };

    private async Task<SplitUnderWay> Keep(SplitUnderWay split, ReleaseReply reply)
    {
        CustomerState given = Decode(reply.StateJson);
        State.Map = ProfileMap.Union(State.Map, given.Map);
        State.Separations = Separations.Union(State.Separations, given.Separations);
        State.Status = CustomerStatus.Live;
        State.MovedTo = null;
        State.RetiredBy = null;
        split = split with { SeparationId = reply.SeparationId };
        State.Split = split;
        IdentityChanged();
        await SaveNow();
        return split;
    }

    /// <summary>
    /// We list them now, so whoever is written down as their owner no longer is: mostly the customer that gave them, or one
    /// whose own merge into it has not come to its repointing yet.
    /// </summary>
    private async Task RepointHere(ImmutableArray<Identifier> identifiers, string from)
    {
        foreach (Identifier[] batch in identifiers.Chunk(RepointBatch))
        {
            await Task.WhenAll(batch.Select(identifier => RepointHere(identifier, from)));
        }
    }

    private async Task RepointHere(Identifier identifier, string from)
    {
        IIdentifierGrain grain = GrainFactory.GetGrain<IIdentifierGrain>(identifier.ToString());
        string? owner = await grain.Repoint(from, Id);
        while (owner != Id)
        {
            owner = owner is null ? await grain.Claim(Id) : await grain.Repoint(owner, Id);
        }
    }

    private static ReleaseReply Released(PendingRelease release) =>
        new(
            null,
            null,
            release.SeparationId,
            Encode(new CustomerState { Map = release.Map, Separations = release.Separations })
        );

    /// <summary>Empty for a job's split, which makes none.</summary>
    private static string SeparationIdOf(string splitId, string? jobId) =>
        jobId is null ? CustomerDecisions.SeparationId(splitId) : "";

    private static ImmutableArray<Identifier> IdentifiersOf(ProfileMap map) =>
        [.. map.Entries.Select(entry => entry.Identifier)];

    private SplitReply Done(string from, string separationId, ImmutableArray<Identifier> identifiers) =>
        new(null, null, from, Id, separationId, identifiers);

    private SplitReply Refused(string code) => new(code, null, "", Id, "", []);
}
