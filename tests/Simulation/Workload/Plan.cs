using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Simulation.Runtime;
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
        PlanSettings settings = PlanSettings
            .Of(dice)
            .With(Dice.For(seed, purpose: 4))
            .WithRuntime(Dice.For(seed, purpose: 6))
            .WithSources(Dice.For(seed, purpose: 8))
            .WithLeads(Dice.For(seed, purpose: 9))
            .WithAudiences(Dice.For(seed, purpose: 12))
            .WithDestinations(Dice.For(seed, purpose: 13));
        var composer = new Composer(dice, settings);
        var rounds = ImmutableArray.CreateBuilder<ImmutableArray<Deed>>();
        int count = dice.Between(1, 3);
        for (int round = 0; round < count; round++)
        {
            rounds.Add(composer.Round(Math.Max(2, settings.Deeds / count)));
        }

        // It stands behind the others and has dice of its own, so that what came before stays what it was.
        Dice later = Dice.For(seed, purpose: 5);
        if (later.Next(8) == 0)
        {
            rounds.AddRange(composer.Reunion(later));
        }

        Dice last = Dice.For(seed, purpose: 8);
        if (last.Next(4) == 0)
        {
            rounds.AddRange(composer.Forgetting(last));
        }

        Dice ofCompanies = Dice.For(seed, purpose: 10);
        if (ofCompanies.Next(5) == 0)
        {
            rounds.Add(Composer.Companies(ofCompanies));
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

    /// <summary>Which rules are in force at the start; 0 means the built-in ones.</summary>
    public required int RulesVariant { get; init; }

    public required bool ChangesRules { get; init; }

    /// <summary>Deaths of the process per 100,000 steps.</summary>
    public required int Crashes { get; init; }

    /// <summary>True: it likes to die while a merge or a split is under way.</summary>
    public required bool CrashesAmidst { get; init; }

    /// <summary>How many deaths leave the old process running for a while.</summary>
    public required int Lags { get; init; }

    /// <summary>
    /// True: a process that was given up goes on long enough to meet its successor, and clients rather send to it. What its
    /// last append leaves behind is found only where nobody sends to that partition again.
    /// </summary>
    public bool LagsLong { get; init; }

    public required int FailsBefore { get; init; }

    public required int FailsAfter { get; init; }

    public required int Delays { get; init; }

    public required int Stalls { get; init; }

    public required int AnswersLater { get; init; }

    /// <summary>True: nobody asks for customers at the end; unfinished merges and splits are left to their reminders.</summary>
    public required bool RestsByReminders { get; init; }

    /// <summary>How many reads of states fail as only a defect would, so that messages are set aside.</summary>
    public int Poisons { get; init; }

    /// <summary>True: activations end when they have been idle for a few seconds.</summary>
    public bool CollectsIdle { get; init; }

    /// <summary>True: many messages come from a public source, which only claims what it says.</summary>
    public bool HasPublicSource { get; init; }

    /// <summary>True: whoever has an address is a lead, and some of what happens brings leads to sales people.</summary>
    public bool HasLeads { get; init; }

    /// <summary>True: customers are in audiences by what they do.</summary>
    public bool HasAudiences { get; init; }

    /// <summary>True: what happens to customers is sent to receivers.</summary>
    public bool HasDestinations { get; init; }

    /// <summary>Where the runtime promises no more than Orleans does.</summary>
    public RuntimeSettings Runtime { get; init; } = new();

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

    /// <summary>Adds the settings of later versions, from dice of their own, so that earlier seeds stay what they were.</summary>
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

    /// <summary>
    /// In half of the seeds the runtime promises most, in the other half less in a few respects at once. It has dice of its own, so
    /// that the former seeds of the first half stay what they were.
    /// </summary>
    public PlanSettings WithRuntime(Dice dice)
    {
        bool lagsLong = Crashes > 0 && dice.Next(6) == 0;
        PlanSettings settings = lagsLong ? this with { LagsLong = true, Lags = 800 } : this;
        return dice.Next(2) == 0 ? settings : settings with { Runtime = WeakerRuntime(dice, RestsByReminders) };
    }

    /// <summary>A third of the seeds have a public source. Dice of its own, so that the others stay what they were.</summary>
    public PlanSettings WithSources(Dice dice) => this with { HasPublicSource = dice.Next(3) == 0 };

    /// <summary>In a third of the seeds leads are kept. Dice of its own, so that the others stay what they were.</summary>
    public PlanSettings WithLeads(Dice dice) => this with { HasLeads = dice.Next(3) == 0 };

    /// <summary>In a third of the seeds there are audiences. Dice of its own, so that the others stay what they were.</summary>
    public PlanSettings WithAudiences(Dice dice) => this with { HasAudiences = dice.Next(3) == 0 };

    /// <summary>In a quarter of the seeds there are destinations. Dice of its own, so that the others stay what they were.</summary>
    public PlanSettings WithDestinations(Dice dice) => this with { HasDestinations = dice.Next(4) == 0 };

    private static RuntimeSettings WeakerRuntime(Dice dice, bool restsByReminders)
    {
        Deliveries deliveries = dice.Pick([Deliveries.AtOnce, Deliveries.LaterToCold, Deliveries.AllLater]);
        return new RuntimeSettings
        {
            Deliveries = deliveries,
            HeldBack = deliveries == Deliveries.AtOnce ? 0 : dice.Pick([0, 2, 20]),
            IsRemote = dice.Next(4) == 0,
            RemindersLate = restsByReminders ? 500 : dice.Pick([0, 500]),
            RemindersTwice = restsByReminders ? 500 : dice.Pick([0, 500]),
            SecondActivations = dice.Pick([0, 4, 30, 100]),
            WritesBeginLater = dice.Next(3) == 0,
            WritesBesideReaders = dice.Next(2) == 0,
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
