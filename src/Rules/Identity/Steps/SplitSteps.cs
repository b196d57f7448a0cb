using System.Collections.Immutable;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Identity;

/// <summary>
/// A split, or a merge taken back, step by step. Driven by the younger owner, the one that gets the identifiers: note down the
/// intent, have the older one release them, keep them, make each ours, confirm.
/// </summary>
/// <remarks>
/// What the younger owner has written says where it stands: <see cref="Ownership{T}.Split"/>, without a separation's id until
/// the entries are its own. The older one keeps what it gave away (<see cref="PendingRelease{T}"/>) until it is confirmed, and
/// takes no identifier back that is on its way. Each step may be repeated.
/// </remarks>
public static class SplitSteps
{
    /// <summary>An owner that is not there yet is asked to take identifiers from an older one.</summary>
    public static ImmutableArray<OwnerStep<T>> Begin<T>(Ownership<T> owner, SplitUnderWay split)
        where T : IHoldings<T> =>
        owner.MovedTo is null && owner.Held.Identifiers.IsEmpty
            ? Rehearse<T>(split)
            // A repeat: done by now, since an activation finishes what it finds before it answers. What was taken over may have
            // been merged or split on since, so the answer is worked out and not looked up.
            : End<T>(
                new OwnerOutcome.Split(
                    split.SplitId,
                    split.From,
                    SeparationIdOf(split),
                    split.Identifiers,
                    IsRepeat: true
                )
            );

    /// <summary>A stub is asked to take back what it brought, and to be itself again.</summary>
    /// <param name="split">From whom is of no account: that stands in the stub.</param>
    public static ImmutableArray<OwnerStep<T>> Undo<T>(Ownership<T> owner, SplitUnderWay split)
        where T : IHoldings<T> =>
        owner.MovedTo is { } movedTo && (owner.RetiredBy is null || owner.RetiredBy == split.MergeId)
            ? Rehearse<T>(split with { From = movedTo })
            : End<T>(new OwnerOutcome.SplitRefused(new MergeAlreadyUndone().Code));

    /// <summary>An activation finds a split under way.</summary>
    public static ImmutableArray<OwnerStep<T>> Resume<T>(Ownership<T> owner)
        where T : IHoldings<T> =>
        owner.Split is { SeparationId: null } split
            ? [new OwnerStep<T>.AskToRelease(split, IsRehearsal: false)]
            : Finish(owner);

    /// <summary>The older owner has answered.</summary>
    public static ImmutableArray<OwnerStep<T>> Next<T>(
        Ownership<T> owner,
        OwnerStep<T>.AskToRelease asked,
        ReleaseAnswer<T> answer
    )
        where T : IHoldings<T>
    {
        SplitUnderWay split = asked.Split;
        OwnerOutcome? refusal = answer switch
        {
            // A customer that has moved is asked for by its new name by whoever asked us; an undoing ends there, since what the
            // later merge joined it must not take apart.
            { MovedTo: not null } when split.MergeId is not null => new OwnerOutcome.SplitRefused(
                new MergeUnderLaterMerge().Code
            ),
            { MovedTo: { } movedTo } => new OwnerOutcome.SplitElsewhere(split.From, movedTo),
            { Refused: { } code } => new OwnerOutcome.SplitRefused(code),
            _ => null,
        };
        if (refusal is not null)
        {
            return asked.IsRehearsal
                // Asked before anything is written: a refusal leaves no trace.
                ? End<T>(refusal)
                :
                [
                    new OwnerStep<T>.Save(owner with { Split = null }),
                    new OwnerStep<T>.EndReminder(OwnerTask.Split),
                    .. End<T>(refusal),
                ];
        }

        if (asked.IsRehearsal)
        {
            return
            [
                new OwnerStep<T>.Remind(OwnerTask.Split),
                new OwnerStep<T>.Save(owner with { Split = split }),
                new OwnerStep<T>.AskToRelease(split, IsRehearsal: false),
            ];
        }

        Ownership<T> kept = owner with
        {
            Held = T.Union(owner.Held, answer.Held),
            Separations = Identity.Separations.Union(owner.Separations, answer.Separations),
            Status = OwnerStatus.Live,
            MovedTo = null,
            MovedSince = 0,
            RetiredBy = null,
            Split = split with { SeparationId = answer.SeparationId },
            Revision = owner.Revision + 1,
        };
        return [new OwnerStep<T>.Save(kept), .. Finish(kept)];
    }

    /// <summary>The older owner is asked to release identifiers.</summary>
    /// <param name="split">As the younger owner keeps it.</param>
    /// <param name="to">The younger owner.</param>
    /// <param name="isRehearsal">Only say whether it would.</param>
    /// <param name="decide">What leaves and what stays, or why not.</param>
    public static ImmutableArray<OwnerStep<T>> Release<T>(
        Ownership<T> owner,
        SplitUnderWay split,
        string to,
        bool isRehearsal,
        Func<Outcome<Parts<T>>> decide
    )
        where T : IHoldings<T>
    {
        if (owner.Releases.FirstOrDefault(one => one.SplitId == split.SplitId) is { } pending)
        {
            return End<T>(new OwnerOutcome.Released<T>(pending));
        }

        if (owner.MovedTo is { } movedTo)
        {
            return End<T>(new OwnerOutcome.MovedBefore(movedTo, owner.RetiredBy));
        }

        Outcome<Parts<T>> outcome = decide();
        return !outcome.Succeeded ? End<T>(new OwnerOutcome.ReleaseRefused(outcome.Refusal.Code))
            : isRehearsal ? End<T>(new OwnerOutcome.ReleaseAllowed())
            : [new OwnerStep<T>.FindRecord(split, to, outcome.Value)];
    }

    /// <summary>The older owner knows whether a release of before a crash has been recorded.</summary>
    /// <param name="recorded">The record under the split's id, or null.</param>
    /// <param name="ruleVersion">The rules in force.</param>
    public static ImmutableArray<OwnerStep<T>> Next<T>(
        Ownership<T> owner,
        OwnerStep<T>.FindRecord found,
        DecisionRecord? recorded,
        string ruleVersion
    )
        where T : IHoldings<T>
    {
        (SplitUnderWay split, string to, Parts<T> parts) = found;
        var separation = new Separation(SeparationIdOf(split), parts.Leaves.Identifiers, parts.Stays.Identifiers);
        // A job's split leaves none: it would go on keeping apart what other rules, or a roll back, join again.
        ImmutableArray<Separation> all = split.JobId is null ? [.. owner.Separations, separation] : owner.Separations;
        var release = new PendingRelease<T>(
            split.SplitId,
            to,
            separation.Id,
            parts.Leaves,
            Identity.Separations.About(all, separation.One)
        );
        Ownership<T> released = owner with
        {
            Releases = [.. owner.Releases, release],
            Separations = Identity.Separations.About(all, separation.Other),
            // The messages that leave are made up for, so that no reader sees the version go back.
            Revision = owner.Revision + parts.Leaves.MessageCount + 1,
            Held = parts.Stays,
            Absorbed = split.MergeId is { } undone ? owner.Absorbed.Remove(undone) : owner.Absorbed,
        };
        return
        [
            new OwnerStep<T>.Record(
                DecisionRecords.Split(
                    RecordIdOf(split, separation, recorded),
                    owner.Id,
                    to,
                    split,
                    separation,
                    ruleVersion
                )
            ),
            new OwnerStep<T>.Save(released) { WeighsAnew = split.JobId is not null },
            .. End<T>(new OwnerOutcome.Released<T>(release)),
        ];
    }

    /// <summary>The younger owner has what it was given.</summary>
    /// <remarks>
    /// Written also where there is nothing to confirm, which is rare: an activation beside which another has made that release
    /// does not know of it. Its write is refused, and the next activation is asked again.
    /// </remarks>
    public static ImmutableArray<OwnerStep<T>> Confirm<T>(Ownership<T> owner, string splitId)
        where T : IHoldings<T> =>
        [
            new OwnerStep<T>.Save(owner with { Releases = [.. owner.Releases.Where(one => one.SplitId != splitId)] }),
            .. End<T>(new OwnerOutcome.Confirmed()),
        ];

    /// <summary>Empty for a job's split, which makes no separation.</summary>
    private static string SeparationIdOf(SplitUnderWay split) =>
        split.JobId is null ? DecisionId.OfSeparation(split.SplitId) : "";

    /// <summary>The entries are ours.</summary>
    private static ImmutableArray<OwnerStep<T>> Finish<T>(Ownership<T> owner)
        where T : IHoldings<T>
    {
        SplitUnderWay split = owner.Split!;
        // It had nothing before, and answers nobody before this is over: what it holds is what it was given.
        ImmutableArray<Identifier> identifiers = owner.Held.Identifiers;
        return
        [
            // Mostly from the owner that gave them, or from one whose own merge into that has not come to its repointing yet.
            new OwnerStep<T>.Take(identifiers, split.From, owner.Revision),
            new OwnerStep<T>.Confirm(split.From, split.SplitId),
            new OwnerStep<T>.Save(owner with { Split = null }),
            new OwnerStep<T>.EndReminder(OwnerTask.Split),
            .. End<T>(
                new OwnerOutcome.Split(split.SplitId, split.From, split.SeparationId!, identifiers, IsRepeat: false)
            ),
        ];
    }

    /// <summary>
    /// The split's id, unless a release that a crash broke off has recorded other identifiers under it: what was linked since
    /// leaves too, and must be explained too.
    /// </summary>
    private static string RecordIdOf(SplitUnderWay split, Separation separation, DecisionRecord? recorded) =>
        recorded is null || DecisionPayload.Read(recorded.Payload).Identifiers.ToHashSet().SetEquals(separation.One)
            ? split.SplitId
            : DecisionId.Of(DecisionKinds.Split, split.SplitId, string.Join('\n', separation.One));

    private static ImmutableArray<OwnerStep<T>> Rehearse<T>(SplitUnderWay split)
        where T : IHoldings<T> => [new OwnerStep<T>.AskToRelease(split, IsRehearsal: true)];

    private static ImmutableArray<OwnerStep<T>> End<T>(OwnerOutcome outcome)
        where T : IHoldings<T> => [new OwnerStep<T>.End(outcome)];
}
