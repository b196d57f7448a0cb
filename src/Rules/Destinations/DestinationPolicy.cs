using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Destinations;

/// <summary><c>destinations.yaml</c>, read: where effects are sent.</summary>
public sealed class DestinationPolicy
{
    /// <param name="destinations">By name.</param>
    public DestinationPolicy(ImmutableSortedDictionary<string, Destination> destinations)
    {
        Destinations = destinations;
        Destination[] ofMessages = [.. destinations.Values.Where(one => one.Effects.Contains(EffectKind.Message))];
        Demand = new EffectDemand(
            destinations.IsEmpty,
            ofMessages.Any(one => one.Messages.IsEmpty),
            [.. ofMessages.SelectMany(one => one.Messages)]
        )
        {
            Purposes = destinations
                .Values.Select(one => one.Purpose)
                .Where(one => one.Length > 0)
                .ToImmutableSortedSet(StringComparer.Ordinal),
        };
    }

    public ImmutableSortedDictionary<string, Destination> Destinations { get; }

    /// <summary>How long it is kept that something was sent. Default: a day.</summary>
    public TimeSpan KeepsSent { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long it is kept what was withheld and what was given up, which can be replayed. Default: 30 days.</summary>
    public TimeSpan KeepsOthers { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Which effects any of them gets.</summary>
    public EffectDemand Demand { get; }

    /// <summary>Null where there is no such destination.</summary>
    public Destination? Find(string name) => Destinations.GetValueOrDefault(name);

    /// <summary>A row for each destination that gets the effect, or has to know of it.</summary>
    public IEnumerable<OutboxRow> RowsOf(Effect effect) =>
        Destinations.Values.Where(one => one.Gets(effect)).Select(one => new OutboxRow(one.Name, effect));
}
