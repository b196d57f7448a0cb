using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Simulation.Storage;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Workload;

/// <summary>What a seed means before anything has run: settings, faults and what the clients do, round by round.</summary>
internal sealed record Plan(ulong Seed, PlanSettings Settings, ImmutableArray<ImmutableArray<Deed>> Rounds)
{
    public int Deeds => Rounds.Sum(round => round.Length);

    public static Plan Of(ulong seed)
    {
        var dice = Dice.For(seed, purpose: 1);
        PlanSettings settings = PlanSettings.Of(dice).With(Dice.For(seed, purpose: 4));
        var composer = new Composer(dice, settings);
        var rounds = ImmutableArray.CreateBuilder<ImmutableArray<Deed>>();
        int count = dice.Between(1, 3);
        for (int round = 0; round < count; round++)
        {
            rounds.Add(composer.Round(Math.Max(2, settings.Deeds / count)));
        }

        // Behind the others and with dice of its own, so that what came before stays what it was.
        Dice later = Dice.For(seed, purpose: 5);
        if (later.Next(8) == 0)
        {
            rounds.AddRange(composer.Reunion(later));
        }

        return new Plan(seed, settings, rounds.ToImmutable());
    }
}

/// <summary>How a run is set up. Rates are in thousandths.</summary>
internal sealed record PlanSettings
{
    /// <summary>How often a partition looks after its lanes, and for other writers.</summary>
    public static TimeSpan LookPeriod { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How many identifiers there are, of all types together.</summary>
    public required int Identifiers { get; init; }

    public required int Deeds { get; init; }

    /// <summary>Clients that work side by side.</summary>
    public required int Sessions { get; init; }

    public required int Partitions { get; init; }

    public required SchedulePolicyKind Policy { get; init; }

    /// <summary>Which rules are in force at the start; 0: the built-in ones.</summary>
    public required int RulesVariant { get; init; }

    public required bool ChangesRules { get; init; }

    /// <summary>Deaths of the process per 100,000 steps.</summary>
    public required int Crashes { get; init; }

    /// <summary>True: it likes to die while a merge or a split is under way.</summary>
    public required bool CrashesAmidst { get; init; }

    /// <summary>Of the deaths, those where the old process goes on for a while.</summary>
    public required int Lags { get; init; }

    public required int FailsBefore { get; init; }

    public required int FailsAfter { get; init; }

    public required int Delays { get; init; }

    public required int Stalls { get; init; }

    public required int AnswersLater { get; init; }

    /// <summary>True: nobody asks for customers at the end; unfinished merges and splits are left to their reminders.</summary>
    public required bool RestsByReminders { get; init; }

    /// <summary>Of the reads of states, those that fail as only a defect would: what sets messages aside.</summary>
    public int Poisons { get; init; }

    /// <summary>True: activations end when they have been idle for a few seconds.</summary>
    public bool CollectsIdle { get; init; }

    public required Action<GridOptions> Grid { get; init; }

    public StorageFaults FaultsOf(Dice dice) =>
        new(dice)
        {
            FailsBefore = FailsBefore,
            FailsAfter = FailsAfter,
            Delays = Delays,
            Stalls = Stalls,
            AnswersLater = AnswersLater,
            Poisons = Poisons,
        };

    /// <summary>Settings of later versions, from dice of their own, so that the seeds of before stay what they were.</summary>
    public PlanSettings With(Dice dice)
    {
        bool isPoisoned = Crashes + FailsBefore > 0 && dice.Next(10) == 0;
        Action<GridOptions> before = Grid;
        return this with
        {
            Poisons = isPoisoned ? dice.Pick([50, 300]) : 0,
            CollectsIdle = dice.Next(4) == 0,
            Grid = options =>
            {
                before(options);
                options.QuarantineAfterTries = isPoisoned ? 2 : options.QuarantineAfterTries;
            },
        };
    }

    public static PlanSettings Of(Dice dice)
    {
        int size = dice.Next(20) switch
        {
            0 => dice.Between(60, 300),
            < 4 => dice.Between(13, 60),
            _ => dice.Between(3, 12),
        };
        int deeds = size > 60 ? dice.Between(20, 60) : dice.Between(3, 16);
        int partitions = dice.Between(1, 3);
        int save = dice.Pick([1, 2, 100]);
        int checkpoint = dice.Pick([1, 10, 1_000]);
        TimeSpan interval = TimeSpan.FromSeconds(dice.Pick([1, 20, 3_600]));
        int apply = dice.Pick([1, 3, 500]);
        int lanes = dice.Pick([1, 4, 256]);
        int append = dice.Pick([1, 4_000]);
        int waiting = dice.Pick([4, 20_000, 20_000, 20_000]);
        int owners = dice.Pick([1, 16_384]);
        TimeSpan declined = TimeSpan.FromSeconds(dice.Pick([1, 600]));
        bool hasFaults = dice.Next(5) != 0;
        int rate = hasFaults ? dice.Pick([5, 20, 60]) : 0;
        return new PlanSettings
        {
            Identifiers = size,
            Deeds = deeds,
            Sessions = dice.Between(1, 6),
            Partitions = partitions,
            Policy = dice.Pick([SchedulePolicyKind.Chance, SchedulePolicyKind.Newest, SchedulePolicyKind.Favourites]),
            RulesVariant = dice.Pick([0, 0, 0, 0, 1, 2, 3, 3]),
            ChangesRules = dice.Next(8) == 0,
            Crashes = hasFaults ? dice.Pick([0, 50, 200, 600]) : 0,
            CrashesAmidst = dice.Next(3) == 0,
            Lags = dice.Pick([0, 300]),
            FailsBefore = rate,
            FailsAfter = hasFaults ? dice.Pick([0, rate, rate]) : 0,
            Delays = dice.Pick([0, 50, 400]),
            Stalls = hasFaults ? dice.Pick([0, 0, 2, 10]) : 0,
            AnswersLater = dice.Pick([0, 300]),
            RestsByReminders = dice.Next(16) == 0,
            Grid = options =>
            {
                options.Partitions = partitions;
                options.SaveAfterMessages = save;
                options.CheckpointMessages = checkpoint;
                options.CheckpointInterval = interval;
                options.ApplyMessagesMax = apply;
                options.LanesMax = lanes;
                options.AppendMessagesMax = append;
                options.WaitingMessagesMax = waiting;
                options.KnownOwnersMax = owners;
                options.DeclinedFor = declined;
                options.LaneTimeMax = LookPeriod;
            },
        };
    }
}
