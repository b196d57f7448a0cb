using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>Messages of one source and hour with equal facts, as a partition tells of them.</summary>
/// <param name="Event">See <see cref="QualityFacts.Event"/>.</param>
/// <param name="Version">See <see cref="QualityFacts.Version"/>.</param>
/// <param name="Looked">Ids of checks that had something to look at.</param>
/// <param name="Good">Ids of those that found it good.</param>
/// <param name="Positions">Their places in their partition, rising.</param>
/// <param name="FirstAt">When the first of them was received, UTC.</param>
/// <param name="LastAt">When the last of them was received, UTC.</param>
public sealed record QualityGroup(
    string Event,
    string Version,
    QualityTraits Traits,
    MessageAge Age,
    ImmutableArray<string> Looked,
    ImmutableArray<string> Good,
    ImmutableArray<long> Positions,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt
);

/// <summary>Puts messages with equal facts together, between two checkpoints of a partition.</summary>
public sealed class QualityGrouping
{
    private readonly Dictionary<QualityFacts, Open> _open = [];

    public bool IsEmpty => _open.Count == 0;

    /// <param name="position">Rising.</param>
    /// <param name="receivedAt">When the message was received, UTC.</param>
    public void Add(in QualityFacts facts, long position, DateTimeOffset receivedAt)
    {
        if (!_open.TryGetValue(facts, out Open? group))
        {
            group = new Open(receivedAt);
            _open.Add(facts, group);
        }

        group.Positions.Add(position);
        group.FirstAt = receivedAt < group.FirstAt ? receivedAt : group.FirstAt;
        group.LastAt = receivedAt > group.LastAt ? receivedAt : group.LastAt;
    }

    /// <summary>All, by source and hour; it stays as it is until <see cref="Forget"/>.</summary>
    public ImmutableArray<(string Source, DateTimeOffset Hour, ImmutableArray<QualityGroup> Groups)> All() =>
        [
            .. _open
                .GroupBy(one => (one.Key.Source, one.Key.Hour))
                .Select(hour =>
                    (hour.Key.Source, hour.Key.Hour, hour.Select(one => GroupOf(one.Key, one.Value)).ToImmutableArray())
                ),
        ];

    /// <summary>All of it was counted.</summary>
    public void Forget() => _open.Clear();

    private static QualityGroup GroupOf(in QualityFacts facts, Open group) =>
        new(
            facts.Event,
            facts.Version,
            facts.Traits,
            facts.Age,
            ChecksOf(facts, facts.Looked),
            ChecksOf(facts, facts.Good),
            [.. group.Positions],
            group.FirstAt,
            group.LastAt
        );

    private static ImmutableArray<string> ChecksOf(in QualityFacts facts, ulong bits)
    {
        if (facts.Probes is not { } probes)
        {
            return [];
        }

        var checks = ImmutableArray.CreateBuilder<string>();
        for (int index = 0; index < probes.Checks.Length; index++)
        {
            if ((bits & (1UL << index)) != 0)
            {
                checks.Add(probes.Checks[index]);
            }
        }

        return checks.DrainToImmutable();
    }

    private sealed class Open(DateTimeOffset at)
    {
        public List<long> Positions { get; } = [];

        public DateTimeOffset FirstAt { get; set; } = at;

        public DateTimeOffset LastAt { get; set; } = at;
    }
}
