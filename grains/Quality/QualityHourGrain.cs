using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Quality;

namespace Customer360.Grains;

/// <summary>A source's messages of an hour.</summary>
public sealed record QualityHourState
{
    public QualityHour Hour { get; init; } = QualityHour.Empty;
}

/// <inheritdoc cref="QualityJson.Write(Utf8JsonWriter, QualityHour)"/>
public sealed class QualityHourStateCodec : IStateCodec<QualityHourState>
{
    public void Write(Utf8JsonWriter writer, QualityHourState state) => QualityJson.Write(writer, state.Hour);

    public QualityHourState Read(ref Utf8JsonReader reader) => new() { Hour = QualityJson.ReadHour(ref reader) };
}

/// <inheritdoc cref="IQualityHourGrain"/>
/// <remarks>
/// With its first messages it tells that its source has sent something, before it counts them: so whoever looks after quality knows of every
/// source of which there are counts. A crash in between tells it again.
/// </remarks>
[GrainType("quality-hour")]
public sealed class QualityHourGrain(
    [PersistentState(GrainKeys.QualityHourState, GrainKeys.Storage)] IPersistentState<QualityHourState> stored
) : Grain, IQualityHourGrain
{
    public async Task Count(QualityReport report)
    {
        QualityHour before = stored.State.Hour;
        QualityHour after = before.With(report.Partition, [.. report.Groups.Select(GroupOf)]);
        if (report.Repeats is { } repeats)
        {
            after = after.WithRepeats(
                report.Partition,
                new RepeatMark(repeats.Writer, repeats.Number),
                [.. repeats.Counts.Select(one => (one.Event, one.Count))],
                repeats.At
            );
        }

        if (ReferenceEquals(before, after))
        {
            return;
        }

        if (before.Rows.IsEmpty)
        {
            (_, string source) = GrainKeys.ReadQualityHour(this.GetPrimaryKeyString());
            DateTimeOffset lastAt = after.Total.LastAt!.Value;
            await GrainFactory.GetGrain<ISourceActivityGrain>(GrainKeys.Current).Note([new SourceSent(source, lastAt)]);
        }

        await stored.SaveOrTakeBack(new QualityHourState { Hour = after }, this);
    }

    public Task<ReadOnlyMemory<byte>> Get() =>
        Task.FromResult(stored.State.Hour.Rows.IsEmpty ? default : QualityJson.Write(stored.State.Hour));

    public async Task Forget()
    {
        await stored.ClearStateAsync();
        DeactivateOnIdle();
    }

    private static QualityGroup GroupOf(QualityMessages messages) =>
        new(
            messages.Event,
            messages.Version,
            (QualityTraits)messages.Traits,
            (MessageAge)messages.Age,
            messages.Looked,
            messages.Good,
            messages.Positions,
            messages.FirstAt,
            messages.LastAt
        );
}
