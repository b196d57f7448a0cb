using System.Text.Json;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Simulation.World;

/// <summary>What has reached the receiver of a destination.</summary>
/// <param name="Destination">As its address ends.</param>
/// <param name="EffectId">What receivers know repeats by.</param>
/// <param name="Type">The word of the effect's kind.</param>
/// <param name="CustomerId">Whom it says it is about.</param>
/// <param name="MessageId">Of a message; else null.</param>
internal sealed record Arrival(string Destination, string EffectId, string Type, string CustomerId, string? MessageId);

/// <summary>
/// The receivers of deliveries, which outlive every process. While there are faults they fail, say that it is too much, or answer and are
/// not heard.
/// </summary>
internal sealed class Receiver(Dice dice)
{
    private readonly List<Arrival> _arrivals = [];

    public bool IsTroubled { get; set; }

    /// <summary>In the order in which it came, repeats with it.</summary>
    public IReadOnlyList<Arrival> Arrivals => _arrivals;

    public ReceiverFate Next() =>
        !IsTroubled
            ? default
            : new ReceiverFate(
                dice.Next(20) switch
                {
                    0 => ReceiverAnswer.Unreachable,
                    1 => ReceiverAnswer.Fails,
                    2 => ReceiverAnswer.WantsLess,
                    3 or 4 => ReceiverAnswer.IsNotHeard,
                    _ => ReceiverAnswer.Takes,
                },
                dice.Next(3) == 0
                    ? TimeSpan.FromMilliseconds(dice.Next(dice.Next(10) == 0 ? 8_000 : 100))
                    : TimeSpan.Zero
            );

    public void Take(DeliveryRequest request)
    {
        using JsonDocument body = JsonDocument.Parse(request.Body);
        JsonElement data = body.RootElement.GetProperty("data");
        _arrivals.Add(
            new Arrival(
                request.Url.AbsolutePath[1..],
                request.Headers.Single(one => one.Name == "webhook-id").Value,
                body.RootElement.GetProperty("type").GetString()!,
                data.GetProperty("customerId").GetString()!,
                data.TryGetProperty("message", out JsonElement message)
                    ? message.GetProperty("messageId").GetString()
                    : null
            )
        );
    }
}

internal enum ReceiverAnswer
{
    Takes = 0,
    Unreachable = 1,
    Fails = 2,
    WantsLess = 3,

    /// <summary>It takes it, and the answer is lost.</summary>
    IsNotHeard = 4,
}

/// <summary>What becomes of one request.</summary>
/// <param name="Delay">Until it is there.</param>
internal readonly record struct ReceiverFate(ReceiverAnswer Answer, TimeSpan Delay);

/// <summary>
/// Sends what a process has to say to receivers: what is on its way arrives, and what is answered is heard, at moments that the world
/// chooses, unless the process is dead by then. Nothing arrives after its time, since whoever sends gives up then.
/// </summary>
internal sealed class SimulatedSender(WorldLoop world, Process process, Receiver receiver) : IDeliverySender
{
    public async Task<DeliveryAnswer> SendAsync(DeliveryRequest request, CancellationToken stop)
    {
        ReceiverFate fate = receiver.Next();
        DateTimeOffset gaveUpAt = world.UtcNow + request.Timeout;
        TaskCompletionSource<DeliveryAnswer> answer = new();
        await using CancellationTokenRegistration _ = stop.UnsafeRegister(
            static (state, cancelled) => ((TaskCompletionSource<DeliveryAnswer>)state!).TrySetCanceled(cancelled),
            answer
        );
        After(fate.Delay, Arrive);
        return await answer.Task;

        void Arrive()
        {
            if (world.UtcNow >= gaveUpAt)
            {
                answer.TrySetResult(DeliveryAnswer.None(DeliveryFault.TimedOut, world.UtcNow));
                return;
            }

            if (fate.Answer is ReceiverAnswer.Takes or ReceiverAnswer.IsNotHeard)
            {
                receiver.Take(request);
                world.Tell($"the receiver takes {receiver.Arrivals[^1]}");
            }

            After(TimeSpan.Zero, Hear);
        }

        void Hear() =>
            answer.TrySetResult(
                fate.Answer switch
                {
                    ReceiverAnswer.Takes when world.UtcNow < gaveUpAt => new DeliveryAnswer(200, world.UtcNow),
                    ReceiverAnswer.Takes => DeliveryAnswer.None(DeliveryFault.TimedOut, world.UtcNow),
                    ReceiverAnswer.Unreachable => DeliveryAnswer.None(DeliveryFault.Unreachable, world.UtcNow),
                    ReceiverAnswer.Fails => new DeliveryAnswer(500, world.UtcNow),
                    ReceiverAnswer.WantsLess => new DeliveryAnswer(429, world.UtcNow) { RetryAfter = "2" },
                    _ => DeliveryAnswer.None(DeliveryFault.ConnectionLost, world.UtcNow),
                }
            );
    }

    private void After(TimeSpan delay, Action step)
    {
        if (delay > TimeSpan.Zero)
        {
            new WorldTimer(world, process, static state => ((Action)state!)(), step).Change(
                delay,
                Timeout.InfiniteTimeSpan
            );
        }
        else
        {
            world.Add(process, new SendOrPostCallback(static state => ((Action)state!)()), step);
        }
    }
}
