using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;

namespace Customer360.Grains;

/// <summary>
/// What is counted of a partition's messages, on its way to the hours of their sources. The checkpoint waits for it: after a crash it is told
/// again from there, and those who count know what they have. Owned by a partition and used in its turns only.
/// </summary>
/// <param name="writer">Names this activation: repeats are not stored, so each of its reports of them has a number.</param>
internal sealed class QualityReports(int partition, string writer, IPolicy<QualityPolicy> policy, IGrainFactory grains)
{
    private QualityGrouping _open = new();
    private Dictionary<(string Source, DateTimeOffset Hour), Dictionary<string, long>> _repeats = [];
    private DateTimeOffset _repeatedAt;
    private long _number;

    /// <summary>Told and not answered yet; null: nothing is.</summary>
    private (string Source, DateTimeOffset Hour, QualityReport Report)[]? _told;

    /// <summary>Messages came again: that is told even where no new one has come.</summary>
    public bool HasRepeats => _repeats.Count > 0;

    /// <summary>Messages come in order of position.</summary>
    public void Add(StoredEnvelope message)
    {
        if (QualityFacts.Of(message.Envelope, policy.Current) is { } facts)
        {
            _open.Add(facts, message.Position, message.Envelope.ReceivedAt);
        }
    }

    /// <summary>A message came again.</summary>
    public void AddRepeat(Envelope envelope)
    {
        (string, DateTimeOffset) hour = (envelope.Source, QualityFacts.HourOf(envelope.ReceivedAt));
        if (!_repeats.TryGetValue(hour, out Dictionary<string, long>? counts))
        {
            _repeats.Add(hour, counts = new Dictionary<string, long>(StringComparer.Ordinal));
        }

        string name = QualityFacts.NameOf(envelope, policy.Current);
        counts[name] = counts.GetValueOrDefault(name) + 1;
        _repeatedAt = envelope.ReceivedAt > _repeatedAt ? envelope.ReceivedAt : _repeatedAt;
    }

    /// <summary>
    /// Tells all that was added before. Where that fails the same is told the next time, before what came meanwhile: an hour that has a part
    /// of it must not get what stands behind that first.
    /// </summary>
    public async Task Send()
    {
        await Tell();
        if (!_open.IsEmpty || HasRepeats)
        {
            _told = Take();
            await Tell();
        }
    }

    private async Task Tell()
    {
        if (_told is not { } told)
        {
            return;
        }

        await Task.WhenAll(
            told.Select(one =>
                grains.GetGrain<IQualityHourGrain>(GrainKeys.QualityHour(one.Source, one.Hour)).Count(one.Report)
            )
        );
        _told = null;
    }

    private (string Source, DateTimeOffset Hour, QualityReport Report)[] Take()
    {
        (QualityGrouping open, var repeats) = (_open, _repeats);
        (_open, _repeats) = (new QualityGrouping(), []);
        _number++;
        Dictionary<(string, DateTimeOffset), ImmutableArray<QualityGroup>> groups = open.All()
            .ToDictionary(one => (one.Source, one.Hour), one => one.Groups);
        return
        [
            .. groups
                .Keys.Union(repeats.Keys)
                .Select(hour =>
                    (
                        hour.Item1,
                        hour.Item2,
                        new QualityReport(partition, [.. groups.GetValueOrDefault(hour, []).Select(ToMessages)])
                        {
                            Repeats = repeats.TryGetValue(hour, out Dictionary<string, long>? counts)
                                ? new QualityRepeats(
                                    writer,
                                    _number,
                                    [.. counts.Select(one => new QualityRepeat(one.Key, one.Value))],
                                    _repeatedAt
                                )
                                : null,
                        }
                    )
                ),
        ];
    }

    private static QualityMessages ToMessages(QualityGroup group) =>
        new(
            group.Event,
            group.Version,
            (int)group.Traits,
            (int)group.Age,
            group.Looked,
            group.Good,
            group.Positions,
            group.FirstAt,
            group.LastAt
        );
}
