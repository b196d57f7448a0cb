using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.ClusterRuns.Nodes;

namespace Customer360.ClusterRuns.Runs;

/// <summary>An orderly stop of a silo that is full of activations.</summary>
public static class StopRun
{
    private const int BatchMax = 500;
    private const int Senders = 4;

    /// <summary>Fills two silos with customers of two identifiers each, stops one, and waits until the other serves all partitions.</summary>
    public static async Task<bool> RunAsync(int customers, string? logFolder)
    {
        await using GridCluster cluster = await GridCluster.StartAsync(silos: 2, logFolder: logFolder);
        await Task.WhenAll(
            Enumerable.Range(0, customers).Chunk(BatchMax).Chunk((customers / BatchMax / Senders) + 1).Select(SendAll)
        );
        await cluster.WaitUntilEvenAsync(2);
        foreach (NodeProcess node in cluster.Silos.Append(cluster.Api!))
        {
            (double megabytes, TimeSpan processor) = node.Measure();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{node.Name} after {customers} messages about as many customers: {megabytes:0} MB, {processor.TotalSeconds:0.0} s of a processor"
                )
            );
        }

        JsonElement described = await cluster.DescribeAsync();
        NodeProcess silo = cluster.Silos[0];
        string activations = described
            .GetProperty("silos")
            .EnumerateArray()
            .First(one => one.GetProperty("name").GetString() == silo.Name)
            .GetProperty("activations")
            .GetRawText();
        cluster.Forget(silo);
        long began = Stopwatch.GetTimestamp();
        TimeSpan stopped = await silo.StopAsync();
        int code = silo.ExitCode;
        await silo.DisposeAsync();
        await cluster.WaitUntilEvenAsync(1);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{activations}: SIGTERM, exit code {code} after {stopped.TotalSeconds:0.0} s; all partitions elsewhere after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"
            )
        );
        return code == 0;

        async Task SendAll(int[][] batches)
        {
            foreach (int[] batch in batches)
            {
                string messages = string.Join(',', batch.Select(Identify));
                while (true)
                {
                    using StringContent body = new($$"""{"batch":[{{messages}}]}""", Encoding.UTF8, "application/json");
                    using HttpResponseMessage response = await cluster.Http.PostAsync(
                        new Uri("/v1/batch?wait=applied", UriKind.Relative),
                        body
                    );
                    if (response.IsSuccessStatusCode)
                    {
                        break;
                    }

                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
                }
            }
        }
    }

    private static string Identify(int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":"identify","userId":"u{{number}}","anonymousId":"a{{number}}","messageId":"m{{number}}"}"""
        );
}
