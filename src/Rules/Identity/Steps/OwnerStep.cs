using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Identity;

/// <summary>What is woken by a reminder where nobody else comes by.</summary>
public enum OwnerTask
{
    Merge = 1,
    Split = 2,
}

/// <summary>
/// One thing to do for a merge or a split. <see cref="MergeSteps"/> and <see cref="SplitSteps"/> answer with the things to do, in
/// their order; the owner does one after the other, each when the one before it is done. Any of them may be the last that a
/// process does, and each may be done again.
/// </summary>
public abstract record OwnerStep<THoldings>
    where THoldings : IHoldings<THoldings>
{
    private OwnerStep() { }

    /// <summary>Have a reminder wake the owner until the task is done.</summary>
    public sealed record Remind(OwnerTask Task) : OwnerStep<THoldings>;

    /// <summary>The task is done.</summary>
    public sealed record EndReminder(OwnerTask Task) : OwnerStep<THoldings>;

    /// <summary>Append the record to the decision log.</summary>
    public sealed record Record(DecisionRecord Decision) : OwnerStep<THoldings>;

    /// <summary>Become this and write it. Refused where another activation has written.</summary>
    public sealed record Save(Ownership<THoldings> State) : OwnerStep<THoldings>
    {
        /// <summary>A job asks: the size is judged as if it had never been too large.</summary>
        public bool WeighsAnew { get; init; }
    }

    /// <summary>Ask an older owner to take the state in; <see cref="MergeSteps"/> goes on.</summary>
    public sealed record AskToAbsorb(string Older) : OwnerStep<THoldings>;

    /// <summary>Move those of the identifiers that are ours.</summary>
    /// <param name="AsOf">Our revision.</param>
    /// <param name="Since">The other's, when it took our state in.</param>
    public sealed record Repoint(ImmutableArray<Identifier> Identifiers, string To, long AsOf, long Since)
        : OwnerStep<THoldings>;

    /// <summary>
    /// Have an older owner send the identifiers on, should it have moved; <see cref="MergeSteps"/>
    /// goes on.
    /// </summary>
    public sealed record AskToForward(string Older, ImmutableArray<Identifier> Identifiers) : OwnerStep<THoldings>;

    /// <summary>
    /// Ask an older owner to release what a split takes; <see cref="SplitSteps"/>
    /// goes on.
    /// </summary>
    /// <param name="IsRehearsal">Only whether it would.</param>
    public sealed record AskToRelease(SplitUnderWay Split, bool IsRehearsal) : OwnerStep<THoldings>;

    /// <summary>
    /// Look for a record that a release of before a crash has written; <see cref="SplitSteps"/>
    /// goes on.
    /// </summary>
    public sealed record FindRecord(SplitUnderWay Split, string To, Parts<THoldings> Parts) : OwnerStep<THoldings>;

    /// <summary>Make the identifiers ours, whoever is written down as their owner.</summary>
    /// <param name="Since">Our revision.</param>
    public sealed record Take(ImmutableArray<Identifier> Identifiers, string From, long Since) : OwnerStep<THoldings>;

    /// <summary>Tell the older owner that we have what it has given.</summary>
    public sealed record Confirm(string Older, string SplitId) : OwnerStep<THoldings>;

    /// <summary>Nothing more to do.</summary>
    public sealed record End(OwnerOutcome Outcome) : OwnerStep<THoldings>;
}

/// <summary>What leaves an owner, and what stays.</summary>
public sealed record Parts<THoldings>(THoldings Leaves, THoldings Stays);

/// <summary>What an older owner answers when it was asked to send identifiers on.</summary>
/// <param name="MovedTo">Where it has sent them: that one is asked next. Null: it is live, and nothing was left to do.</param>
public readonly record struct ForwardAnswer(string? MovedTo);

/// <summary>What an older owner answers when it was asked to release identifiers.</summary>
/// <param name="MovedTo">Whom to ask instead, or null.</param>
/// <param name="Refused">The refusal's code, or null.</param>
/// <param name="Held">What leaves; nothing in a rehearsal.</param>
public sealed record ReleaseAnswer<THoldings>(
    string? MovedTo,
    string? Refused,
    string SeparationId,
    THoldings Held,
    ImmutableArray<Separation> Separations
);

/// <summary>What a merge or a split came to, for whoever asked.</summary>
public abstract record OwnerOutcome
{
    private OwnerOutcome() { }

    /// <summary>It had moved before. <paramref name="MergeId"/>: by which merge; null where that was not noted.</summary>
    public sealed record MovedBefore(string To, string? MergeId) : OwnerOutcome;

    /// <summary>It is merged now.</summary>
    public sealed record Merged(string Into, string MergeId) : OwnerOutcome;

    /// <summary>The older owner has refused.</summary>
    public sealed record MergeRefused(string Code, string MergeId) : OwnerOutcome;

    /// <summary>It was not even begun.</summary>
    /// <param name="WaitFor">The owner whose split is under way: when that one answers, try again.</param>
    public sealed record MergeNotBegun(MergeRefusal Refusal, string? WaitFor) : OwnerOutcome;

    /// <summary>The older owner's answer to the younger.</summary>
    /// <param name="Revision">The older owner's, as it answers; 0 where it did not take the state in.</param>
    public sealed record Absorbed(AbsorbAnswer Answer, long Revision) : OwnerOutcome;

    /// <summary>
    /// The younger's question is of a merge that is over and was taken back: whoever asks was given up, and has lost a race as
    /// if storage had refused its write.
    /// </summary>
    public sealed record LostRace(string MergeId) : OwnerOutcome;

    /// <summary>The identifiers are split off.</summary>
    /// <param name="SeparationId">Empty where a job asked.</param>
    /// <param name="IsRepeat">They were before.</param>
    public sealed record Split(
        string SplitId,
        string From,
        string SeparationId,
        ImmutableArray<Identifier> Identifiers,
        bool IsRepeat
    ) : OwnerOutcome;

    /// <summary>The split is refused.</summary>
    public sealed record SplitRefused(string Code) : OwnerOutcome;

    /// <summary>The older owner has moved: split that one.</summary>
    public sealed record SplitElsewhere(string From, string MovedTo) : OwnerOutcome;

    /// <summary>The older owner has released what was asked for.</summary>
    public sealed record Released<THoldings>(PendingRelease<THoldings> Release) : OwnerOutcome;

    /// <summary>The older owner would release it.</summary>
    public sealed record ReleaseAllowed : OwnerOutcome;

    /// <summary>The older owner does not release it.</summary>
    public sealed record ReleaseRefused(string Code) : OwnerOutcome;

    /// <summary>The younger owner's receipt is noted.</summary>
    public sealed record Confirmed : OwnerOutcome;
}
