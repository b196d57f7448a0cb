using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Customer360.ClusterRuns.Nodes;
using Customer360.Tests.Support;

namespace Customer360.Cluster.Tests;

/// <summary>Live changes where the API is one process and the customers live on others.</summary>
public sealed class ChangesTests
{
    private const int Changes = 6;

    /// <summary>So long a stream that no hint reaches waits for a change, by default.</summary>
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);

    [DatabaseFact]
    public async Task Change_OnASilo_IsToldByTheApiBeforeItWouldHaveLooked()
    {
        await using GridCluster cluster = await GridCluster.StartAsync(silos: 2);
        await Identify(cluster, 0);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/profiles/user_id:followed/changes");
        using var client = new HttpClient { BaseAddress = cluster.Address, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GridCluster.Key);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await Told(reader, 0);

        // The API has taken the stream once the first hint has come; that may take until its own look.
        await Identify(cluster, 1);
        await Told(reader, 1);
        long start = Stopwatch.GetTimestamp();
        for (int number = 2; number <= Changes; number++)
        {
            await Identify(cluster, number);
            await Told(reader, number);
        }

        // By its own looks alone there would have been a heartbeat before each.
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        Assert.True(taken < s_heartbeat * (Changes - 2), $"{Changes - 1} changes were told within {taken}.");
    }

    private static async Task Identify(GridCluster cluster, int number)
    {
        using HttpResponseMessage response = await cluster.Http.PostAsJsonAsync(
            new Uri("/v1/identify?wait=applied", UriKind.Relative),
            new
            {
                userId = "followed",
                messageId = $"change-{number}",
                traits = new { plan = $"plan-{number}" },
            }
        );
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
    }

    private static async Task Told(StreamReader reader, int number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains($"plan-{number}\"", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("The stream has ended.");
    }
}
