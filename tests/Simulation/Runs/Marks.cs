using Customer360.Simulation.Runtime;

namespace Customer360.Simulation.Runs;

/// <summary>
/// Situations that a run of many seeds must have met: a simulation that no longer gets into them finds nothing and looks
/// healthy (after TigerBeetle's marks).
/// </summary>
internal enum Mark
{
    CrashMergeSealed,
    CrashMergeAbsorbed,
    CrashMergeRecorded,
    CrashMergeRepointing,
    CrashMergeRepointed,
    CrashMergeRetired,
    CrashSplitIntended,
    CrashSplitReleased,
    CrashSplitKept,
    CrashSplitRepointed,
    CrashSplitConfirmed,
    CrashAtStart,
    WriteLostAtCrash,
    WriteStoredUntoldAtCrash,
    ProcessLagged,
    WriterFenced,
    WriteFailedBeforeCommit,
    WriteFailedAfterCommit,
    CallTimedOut,
    DuplicateMessage,
    OverloadedPartition,
    AppliedInTime,
    AppliedTooLate,
    CustomerMoved,
    CustomerMerged,
    MergeRefused,
    CustomerSplit,
    SplitRefused,
    SplitRepeated,
    MergeUndone,
    CompanyMerged,
    CompanyMergeRefused,
    CompanySplit,
    UndoRefused,
    IdentifierDemoted,
    IdentifierSeparated,
    ClaimLeftOut,
    IdentifierQuarantined,
    QuarantineLifted,
    MessageSetAside,
    MessageTakenBack,
    RulesChanged,
    ReminderTwice,
    RestedByReminders,
    LargePool,
    LongChain,
    CallOvertaken,
    CallHeldBack,
    WriteBesideReader,
    ExceptionSerialized,
    ReminderLate,
    ReminderRepeated,
    SecondActivation,
    WriteBeganLater,
    ShelfRead,
    ShelfReadOfLagging,
    ShelfReadAmidstMerge,
    ErasureAsked,
    ErasureDecided,
    PersonForgotten,
    MessageSuppressed,
    LeadOffered,

    /// <summary>A customer is in an audience by a sequence of events of several identifiers.</summary>
    AudienceEntered,
    LeadDoubled,
    ConsentDisagreed,
    DeliveryRepeated,

    /// <summary>Something was sent again, and the person had said no meanwhile.</summary>
    DeliveryWithheld,
    WithdrawalTold,
    ErasureTold,
}

/// <summary>How often each situation was met.</summary>
internal sealed class Marks
{
    private readonly long[] _counts = new long[Enum.GetValues<Mark>().Length];

    /// <summary>That the runtime has promised less is a situation, too.</summary>
    public static Mark Of(Weakness weakness) =>
        weakness switch
        {
            Weakness.CallOvertaken => Mark.CallOvertaken,
            Weakness.CallHeldBack => Mark.CallHeldBack,
            Weakness.WriteBesideReader => Mark.WriteBesideReader,
            Weakness.ExceptionSerialized => Mark.ExceptionSerialized,
            Weakness.ReminderLate => Mark.ReminderLate,
            Weakness.ReminderTwice => Mark.ReminderRepeated,
            Weakness.SecondActivation => Mark.SecondActivation,
            Weakness.WriteBeganLater => Mark.WriteBeganLater,
            _ => throw new ArgumentOutOfRangeException(nameof(weakness), weakness, "It has no mark."),
        };

    public long this[Mark mark] => _counts[(int)mark];

    public void Hit(Mark mark) => _counts[(int)mark]++;

    public void Add(Marks other)
    {
        for (int index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }
    }

    public IEnumerable<Mark> Missed() => Enum.GetValues<Mark>().Where(mark => this[mark] == 0);
}
