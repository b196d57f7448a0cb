using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Tests.Destinations;

/// <summary>A receiver in the place of the network: it keeps what comes, and answers as it is told.</summary>
internal sealed class FakeReceiver : IDeliverySender, IDestinationSecrets
{
    private readonly ConcurrentQueue<DeliveryRequest> _requests = new();
    private int _count;

    /// <summary>What it answers to a request, by its number from 1: a status and a body; 0: it took it, and its answer was lost.</summary>
    public Func<JsonElement, int, (int Status, string Body)> Answer { get; set; } = static (_, _) => (200, "");

    public IReadOnlyCollection<DeliveryRequest> Requests => _requests;

    public IEnumerable<JsonElement> Bodies => _requests.Select(request => Parse(request.Body));

    /// <summary>It takes as long as this.</summary>
    public Task Pause { get; set; } = Task.CompletedTask;

    public async Task<DeliveryAnswer> SendAsync(DeliveryRequest request, CancellationToken stop)
    {
        _requests.Enqueue(request);
        (int status, string body) = Answer(Parse(request.Body), Interlocked.Increment(ref _count));
        await Pause.WaitAsync(stop);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return status == 0
            ? DeliveryAnswer.None(DeliveryFault.TimedOut, now)
            : new DeliveryAnswer(status, now) { Body = Encoding.UTF8.GetBytes(body) };
    }

    public ImmutableArray<string> Of(ImmutableArray<string> names) =>
        [.. names.Select(_ => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return default;
        }

        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }
}
