using System.Diagnostics;
using System.Globalization;

namespace Customer360.Benchmarks.Grid;

/// <summary>
/// How long it takes from the message of somebody new to the routed lead: durable, with its turn of a pool, its place with a person and
/// its row in the list. Beside it the same people without leads, in the same run.
/// </summary>
internal static class LeadsBenchmark
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(20);

    /// <param name="policies">A folder with <c>lifecycle.yaml</c>, <c>scoring.yaml</c>, <c>routing.yaml</c> and <c>sales-team.yaml</c>.</param>
    /// <param name="perSecond">People a second.</param>
    public static async Task RunAsync(string policies, int perSecond)
    {
        double[] without = await MeasureAsync(perSecond);
        double[] with = await MeasureAsync(perSecond, ("CUSTOMER360__POLICIES__FOLDER", Path.GetFullPath(policies)));
        Report.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"from a message to the routed lead, {perSecond} new people a second"
            ),
            Text(with),
            $"the same people without leads: {Text(without)}",
            $"{PacedLoad.Percentile(with, 0.99) / PacedLoad.Percentile(without, 0.99):N1}",
            "p99 50 ms at 500 a second"
        );
    }

    private static async Task<double[]> MeasureAsync(int perSecond, params (string Name, string Value)[] settings)
    {
        using var folder = new TemporaryFolder();
        await using GridServer grid = await GridServer.StartAsync(folder.Path, connection: null, settings);
        using var client = new GridClient(grid.Port);
        await SendAsync(client, perSecond, s_warmUp, "warm");
        return await SendAsync(client, perSecond, s_time, "measured");
    }

    private static async Task<double[]> SendAsync(GridClient client, int perSecond, TimeSpan time, string name)
    {
        List<Task<double>> sent = [];
        long start = Stopwatch.GetTimestamp();
        int count = (int)(time.TotalSeconds * perSecond);
        for (int number = 0; number < count; number++)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)number / perSecond);
            string body = BodyOf(string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, TimeProvider.System);
            }

            sent.Add(MeasureOneAsync(client, body, start, due));
        }

        return await Task.WhenAll(sent);
    }

    private static async Task<double> MeasureOneAsync(GridClient client, string body, long start, TimeSpan due)
    {
        await client.PostAsync("/v1/batch?wait=applied", body);
        return (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
    }

    /// <summary>One message that says all at once, as a form of a site does: a demo is asked for, and by whom.</summary>
    private static string BodyOf(string id) =>
        $$$"""
            {"batch":[{"type":"track","messageId":"{{{id}}}","userId":"{{{id}}}","event":"Demo Requested","properties":{}},
            {"type":"identify","messageId":"{{{id}}}-i","userId":"{{{id}}}","traits":{"email":"{{{id}}}@acme.example","company":"Acme","jobTitle":"Head","leadSource":"demo","territory":"emea"}}]}
            """;

    private static string Text(double[] latencies) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"median {PacedLoad.Percentile(latencies, 0.5):N1} ms, p99 {PacedLoad.Percentile(latencies, 0.99):N1} ms"
        );
}
