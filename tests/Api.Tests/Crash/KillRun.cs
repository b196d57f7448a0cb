using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Customer360.Api.Tests.Crash;

/// <summary>
/// The service under load is killed at random moments and started again on what it left. Then every acknowledged message
/// must be in exactly one profile, once.
/// </summary>
public static class KillRun
{
    /// <summary>Repeats a run's moments as far as the machine allows; without it every run has new ones.</summary>
    private const string SeedVariable = "CUSTOMER360_TEST_SEED";

    public static async Task RunAsync(ApiProcess api, int kills, ITestOutputHelper output)
    {
        int seed = int.TryParse(
            Environment.GetEnvironmentVariable(SeedVariable),
            CultureInfo.InvariantCulture,
            out int given
        )
            ? given
            : Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed} ({SeedVariable} repeats it), {kills} kills");
        Traffic traffic = new(api.Http, seed);
        long start = Stopwatch.GetTimestamp();
        api.Start();
        await api.WaitUntilReadyAsync();
        Task sending = traffic.RunAsync();
        await KillAsync(api, traffic, sending, new Random(seed), kills);

        traffic.Stop();
        await sending;
        await api.WaitUntilReadyAsync();
        StoredModel model = await SendLastAsync(traffic);
        output.WriteLine(
            $"{traffic.Acknowledged.Count} messages acknowledged, {traffic.Repeats} requests sent again, "
                + $"{traffic.Duplicates} messages recognised, {model.Customers().Count} customers, "
                + $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0} s"
        );
        await AssertAsync(api, model, seed);

        // It is compared once more from disk alone, since what was read above may have lived in memory only.
        await api.KillAsync();
        api.Start();
        await api.WaitUntilReadyAsync();
        await AssertAsync(api, model, seed);
        output.WriteLine($"all of it compared twice, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
    }

    private static async Task KillAsync(ApiProcess api, Traffic traffic, Task sending, Random random, int kills)
    {
        for (int kill = 1; kill <= kills; kill++)
        {
            // Every fourth life ends at any moment of its start, the others under load.
            bool early = random.Next(4) == 0;
            if (!early)
            {
                int before = traffic.Acknowledged.Count;
                await api.WaitAsync(
                    () => Task.FromResult(sending.IsCompleted || traffic.Acknowledged.Count > before),
                    "the first answers"
                );
            }

            // This is no waiting for something: it is the experiment, the moment of the kill.
            TimeSpan moment = TimeSpan.FromMilliseconds(early ? random.Next(200, 1_500) : random.Next(0, 700));
            await Task.WhenAny(sending, Task.Delay(moment, TimeProvider.System));
            if (sending.IsCompleted)
            {
                // A sender has met an answer that must not be; its exception is the result.
                await sending;
            }

            await api.KillAsync();
            api.Start();
            if (kill % 2 == 0)
            {
                traffic.NextWave();
            }
        }
    }

    /// <summary>Sends everyone a last message, which is answered when the profiles show it. By then they show all before it, too.</summary>
    private static async Task<StoredModel> SendLastAsync(Traffic traffic)
    {
        StoredModel model = Model(traffic);
        SentMessage[] last =
        [
            .. model
                .Customers()
                .Values.Select(customer =>
                    customer.Identifiers.First(name => !name.StartsWith("email:", StringComparison.Ordinal))
                )
                .Select(Traffic.LastOf),
        ];
        foreach (SentMessage[] batch in last.Chunk(200))
        {
            await traffic.SendAppliedAsync(batch);
        }

        return Model(traffic);
    }

    private static StoredModel Model(Traffic traffic)
    {
        StoredModel model = new();
        foreach (SentMessage message in traffic.Acknowledged)
        {
            model.Add(message);
        }

        return model;
    }

    private static async Task AssertAsync(ApiProcess api, StoredModel model, int seed)
    {
        IReadOnlyList<string> faults = [];
        try
        {
            await api.WaitAsync(
                async () => (faults = await Audit.CompareAsync(api.Http, model)).Count == 0,
                "the profiles to equal the model"
            );
        }
        catch (InvalidOperationException error)
        {
            Assert.Fail($"seed {seed}:\n{string.Join('\n', faults)}\n{error.Message}");
        }

        faults = await Audit.CompareTimelinesAsync(api.Http, model);
        Assert.True(faults.Count == 0, $"seed {seed}:\n{string.Join('\n', faults)}");
    }
}
