using System.Collections.Immutable;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// A merge, step by step: seal, absorb, record, repoint, retire. Driven by the younger owner, which calls older ones and
/// identifiers only, so calls can't form a circle.
/// </summary>
/// <remarks>
/// <para>
/// What the younger owner has written says where it stands: it is sealed, with the merge, until it is retired. Everything in
/// between is done again by an activation that finds it sealed (<see cref="Resume{T}"/>), and repeating any of it changes nothing.
/// </para>
/// <para>
/// The older owner answers each seal once (<see cref="SettledMerge"/>): it writes its answer before it gives it, and says the
/// same to whoever asks again.
/// </para>
/// </remarks>
public static class MergeSteps
{
    /// <summary>The younger owner is asked to merge.</summary>
    /// <param name="isOlder">Whether the other owner is older: a merge only goes that way.</param>
    public static ImmutableArray<OwnerStep<T>> Begin<T>(Ownership<T> owner, MergeUnderWay merge, bool isOlder)
        where T : IHoldings<T>
    {
        if (owner.MovedTo is { } movedTo)
        {
            return End<T>(new OwnerOutcome.MovedBefore(movedTo, owner.RetiredBy));
        }

        if (owner.Status == OwnerStatus.Erased)
        {
            // A call that was held back: there is nothing to give away, and nobody is to be led here.
            return End<T>(new OwnerOutcome.MergeNotBegun(MergeRefusal.Erased, WaitFor: null));
        }

        if (!isOlder)
        {
            return
            [
                RefusalOf(owner, merge, MergeRefusal.NotOlder, merge.RuleVersion),
                .. End<T>(new OwnerOutcome.MergeNotBegun(MergeRefusal.NotOlder, WaitFor: null)),
            ];
        }

        if (!owner.Releases.IsEmpty)
        {
            // Until it is confirmed, what is on its way is with two of us.
            return End<T>(new OwnerOutcome.MergeNotBegun(MergeRefusal.SplitUnderWay, owner.Releases[0].To));
        }

        return
        [
            // The reminder first: whoever finds us sealed after a crash may be nobody for a long time.
            new OwnerStep<T>.Remind(OwnerTask.Merge),
            // Each seal is a question of its own, also where the same message asks for the same merge again: see SettledMerge.
            new OwnerStep<T>.Save(
                owner with
                {
                    Merge = merge,
                    Status = OwnerStatus.Sealed,
                    Revision = owner.Revision + 1,
                }
            ),
            new OwnerStep<T>.AskToAbsorb(merge.Into),
        ];
    }

    /// <summary>An activation finds its owner sealed.</summary>
    public static ImmutableArray<OwnerStep<T>> Resume<T>(Ownership<T> owner)
        where T : IHoldings<T> => [new OwnerStep<T>.AskToAbsorb(owner.Merge!.Into)];

    /// <summary>The older owner has answered.</summary>
    /// <param name="since">Its revision, where it took the state in.</param>
    public static ImmutableArray<OwnerStep<T>> Next<T>(Ownership<T> owner, AbsorbAnswer answer, long since)
        where T : IHoldings<T>
    {
        MergeUnderWay merge = owner.Merge!;
        if (answer.MovedTo is { } movedTo)
        {
            return
            [
                // Noted down first: the one that we asked may be itself again by the time that we resume (its merge taken back),
                // and would then take in what the other has.
                new OwnerStep<T>.Save(owner with { Merge = merge with { Into = movedTo } }),
                new OwnerStep<T>.AskToAbsorb(movedTo),
            ];
        }

        if (answer.Refused is { } code)
        {
            return
            [
                // Before the seal is lifted: after a crash here the merge is asked for, and refused, once more.
                RefusalOf(owner, merge, MergeRefusal.Read(code), answer.RuleVersion!),
                new OwnerStep<T>.Save(owner with { Status = OwnerStatus.Live, Merge = null }),
                new OwnerStep<T>.EndReminder(OwnerTask.Merge),
                .. End<T>(new OwnerOutcome.MergeRefused(code, merge.MergeId)),
            ];
        }

        ImmutableArray<Identifier> identifiers = owner.Held.Identifiers;
        return
        [
            new OwnerStep<T>.Record(DecisionRecords.Merged(merge.Into, owner.Id, merge, identifiers)),
            // A fence: storage may have kept us waiting so long that another activation has ended this merge, and it was taken
            // back since. Then this write is refused, and nobody's identifiers are moved.
            new OwnerStep<T>.Save(owner with { Merge = merge with { Since = since } }),
            new OwnerStep<T>.Repoint(identifiers, merge.Into, owner.Revision, since),
            // The older owner may merge on while we do it, and its own repointing may have come before ours.
            new OwnerStep<T>.AskToForward(merge.Into, identifiers),
        ];
    }

    /// <summary>An older owner has sent on what named it.</summary>
    /// <remarks>
    /// Nobody sends identifiers on in another's name: between looking and repointing, the other's merge might be taken back.
    /// </remarks>
    public static ImmutableArray<OwnerStep<T>> Next<T>(Ownership<T> owner, ForwardAnswer answer)
        where T : IHoldings<T>
    {
        if (answer.MovedTo is { } next)
        {
            return [new OwnerStep<T>.AskToForward(next, owner.Held.Identifiers)];
        }

        MergeUnderWay merge = owner.Merge!;
        return
        [
            new OwnerStep<T>.Save(
                owner with
                {
                    Status = OwnerStatus.Retired,
                    // The messages that leave are made up for: taking the merge back gives some of them back, not always all.
                    Revision = owner.Revision + owner.Held.MessageCount + 1,
                    MovedTo = merge.Into,
                    MovedSince = merge.Since,
                    RetiredBy = merge.MergeId,
                    Merge = null,
                    Held = T.Empty,
                    Separations = [],
                }
            ),
            new OwnerStep<T>.EndReminder(OwnerTask.Merge),
            .. End<T>(new OwnerOutcome.Merged(merge.Into, merge.MergeId)),
        ];
    }

    /// <summary>A stub is asked to send on what still names it.</summary>
    public static ImmutableArray<OwnerStep<T>> Forward<T>(Ownership<T> owner, ImmutableArray<Identifier> identifiers)
        where T : IHoldings<T> =>
        owner.MovedTo is { } movedTo
            ? [new OwnerStep<T>.Repoint(identifiers, movedTo, owner.Revision, owner.MovedSince)]
            : [];

    /// <summary>The older owner is asked to take a younger one's state in.</summary>
    /// <param name="objection">The join check; both may have changed since the merge was decided.</param>
    /// <param name="ruleVersion">The rules by which it is asked.</param>
    /// <param name="at">Now.</param>
    public static ImmutableArray<OwnerStep<T>> Absorb<T>(
        Ownership<T> owner,
        Ownership<T> younger,
        string mergeId,
        Func<JoinObjection?> objection,
        string ruleVersion,
        DateTimeOffset at
    )
        where T : IHoldings<T>
    {
        // Before anything else: whoever has taken a state in goes on saying so, also after it was itself merged away, and after
        // that merge was taken back. Else a younger owner that resumes would give its state away twice.
        if (owner.Absorbed.Contains(mergeId))
        {
            return End<T>(new OwnerOutcome.Absorbed(default, owner.Revision));
        }

        if (SettledMerge.Find(owner.Settled, mergeId, younger.Revision) is { } settled)
        {
            // Taken in and not among the absorbed any more: it was taken back.
            return End<T>(
                settled.Answer.WasTakenIn
                    ? new OwnerOutcome.LostRace(mergeId)
                    : new OwnerOutcome.Absorbed(settled.Answer, 0)
            );
        }

        if (owner.MovedTo is { } movedTo)
        {
            return Settle(owner, new AbsorbAnswer(movedTo, null, null));
        }

        if (owner.Status == OwnerStatus.Erased)
        {
            return Settle(owner, new AbsorbAnswer(null, MergeRefusal.Erased.Code, ruleVersion));
        }

        if (objection() is { } found)
        {
            return Settle(owner, new AbsorbAnswer(null, MergeRefusal.Of(found).Code, ruleVersion));
        }

        return Settle(
            owner with
            {
                Held = T.Union(owner.Held, younger.Held),
                Separations = Identity.Separations.Union(owner.Separations, younger.Separations),
                Absorbed = [.. owner.Absorbed, .. younger.Absorbed, mergeId],
                // Higher than both versions were, so that no reader sees a version go back.
                Revision = Math.Max(owner.Revision, younger.Revision) + 1,
            },
            default
        );

        // Written before it is answered: whoever asks again, however late, is told the same.
        ImmutableArray<OwnerStep<T>> Settle(Ownership<T> state, AbsorbAnswer answer) =>
            [
                new OwnerStep<T>.Save(
                    state with
                    {
                        Settled = SettledMerge.Add(
                            state.Settled,
                            new SettledMerge(mergeId, younger.Revision, at, answer)
                        ),
                    }
                )
                {
                    WeighsAnew = answer.WasTakenIn && younger.Merge?.JobId is not null,
                },
                .. End<T>(new OwnerOutcome.Absorbed(answer, answer.WasTakenIn ? state.Revision : 0)),
            ];
    }

    /// <summary>What taking a younger owner's state in would make of an older one, whatever stands against it.</summary>
    public static Ownership<T> Rehearse<T>(Ownership<T> owner, Ownership<T> younger)
        where T : IHoldings<T> =>
        Absorb(owner, younger, "", static () => null, "", default).OfType<OwnerStep<T>.Save>().Single().State;

    /// <summary>
    /// An owner whose person is erased. What it has answered younger owners stays, so that one that resumes its merge is told the
    /// same and gives its state away once.
    /// </summary>
    public static Ownership<T> Erase<T>(Ownership<T> owner)
        where T : IHoldings<T> =>
        owner with
        {
            Status = OwnerStatus.Erased,
            // The messages that leave are made up for, so that no reader sees a version go back.
            Revision = owner.Revision + owner.Held.MessageCount + 1,
            Held = T.Empty,
            Separations = [],
        };

    private static OwnerStep<T> RefusalOf<T>(
        Ownership<T> owner,
        MergeUnderWay merge,
        MergeRefusal refusal,
        string ruleVersion
    )
        where T : IHoldings<T> =>
        new OwnerStep<T>.Record(
            DecisionRecords.Refused(merge.Into, owner.Id, merge, refusal, owner.Held.Identifiers, ruleVersion)
        );

    private static ImmutableArray<OwnerStep<T>> End<T>(OwnerOutcome outcome)
        where T : IHoldings<T> => [new OwnerStep<T>.End(outcome)];
}
