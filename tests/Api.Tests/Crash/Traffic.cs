using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests.Crash;

/// <summary>
/// Senders that post batches about a crowd of people, and send again, with the same message ids, whatever was not
/// acknowledged. Every few kills another crowd of forty comes, so that there is always somebody to create, link and merge.
/// </summary>
public sealed class Traffic(HttpClient http, int seed)
{
    private const int Senders = 4;
    private const int PeoplePerWave = 40;
    private const int BatchMax = 12;
    private readonly ConcurrentQueue<SentMessage> _acknowledged = new();
    private readonly ConcurrentDictionary<string, string> _places = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private int _wave;
    private int _repeats;
    private int _duplicates;

    /// <summary>Every message whose request was answered 200.</summary>
    public IReadOnlyCollection<SentMessage> Acknowledged => _acknowledged;

    /// <summary>Requests that had no answer and were sent again.</summary>
    public int Repeats => _repeats;

    /// <summary>Messages that were stored by a request that had no answer, and recognised when they came again.</summary>
    public int Duplicates => _duplicates;

    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Senders).Select(Send));

    public void NextWave() => Interlocked.Increment(ref _wave);

    /// <summary>Begins no new batches; what is not acknowledged yet is still sent until it is.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Sends messages until they are acknowledged and their profiles show them.</summary>
    public async Task SendAppliedAsync(IReadOnlyList<SentMessage> messages)
    {
        bool isKnown = false;
        while (true)
        {
            JsonElement answer = await Post(messages, "/v1/batch?wait=applied");
            Take(messages, answer, isKnown);
            isKnown = true;
            if (answer.GetProperty("applied").GetBoolean())
            {
                return;
            }
        }
    }

    /// <summary>One message that carries an identifier alone.</summary>
    public static SentMessage LastOf(string identifier, int number)
    {
        string id = $"last-{number}";
        string[] parts = identifier.Split(':', 2);
        string owner = parts[0] == "user_id" ? $"\"userId\":\"{parts[1]}\"" : $"\"anonymousId\":\"{parts[1]}\"";
        return new SentMessage(
            id,
            "track",
            "Last",
            [identifier],
            $$"""{"type":"track","event":"Last",{{owner}},"messageId":"{{id}}"}"""
        );
    }

    private async Task Send(int sender)
    {
        Random random = new((seed * Senders) + sender);
        for (int number = 0; !_stop.IsCancellationRequested; number++)
        {
            string prefix = $"m-{sender}-{number}";
            int count = random.Next(1, BatchMax + 1);
            SentMessage[] batch = [.. Enumerable.Range(0, count).Select(index => Make(random, $"{prefix}-{index}"))];
            Take(batch, await Post(batch, "/v1/batch"), isKnown: false);
            if (random.Next(20) == 0)
            {
                // The sender acts as if it had forgotten that it was answered. All must be recognised, at the same places.
                Take(batch, await Post(batch, "/v1/batch"), isKnown: true);
            }
        }
    }

    private SentMessage Make(Random random, string id)
    {
        // Mostly they are of the present crowd; some came before, and their customers are on disk and out of memory.
        int wave = random.Next(4) == 0 ? random.Next(_wave + 1) : _wave;
        int person = (wave * PeoplePerWave) + random.Next(PeoplePerWave);
        string user = $"u{person}";
        string device = $"a{person}-{random.Next(4)}";
        string email = $"p{person}@example.com";
        return random.Next(10) switch
        {
            0 or 1 or 2 => new(
                id,
                "track",
                "Seen",
                [$"anonymous_id:{device}"],
                $$"""{"type":"track","event":"Seen","anonymousId":"{{device}}","messageId":"{{id}}"}"""
            ),
            3 or 4 or 5 => new(
                id,
                "track",
                "Bought",
                [$"user_id:{user}"],
                $$"""{"type":"track","event":"Bought","userId":"{{user}}","messageId":"{{id}}"}"""
            ),
            6 => new(
                id,
                "identify",
                "",
                [$"user_id:{user}", $"anonymous_id:{device}"],
                $$"""{"type":"identify","userId":"{{user}}","anonymousId":"{{device}}","messageId":"{{id}}"}"""
            ),
            7 => new(
                id,
                "identify",
                "",
                [$"email:{email}", $"anonymous_id:{device}"],
                $$"""{"type":"identify","anonymousId":"{{device}}","traits":{"email":"{{email}}"},"messageId":"{{id}}"}"""
            ),
            8 => new(
                id,
                "alias",
                "",
                [$"user_id:{user}", $"anonymous_id:{device}"],
                $$"""{"type":"alias","userId":"{{user}}","previousId":"{{device}}","messageId":"{{id}}"}"""
            ),
            _ => new(
                id,
                "group",
                "",
                [$"user_id:{user}"],
                $$"""{"type":"group","userId":"{{user}}","groupId":"g{{person % 7}}","messageId":"{{id}}"}"""
            ),
        };
    }

    /// <summary>Posts until the answer is 200.</summary>
    private async Task<JsonElement> Post(IReadOnlyList<SentMessage> batch, string path)
    {
        string body = $$"""{"batch":[{{string.Join(',', batch.Select(message => message.Json))}}]}""";
        while (true)
        {
            try
            {
                using HttpRequestMessage request = new(HttpMethod.Post, new Uri(path, UriKind.Relative));
                request.Headers.Add("X-Receipts", "true");
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                using HttpResponseMessage response = await http.SendAsync(request);
                string text = await response.Content.ReadAsStringAsync();
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    using var document = JsonDocument.Parse(text);
                    return document.RootElement.Clone();
                }

                // These two say "again, later"; anything else would be a fault of the service.
                Assert.True(
                    response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests,
                    $"{(int)response.StatusCode} {text}"
                );
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
            {
                // The process is gone, with or without having stored the batch.
            }

            Interlocked.Increment(ref _repeats);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private void Take(IReadOnlyList<SentMessage> batch, JsonElement answer, bool isKnown)
    {
        JsonElement receipts = answer.GetProperty("receipts");
        for (int index = 0; index < batch.Count; index++)
        {
            JsonElement receipt = receipts[index];
            string place = $"{receipt.GetProperty("partition")}/{receipt.GetProperty("position")}";
            bool isDuplicate = receipt.GetProperty("status").GetString() == "duplicate";
            if (isKnown)
            {
                Assert.True(isDuplicate, $"{batch[index].MessageId} was stored twice.");
                Assert.Equal(_places[batch[index].MessageId], place);
                continue;
            }

            Assert.True(_places.TryAdd(batch[index].MessageId, place));
            _acknowledged.Enqueue(batch[index]);
            if (isDuplicate)
            {
                Interlocked.Increment(ref _duplicates);
            }
        }
    }
}
