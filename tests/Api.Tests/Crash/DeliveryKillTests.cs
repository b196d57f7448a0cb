using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Customer360.Api.Tests.Destinations;
using Customer360.Api.Tests.Privacy;
using Xunit.Abstractions;

namespace Customer360.Api.Tests.Crash;

/// <summary>
/// The program is killed in the middle of deliveries, again and again: every event is delivered at least once, in order per customer, and
/// none is lost.
/// </summary>
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class DeliveryKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Users = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-deliveries-").FullName;
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int[] _sent = new int[Users];
    private int _repeats;

    [Fact]
    public async Task Deliveries_WhenProcessIsKilled_AreInOrderAndNoneIsLost()
    {
        using var authority = new OpenDsrAuthority();
        await using OpenDsrReceiver receiver = await OpenDsrReceiver.Start(authority.IssueServer());
        receiver.Answer = (context, _) => Take((string)context.Items["body"]!);
        string policies = DestinationHost.PolicyFolder(_folder);
        await File.WriteAllTextAsync(
            Path.Combine(policies, "destinations.yaml"),
            DestinationHost
                .PolicyOf("message", "limits: {timeout: 1, concurrent: 16, perSecond: 10000}")
                .Replace("$PORT", $"{receiver.Port}", StringComparison.Ordinal)
        );
        await using ApiProcess api = new(
            ("CUSTOMER360__DATA", Path.Combine(_folder, "data")),
            ("CUSTOMER360__POLICIES__FOLDER", policies),
            ("CUSTOMER360__DESTINATIONS__AUTHORITY", authority.AuthorityFile),
            ("CUSTOMER360__DESTINATIONS__PRIVATEHOSTS__0", "127.0.0.1"),
            ("CUSTOMER360__DESTINATIONS__SECRETS__FIRST", DestinationHost.First),
            ("CUSTOMER360__DESTINATIONS__SECRETS__SECOND", DestinationHost.Second)
        );
        api.Start();
        await api.WaitUntilReadyAsync();
        Task[] senders = [.. Enumerable.Range(0, Users).Select(user => Send(api.Http, user))];
        var random = new Random(Environment.TickCount & 0xFFFF);
        for (int kill = 1; kill <= ProcessCollection.Kills; kill++)
        {
            int before = _seen.Values.Sum();
            await api.WaitAsync(() => Task.FromResult(_seen.Values.Sum() > before), "a delivery");
            // This is no waiting for something: it is the experiment, the moment of the kill.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 400)), TimeProvider.System);
            await api.KillAsync();
            api.Start();
        }

        await _stop.CancelAsync();
        await Task.WhenAll(senders);
        await api.WaitUntilReadyAsync();
        await api.WaitAsync(
            () =>
                Task.FromResult(
                    Enumerable.Range(0, Users).All(user => _seen.GetValueOrDefault($"u{user}") == _sent[user])
                ),
            "all deliveries"
        );

        output.WriteLine(
            $"{_sent.Sum()} events of {Users} customers, {ProcessCollection.Kills} kills, {_repeats} delivered twice"
        );
        Assert.Empty(_faults);
        Assert.True(_sent.Sum() > ProcessCollection.Kills, $"{_sent.Sum()} events were sent.");
    }

    public void Dispose()
    {
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
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

    private async Task Send(HttpClient http, int user)
    {
        for (int number = 1; !_stop.IsCancellationRequested; number++)
        {
            string body =
                $$"""{"userId":"u{{user}}","messageId":"u{{user}}-{{number}}","event":"u{{user}} {{number}}"}""";
            while (!await Post(http, body)) { }

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
