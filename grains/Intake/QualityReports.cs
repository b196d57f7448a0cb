using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;

namespace Customer360.Grains;

/// <summary>
/// What is counted of a partition's messages, on its way to the hours of their sources. The checkpoint waits for it: after a crash it is told
/// again from there, and those who count know what they have. Owned by a partition and used in its turns only.
/// </summary>
internal sealed class QualityReports(int partition, IPolicy<QualityPolicy> policy, IGrainFactory grains)
{
    private QualityGrouping _open = new();

    /// <summary>Told and not answered yet; null: nothing is.</summary>
    private QualityGrouping? _told;

    /// <summary>Messages come in order of position.</summary>
    public void Add(StoredEnvelope message)
    {
        if (QualityFacts.Of(message.Envelope, policy.Current) is { } facts)
        {
            _open.Add(facts, message.Position, message.Envelope.ReceivedAt);
        }
    }

    /// <summary>
    /// Tells all that was added. Where that fails the same is told the next time, before what came meanwhile: an hour that has a part of it
    /// must not get what stands behind that first.
    /// </summary>
    public async Task Send()
    {
        while (_told is not null || !_open.IsEmpty)
        {
            if (_told is null)
            {
                _told = _open;
                _open = new QualityGrouping();
            }

            await Task.WhenAll(
                _told
                    .All()
                    .Select(hour =>
                        grains
                            .GetGrain<IQualityHourGrain>(GrainKeys.QualityHour(hour.Source, hour.Hour))
                            .Count(new QualityReport(partition, [.. hour.Groups.Select(ToMessages)]))
                    )
            );
            _told = null;
        }
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
