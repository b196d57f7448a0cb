using Customer360.Simulation.World;

namespace Customer360.Simulation.Storage;

/// <summary>How often storage misbehaves, in thousandths. The seed chooses once per run.</summary>
internal sealed class StorageFaults(Dice dice)
{
    private static readonly TimeSpan s_stallMax = TimeSpan.FromSeconds(45);

    public int FailsBefore { get; init; }

    public int FailsAfter { get; init; }

    /// <summary>Reads of states that fail as a defect does, not as an outage.</summary>
    public int Poisons { get; init; }

    /// <summary>Answers some milliseconds later.</summary>
    public int Delays { get; init; }

    /// <summary>Answers after so long that callers have given up.</summary>
    public int Stalls { get; init; }

    /// <summary>The commit and the answer are two things, with others in between.</summary>
    public int AnswersLater { get; init; }

    public bool IsOn { get; set; }

    public OperationFate Next(bool isWrite, bool isState) =>
        !IsOn
            ? default
            : new OperationFate(
                !isWrite && isState && dice.Chance(Poisons),
                dice.Chance(FailsBefore),
                isWrite && dice.Chance(FailsAfter),
                isWrite && dice.Chance(AnswersLater),
                dice.Chance(Stalls) ? TimeSpan.FromMilliseconds(dice.Next((int)s_stallMax.TotalMilliseconds))
                    : dice.Chance(Delays) ? TimeSpan.FromMilliseconds(dice.Between(1, 80))
                    : TimeSpan.Zero
            );

    /// <summary>What becomes of a write that was under way when its process died.</summary>
    public bool IsCommittedAtDeath() => dice.Next(3) == 0;
}

/// <summary>What becomes of one operation.</summary>
internal readonly record struct OperationFate(
    bool IsPoisoned,
    bool FailsBefore,
    bool FailsAfter,
    bool AnswersLater,
    TimeSpan Delay
);
