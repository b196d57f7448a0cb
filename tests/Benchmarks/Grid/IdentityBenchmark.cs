using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Customer360.Benchmarks.Grid;

/// <summary>Merges into, and splits, a customer with 100,000 events and one with 10: the state costs, not the history.</summary>
internal static class IdentityBenchmark
{
    private const int Few = 10;
    private const int Many = 100_000;
    private const int Rounds = 41;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path);
        using var client = new GridClient(grid.Port);
        await FillAsync(client, "few", Few);
        await FillAsync(client, "many", Many);
        (double fewMerge, double fewSplit, double manyMerge, double manySplit) = await MeasureAsync(client);
        Line("merge", manyMerge, fewMerge);
        Line("split", manySplit, fewSplit);
    }

    private static void Line(string what, double many, double few) =>
        Report.Line(
            $"{what} of a customer with 100,000 events",
            $"{many:N2} ms",
            $"with 10: {few:N2} ms",
            $"{many / few:N2}",
            "at most 1.50"
        );

    private static async Task FillAsync(GridClient client, string user, int events)
    {
        const int Batch = 500;
        for (int sent = 0; sent < events; sent += Batch)
        {
            var body = new StringBuilder("{\"batch\":[");
            for (int index = sent; index < Math.Min(events, sent + Batch); index++)
            {
                body.Append(index == sent ? "" : ",")
                    .Append(
                        CultureInfo.InvariantCulture,
                        $$$"""{"type":"track","messageId":"{{{user}}}-{{{index}}}","userId":"{{{user}}}","event":"Viewed {{{index % 10}}}","properties":{}}"""
                    );
            }

            await client.PostAsync("/v1/batch?wait=applied", body.Append("]}").ToString());
        }
    }

    /// <summary>They take turns, so that other work of the machine meets both. Medians count, and the first round is left out.</summary>
    private static async Task<(double, double, double, double)> MeasureAsync(GridClient client)
    {
        List<double> fewMerges = [];
        List<double> fewSplits = [];
        List<double> manyMerges = [];
        List<double> manySplits = [];
        for (int round = 0; round < Rounds; round++)
        {
            await RoundAsync(client, "few", round, fewMerges, fewSplits);
            await RoundAsync(client, "many", round, manyMerges, manySplits);
        }

        return (Median(fewMerges), Median(fewSplits), Median(manyMerges), Median(manySplits));
    }

    private static async Task RoundAsync(
        GridClient client,
        string user,
        int round,
        List<double> merges,
        List<double> splits
    )
    {
        string device = string.Create(CultureInfo.InvariantCulture, $"{user}-device-{round}");
        await client.PostAsync(
            "/v1/track?wait=applied",
            $$"""{"anonymousId":"{{device}}","event":"Opened","messageId":"open-{{device}}"}"""
        );
        long start = Stopwatch.GetTimestamp();
        await client.PostAsync(
            "/v1/identify?wait=applied",
            $$"""{"userId":"{{user}}","anonymousId":"{{device}}","messageId":"join-{{device}}"}"""
        );
        merges.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        start = Stopwatch.GetTimestamp();
        await client.PostAsync(
            $"/v1/profiles/user_id:{user}/split",
            $$"""{"identifiers":["anonymous_id:{{device}}"],"reason":"benchmark"}"""
        );
        splits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private static double Median(List<double> times)
    {
        double[] sorted = [.. times.Skip(1).Order()];
        return sorted[sorted.Length / 2];
    }
}
