using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Customer360.ClusterRuns.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.ClusterRuns.Load;

/// <summary>
/// One caller per partition that sends, waits until its message is in the profile, reads the profile, and does it again. So the time
/// from a fault until each of them has got through is what callers feel, with whatever they were waiting for when it happened.
/// </summary>
public sealed class ServiceProbe
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly HttpClient _http;
    private readonly HttpSender _sender;
    private readonly Journal _journal;
    private volatile Watch? _watch;

    public ServiceProbe(HttpClient http, Journal journal)
    {
        _http = http;
        _journal = journal;
        _sender = new HttpSender(http, journal);
        People = [.. Enumerable.Range(0, GridCluster.Partitions).Select(PersonOf)];
    }

    /// <summary>The person whose messages go to a partition, by partition.</summary>
    public IReadOnlyList<string> People { get; }

    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(People.Select((person, partition) => RunAsync(partition, person, stop)));

    /// <summary>The time from now until every partition has served a caller from its first try to its end.</summary>
    /// <exception cref="TimeoutException">A partition does not within two minutes.</exception>
    public async Task<TimeSpan> TimeToServiceAsync()
    {
        var watch = new Watch(Stopwatch.GetTimestamp());
        _watch = watch;
        await watch.AllThrough.WaitAsync(s_patience, TimeProvider.System);
        return Stopwatch.GetElapsedTime(watch.Since);
    }

    private async Task RunAsync(int partition, string person, CancellationToken stop)
    {
        Random random = new(partition);
        for (int number = 0; !stop.IsCancellationRequested; number++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{person}-{number}");
            long began = Stopwatch.GetTimestamp();
            Message message = new(
                id,
                person,
                $$"""{"type":"track","event":"Probed","userId":"{{person}}","messageId":"{{id}}"}"""
            );
            await _sender.SendAsync([message], waitUntilApplied: true);
            await ReadAsync(person);
            _watch?.Through(partition, began);
            await Task.Delay(
                TimeSpan.FromMilliseconds(random.Next(20, 60)),
                TimeProvider.System,
                CancellationToken.None
            );
        }
    }

    private async Task ReadAsync(string person)
    {
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await _http.GetAsync(
                    new Uri($"/v1/profiles/user_id:{person}", UriKind.Relative)
                );
                if (response.IsSuccessStatusCode)
                {
                    return;
                }

                if (response.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
                {
                    _journal.Retry("503 of a read");
                }
                else
                {
                    _journal.Fault($"{(int)response.StatusCode} of a read");
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
            {
                _journal.Retry("connection of a read");
            }

            await Task.Delay(s_pause, TimeProvider.System);
        }
    }

    private static string PersonOf(int partition)
    {
        for (int number = 0; ; number++)
        {
            string person = string.Create(CultureInfo.InvariantCulture, $"probe{number}");
            if (Partitions.Of(Identifier.Create("user_id", person), GridCluster.Partitions) == partition)
            {
                return person;
            }
        }
    }

    private sealed class Watch(long since)
    {
        private readonly ConcurrentDictionary<int, bool> _through = [];
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Since => since;

        public Task AllThrough => _all.Task;

        /// <summary>Only a try that began after the fault says that there is service again.</summary>
        public void Through(int partition, long began)
        {
            if (began >= since && _through.TryAdd(partition, true) && _through.Count == GridCluster.Partitions)
            {
                _all.TrySetResult();
            }
        }
    }
}
