using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>Measures of destinations. Tags name destinations and words, never people.</summary>
public sealed class DestinationWatch
{
    private readonly ConcurrentDictionary<string, (DateTimeOffset? OldestAt, TimeSpan Freshness)> _seen = new(
        StringComparer.Ordinal
    );
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _freshness;
    private readonly Counter<long> _late;

    public DestinationWatch(IMeterFactory meters, TimeProvider time)
    {
        Meter meter = meters.Create(GridInstruments.Name);
        _deliveries = meter.CreateCounter<long>(
            "customer360.destinations.deliveries",
            "{delivery}",
            "Deliveries by destination and outcome: sent, withheld, failed, retry."
        );
        _freshness = meter.CreateHistogram<double>(
            "customer360.destinations.freshness",
            "s",
            "From the cause of what was sent to its being taken."
        );
        _late = meter.CreateCounter<long>(
            "customer360.destinations.late",
            "{delivery}",
            "Deliveries that were taken later than the destination's freshness says."
        );
        meter.CreateObservableGauge(
            "customer360.destinations.age",
            () =>
                _seen.Select(one => new Measurement<double>(
                    one.Value.OldestAt is { } at ? Math.Max(0, (time.GetUtcNow() - at).TotalSeconds) : 0,
                    new KeyValuePair<string, object?>("destination", one.Key)
                )),
            "s",
            "The age of the oldest of what waits."
        );
    }

    /// <summary>The loop has looked at what waits.</summary>
    public void Saw(string destination, DateTimeOffset? oldestAt, TimeSpan freshness) =>
        _seen[destination] = (oldestAt, freshness);

    /// <summary>This node looks after it no longer.</summary>
    public void Left(string destination) => _seen.TryRemove(destination, out _);

    public void Delivered(Destination destination, DeliveryResult result, DateTimeOffset now)
    {
        var name = new KeyValuePair<string, object?>("destination", destination.Name);
        _deliveries.Add(
            1,
            name,
            new KeyValuePair<string, object?>("outcome", DeliveryWords.Of(result.Outcome)),
            new KeyValuePair<string, object?>("reason", result.Reason)
        );
        if (result.Outcome == DeliveryOutcome.Sent)
        {
            TimeSpan age = now - result.Item.Effect.At;
            _freshness.Record(age.TotalSeconds, name);
            if (age > destination.Freshness)
            {
                _late.Add(1, name);
            }
        }
    }
}
