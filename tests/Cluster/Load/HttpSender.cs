using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Customer360.ClusterRuns.Load;

/// <summary>
/// Senders that post batches and send each again, unchanged, until it is acknowledged. 503, 429 and a broken connection mean "again";
/// every other answer than 200 is a fault.
/// </summary>
public sealed class HttpSender(HttpClient http, Journal journal)
{
    private const int BatchMax = 10;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends messages about a crowd until it is told to stop, and brings to its end what it has begun.</summary>
    public async Task RunAsync(string crowd, int people, int seed, CancellationToken stop)
    {
        Random random = new(seed);
        for (int number = 0; !stop.IsCancellationRequested; number++)
        {
            Message[] batch =
            [
                .. Enumerable
                    .Range(0, random.Next(1, BatchMax + 1))
                    .Select(index =>
                        Crowd.Any(
                            Crowd.Person(crowd, random.Next(people)),
                            string.Create(CultureInfo.InvariantCulture, $"{crowd}-{seed}-{number}-{index}"),
                            random
                        )
                    ),
            ];
            await SendAsync(batch, waitUntilApplied: random.Next(4) == 0);
        }
    }

    /// <summary>Sends until the answer is 200, and with <paramref name="waitUntilApplied"/> until it says that all is applied.</summary>
    public async Task SendAsync(IReadOnlyList<Message> batch, bool waitUntilApplied)
    {
        string path = waitUntilApplied ? "/v1/batch?wait=applied" : "/v1/batch";
        string body = $$"""{"batch":[{{string.Join(',', batch.Select(message => message.Json))}}]}""";
        long began = Stopwatch.GetTimestamp();
        while (!await TryAsync(path, body, waitUntilApplied))
        {
            await Task.Delay(s_pause, TimeProvider.System);
        }

        journal.Acknowledge(batch, Stopwatch.GetElapsedTime(began));
    }

    private async Task<bool> TryAsync(string path, string body, bool waitUntilApplied)
    {
        try
        {
            using StringContent content = new(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
            string text = await response.Content.ReadAsStringAsync();
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    return !waitUntilApplied || IsApplied(text);
                case HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests:
                    journal.Retry($"{(int)response.StatusCode}");
                    return false;
                default:
                    journal.Fault($"{(int)response.StatusCode} {text}");
                    return false;
            }
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            journal.Retry(error is TaskCanceledException ? "no answer" : "connection");
            return false;
        }
    }

    private bool IsApplied(string text)
    {
        using var document = JsonDocument.Parse(text);
        bool isApplied = document.RootElement.GetProperty("applied").GetBoolean();
        if (!isApplied)
        {
            journal.Retry("not applied in time");
        }

        return isApplied;
    }
}
