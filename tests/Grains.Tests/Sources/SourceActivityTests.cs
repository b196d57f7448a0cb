using System.Collections.Immutable;
using System.Globalization;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;

namespace Customer360.Grains.Tests.Sources;

/// <summary>When sources last sent: the later time counts, it outlives a crash, and it is bounded.</summary>
public sealed class SourceActivityTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Note_InAnyOrder_KeepsTheLaterTime_ThroughACrash()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await Activity(grid).Note([new("web", s_at.AddMinutes(1)), new("crm", s_at)]);
        await Activity(grid).Note([new("web", s_at)]);

        await grid.CrashAndRestartAsync();

        Assert.Equal(
            [new SourceSent("crm", s_at), new SourceSent("web", s_at.AddMinutes(1))],
            (await Activity(grid).Get()).AsEnumerable()
        );
    }

    [Fact]
    public async Task Note_OfMoreThanAreKept_ForgetsThoseOfLongAgo()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        await Activity(grid)
            .Note([
                .. Enumerable
                    .Range(0, SourceActivityGrain.SourcesMax + 5)
                    .Select(number => new SourceSent(
                        string.Create(CultureInfo.InvariantCulture, $"s{number:D4}"),
                        s_at.AddSeconds(number)
                    )),
            ]);

        ImmutableArray<SourceSent> known = await Activity(grid).Get();
        Assert.Equal(SourceActivityGrain.SourcesMax, known.Length);
        Assert.Equal("s0005", known[0].Source);
    }

    private static ISourceActivityGrain Activity(TestGrid grid) =>
        grid.Grains.GetGrain<ISourceActivityGrain>(GrainKeys.Current);
}
