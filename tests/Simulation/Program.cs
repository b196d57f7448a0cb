using Customer360.Simulation.Runs;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation;

internal static class Program
{
    private const ulong MarksFromSeeds = 2_000;
    private const int ShrinkRunsMax = 300;
    private const int StoryLines = 80;

    public static int Main(string[] arguments)
    {
        if (CommandLine.Read(arguments) is not { } asked)
        {
            Console.Error.WriteLine(CommandLine.Usage);
            return 2;
        }

        return asked.Seed is { } seed ? RunOne(seed, asked) : RunMany(asked);
    }

    private static int RunOne(ulong seed, CommandLine asked)
    {
        var story = asked.Traces ? new Story(StoryLines) { Tell = Console.WriteLine } : null;
        RunResult result = Runs.Simulation.Run(Plan.Of(seed), new NodeTemplate(), new Marks(), story);
        Say($"seed {seed}: {result.Steps:n0} steps, {result.VirtualTime:g} of virtual time, hash {result.Hash:x16}");
        if (result.Violation is null)
        {
            Say("all promises were kept");
            return 0;
        }

        Tell(result, asked);
        return 1;
    }

    private static int RunMany(CommandLine asked)
    {
        var campaign = new Campaign(asked.From, asked.Seeds, asked.Workers, asked.GoesOn);
        IReadOnlyList<RunResult> failures = campaign.Run(
            progress => Say($"{progress}"),
            failure => Say($"seed {failure.Seed} broke a promise: {failure.Violation!.Message}")
        );
        if (failures.Count > 0)
        {
            Tell(failures[0], asked);
            return 1;
        }

        foreach (Mark mark in Enum.GetValues<Mark>())
        {
            Say($"  {mark, -26} {campaign.Marks[mark], 12:n0}");
        }

        Mark[] missed = [.. campaign.Marks.Missed()];
        if (missed.Length > 0 && asked.AsksForMarks && asked.Seeds >= MarksFromSeeds)
        {
            Say($"not met by any seed: {string.Join(", ", missed)}");
            return 1;
        }

        Say($"{asked.Seeds:n0} seeds from {asked.From}: all promises were kept");
        return 0;
    }

    /// <summary>What was broken, the smallest workload that breaks it, and what happened last.</summary>
    private static void Tell(RunResult failure, CommandLine asked)
    {
        Say($"seed {failure.Seed} broke a promise after {failure.Steps:n0} steps: {failure.Violation!.Message}");
        var template = new NodeTemplate();
        Plan plan = Plan.Of(failure.Seed);
        if (asked.Shrinks)
        {
            int before = plan.Deeds;
            plan = new Shrinker(template, failure.Violation.Checker, ShrinkRunsMax).Shrink(plan);
            Say($"shrunk from {before} deeds to {plan.Deeds}");
        }

        Say($"settings: {plan.Settings with { Grid = null! }}");
        for (int round = 0; round < plan.Rounds.Length; round++)
        {
            foreach (Deed deed in plan.Rounds[round])
            {
                Say($"  round {round + 1}: {deed}");
            }
        }

        var story = new Story(StoryLines);
        RunResult again = Runs.Simulation.Run(plan, template, new Marks(), story);
        Say($"the last {StoryLines} lines of {again.Steps:n0} steps:");
        foreach (string line in story.Lines)
        {
            Say(line);
        }

        Say($"broken: {again.Violation?.Message}");
        Say($"again: dotnet run -c Release --project tests/Simulation -- --seed {failure.Seed} --trace");
    }

    private static void Say(string text) => Console.WriteLine(text);
}
