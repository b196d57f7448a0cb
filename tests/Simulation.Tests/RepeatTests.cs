using System.Diagnostics;
using Customer360.Simulation.Runs;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Tests;

/// <summary>A seed is a run: the same steps, here and in every other process.</summary>
public sealed class RepeatTests
{
    private static readonly NodeTemplate s_template = new();

    [Theory]
    [InlineData(7)]
    [InlineData(42)]
    [InlineData(4099)]
    public void Seed_WhenRunAgain_DoesTheSame(ulong seed)
    {
        RunResult first = Run(seed);
        // Another world in between must leave nothing behind on the thread.
        Run(seed + 1);
        RunResult second = Run(seed);

        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal(first.Steps, second.Steps);
        Assert.NotEqual(first.Hash, Run(seed + 2).Hash);
    }

    [Fact]
    public void Seed_WhenItsStoryIsTold_DoesTheSame()
    {
        var story = new Story(linesMax: 20_000);

        RunResult told = Runs.Simulation.Run(Plan.Of(42), s_template, new Marks(), story);

        Assert.Equal(Run(42).Hash, told.Hash);
        Assert.Contains(story.Lines, line => line.Contains("ICustomerGrain/Link", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(42)]
    [InlineData(2_144)]
    public async Task Seed_WhenRunInAnotherProcess_DoesTheSame(ulong seed)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(NodeTemplate).Assembly.Location, "--seed", $"{seed}"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Contains($"hash {Run(seed).Hash:x16}", output, StringComparison.Ordinal);
    }

    private static RunResult Run(ulong seed) => Runs.Simulation.Run(Plan.Of(seed), s_template, new Marks());
}
