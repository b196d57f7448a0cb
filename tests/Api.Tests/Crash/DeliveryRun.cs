using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Customer360.Api.Tests.Destinations;
using Customer360.Api.Tests.Privacy;
using Xunit.Abstractions;

namespace Customer360.Api.Tests.Crash;

/// <summary>
/// Processes of one grid are killed in the middle of deliveries, again and again: every event is delivered at least once, in order per
/// customer, and none is lost.
/// </summary>
internal sealed class DeliveryRun : IAsyncDisposable
{
    private const int Users = 20;

    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int[] _sent = new int[Users];
    private readonly OpenDsrAuthority _authority;
    private readonly OpenDsrReceiver _receiver;
    private readonly string _policies;
    private int _repeats;

    private DeliveryRun(OpenDsrAuthority authority, OpenDsrReceiver receiver, string policies) =>
        (_authority, _receiver, _policies) = (authority, receiver, policies);

    /// <summary>What a process needs to deliver to this run's receiver.</summary>
    public (string Name, string Value)[] Settings =>
        [
            ("CUSTOMER360__POLICIES__FOLDER", _policies),
            ("CUSTOMER360__DESTINATIONS__AUTHORITY", _authority.AuthorityFile),
            ("CUSTOMER360__DESTINATIONS__PRIVATEHOSTS__0", "127.0.0.1"),
            ("CUSTOMER360__DESTINATIONS__SECRETS__FIRST", DestinationHost.First),
            ("CUSTOMER360__DESTINATIONS__SECRETS__SECOND", DestinationHost.Second),
        ];

    private int Delivered => _seen.Values.Sum();

    /// <param name="folder">For policies.</param>
    public static async Task<DeliveryRun> StartAsync(string folder)
    {
        var authority = new OpenDsrAuthority();
        OpenDsrReceiver receiver = await OpenDsrReceiver.Start(authority.IssueServer());
        string policies = DestinationHost.PolicyFolder(folder);
        await File.WriteAllTextAsync(
            Path.Combine(policies, "destinations.yaml"),
            DestinationHost
                .PolicyOf("message", "limits: {timeout: 1, concurrent: 16, perSecond: 10000}")
                .Replace("$PORT", $"{receiver.Port}", StringComparison.Ordinal)
        );
        var run = new DeliveryRun(authority, receiver, policies);
        receiver.Answer = (context, _) => run.Take((string)context.Items["body"]!);
        return run;
    }

    /// <summary>Kills the processes in turn, each time while deliveries come.</summary>
    /// <param name="processes">They are ready.</param>
    public async Task RunAsync(ApiProcess[] processes, int kills, ITestOutputHelper output)
    {
        Task[] senders = [.. Enumerable.Range(0, Users).Select(user => Send(processes, user))];
        var random = new Random(Environment.TickCount & 0xFFFF);
        for (int kill = 0; kill < kills; kill++)
        {
            ApiProcess process = processes[kill % processes.Length];
            int before = Delivered;
            await process.WaitAsync(() => Task.FromResult(Delivered > before), "a delivery");
            // This is no waiting for something: it is the experiment, the moment of the kill.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 400)), TimeProvider.System);
            await process.KillAsync();
            process.Start();
        }

        await _stop.CancelAsync();
        await Task.WhenAll(senders);
        foreach (ApiProcess process in processes)
        {
            await process.WaitUntilReadyAsync();
        }

        await processes[0]
            .WaitAsync(
                () =>
                    Task.FromResult(
                        Enumerable.Range(0, Users).All(user => _seen.GetValueOrDefault($"u{user}") == _sent[user])
                    ),
                "all deliveries"
            );
        output.WriteLine($"{_sent.Sum()} events of {Users} customers, {kills} kills, {_repeats} delivered twice");
        Assert.Empty(_faults);
        Assert.True(_sent.Sum() > kills, $"{_sent.Sum()} events were sent.");
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _authority.Dispose();
        _stop.Dispose();
    }

    /// <summary>The next one, or the last one once more: nothing else may come.</summary>
    private Task Take(string body)
    {
        System.Text.Json.JsonElement message = ProfilesHost.Parse(body).GetProperty("data").GetProperty("message");
        string[] name = message.GetProperty("name").GetString()!.Split(' ');
        int number = int.Parse(name[1], CultureInfo.InvariantCulture);
        _seen.AddOrUpdate(name[0], user => Note(user, 0, number), (user, last) => Note(user, last, number));
        return Task.CompletedTask;
    }

    private int Note(string user, int last, int number)
    {
        if (number == last)
        {
            Interlocked.Increment(ref _repeats);
        }
        else if (number != last + 1)
        {
            _faults.Enqueue($"{user}: {number} came after {last}.");
        }

        return Math.Max(last, number);
    }

    private async Task Send(ApiProcess[] processes, int user)
    {
        int attempt = user;
        for (int number = 1; !_stop.IsCancellationRequested; number++)
        {
            string body =
                $$"""{"userId":"u{{user}}","messageId":"u{{user}}-{{number}}","event":"u{{user}} {{number}}"}""";
            while (!await Post(processes[attempt++ % processes.Length].Http, body)) { }

            _sent[user] = number;
        }
    }

    private static async Task<bool> Post(HttpClient http, string body)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await http.PostAsync(new Uri("/v1/track", UriKind.Relative), content);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            // The process is down; the same message is sent again.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            return false;
        }
    }
}
