using System.Globalization;
using Customer360.Grains.Tests.Support;

namespace Customer360.Grains.Tests.Model;

/// <summary>
/// Random sequences of messages, splits, undone merges, failing writes and crashes against a plain model. With
/// <c>CUSTOMER360_MODEL_SEEDS=from-to</c> it runs those seeds (<c>17-17</c> repeats one), else a few.
/// </summary>
public sealed class ModelTests
{
    private const int Steps = 25;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Grid_AfterAnySequence_KeepsItsInvariants(int half)
    {
        string[] range = (Environment.GetEnvironmentVariable("CUSTOMER360_MODEL_SEEDS") ?? "1-10").Split('-');
        int from = int.Parse(range[0], CultureInfo.InvariantCulture);
        int to = int.Parse(range[1], CultureInfo.InvariantCulture);
        List<string> broken = [];
        for (int seed = from + half; seed <= to; seed += 2)
        {
            await using TestGrid grid = await TestGrid.StartAsync();
            if (await new RandomRun(seed, grid).Run(Steps) is { } what)
            {
                broken.Add(what);
            }
        }

        Assert.True(broken.Count == 0, string.Join($"{Environment.NewLine}{Environment.NewLine}", broken));
    }
}
