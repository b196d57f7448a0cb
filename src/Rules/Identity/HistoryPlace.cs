using Customer360.Rules.Decisions;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Identity;

/// <summary>
/// A place in a customer's history: by time; of one time, in the order in which a message's decisions are made; then by
/// id, so that the order is the same whenever it is asked for.
/// </summary>
/// <param name="At">The time of the message that caused the decision, UTC.</param>
/// <param name="Step">0 to <see cref="StepMax"/>.</param>
/// <param name="DecisionId">The decision's id.</param>
public sealed record HistoryPlace(DateTimeOffset At, int Step, string DecisionId) : IComparable<HistoryPlace>
{
    public const int StepMax = 4;

    public static HistoryPlace Of(DecisionRecord decision) => new(decision.At, StepOf(decision.Kind), decision.Id);

    public int CompareTo(HistoryPlace? other)
    {
        if (other is null)
        {
            return 1;
        }

        int byTime = At.CompareTo(other.At);
        int byStep = byTime != 0 ? byTime : Step.CompareTo(other.Step);
        return byStep != 0 ? byStep : string.CompareOrdinal(DecisionId, other.DecisionId);
    }

    public static bool operator <(HistoryPlace left, HistoryPlace right) => left.CompareTo(right) < 0;

    public static bool operator >(HistoryPlace left, HistoryPlace right) => left.CompareTo(right) > 0;

    public static bool operator <=(HistoryPlace left, HistoryPlace right) => left.CompareTo(right) <= 0;

    public static bool operator >=(HistoryPlace left, HistoryPlace right) => left.CompareTo(right) >= 0;

    private static int StepOf(string kind) =>
        kind switch
        {
            DecisionKinds.Created => 0,
            DecisionKinds.Refused or DecisionKinds.Merged => 1,
            DecisionKinds.Linked => 2,
            DecisionKinds.Demoted => 3,
            _ => StepMax,
        };
}
