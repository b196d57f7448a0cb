using System.Globalization;
using Customer360.Grains.Tests.Support;

namespace Customer360.Grains.Tests.Model;

/// <summary>
/// Compares random sequences of messages, splits, undone merges, failing writes and crashes with a plain model. With
/// <c>CUSTOMER360_MODEL_SEEDS=from-to</c> it runs those seeds (<c>17-17</c> repeats one), otherwise a few.
/// </summary>
public sealed class ModelTests
{
    private const int Steps = 25;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Grid_AfterAnySequence_KeepsItsInvariants(int half)
    {
        string[] range = (Environment.GetEnvironmentVariable("CUSTOMER360_MODEL_SEEDS") ?? "1-16").Split('-');
        int from = int.Parse(range[0], CultureInfo.InvariantCulture);
        int to = int.Parse(range[1], CultureInfo.InvariantCulture);
        List<string> broken = [];
        for (int seed = from + half; seed <= to; seed += 2)
        {
            await using TestGrid grid = await TestGrid.StartAsync(SettingsOf(seed));
            if (await new RandomRun(seed, grid).Run(Steps) is { } what)
            {
                broken.Add(what);
            }
        }

        Assert.True(broken.Count == 0, string.Join($"{Environment.NewLine}{Environment.NewLine}", broken));
    }

    /// <summary>
    /// Customers that write after every message, so that writes meet; checkpoints that are never saved, so that a crash brings
    /// everything again; waves that nobody waits for.
    /// </summary>
    private static (string Name, string Value)[] SettingsOf(int seed) =>
        [
            ("Customer360:Grid:SaveAfterMessages", new[] { "1", "2", "100" }[seed % 3]),
            ("Customer360:Grid:CheckpointInterval", new[] { "00:00:01", "01:00:00" }[seed / 3 % 2]),
            ("Customer360:Grid:CheckpointMessages", new[] { "1", "1000" }[seed / 6 % 2]),
            ("Customer360:Grid:ApplyMessagesMax", new[] { "500", "1" }[seed / 12 % 2]),
        ];
}
