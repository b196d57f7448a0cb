using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Quality;

namespace Customer360.Grains;

/// <summary>How a check stands for its sources.</summary>
public sealed record QualityCheckState : ICausing
{
    public QualityCheckFile File { get; init; } = QualityCheckFile.Empty;

    /// <summary>What the look that made this state tells. It is no part of the stored state.</summary>
    public ImmutableArray<OutboxRow> Outbox { get; init; } = [];
}

/// <inheritdoc cref="QualityJson.Write(Utf8JsonWriter, QualityCheckFile)"/>
public sealed class QualityCheckStateCodec : IStateCodec<QualityCheckState>
{
    public void Write(Utf8JsonWriter writer, QualityCheckState state) => QualityJson.Write(writer, state.File);

    public QualityCheckState Read(ref Utf8JsonReader reader) => new() { File = QualityJson.ReadCheck(ref reader) };
}

/// <inheritdoc cref="IQualityCheckGrain"/>
/// <remarks>
/// How a check stands and what is told of it are written in one transaction, with the outbox: a crash tells nothing twice, and nothing that
/// is not so.
/// </remarks>
[GrainType("quality-check")]
public sealed class QualityCheckGrain(
    [PersistentState(GrainKeys.QualityCheckState, GrainKeys.Storage)] IPersistentState<QualityCheckState> stored,
    IPolicy<QualityPolicy> policy,
    EffectRoutes routes,
    TimeProvider time
) : Grain, IQualityCheckGrain
{
    /// <summary>Sources that one check looks at: its state is one row.</summary>
    private const int SourcesMax = 200;

    private const int RememberedMax = 20_000;
    private const int ReadAtOnce = 50;
    private const int HistoryRead = 5;

    private static readonly TimeSpan s_causedWithin = TimeSpan.FromHours(6);

    /// <summary>Policies by which messages are read and judged.</summary>
    private static readonly string[] s_causes =
    [
        ContractsPolicyKind.KindName,
        "identity",
        "sources",
        "consent",
        QualityPolicyKind.KindName,
    ];

    /// <summary>What was found of hours that change no more, by this check as it is.</summary>
    private readonly Dictionary<(string Source, DateTimeOffset Hour), QualityMeasure> _measured = [];
    private QualityCheck? _measuredBy;

    private string Id => this.GetPrimaryKeyString();

    public async Task Look(ImmutableArray<QualitySeen> seen)
    {
        if (await policy.IsBehind(GrainFactory))
        {
            return;
        }

        QualityPolicy current = policy.Current;
        DateTimeOffset now = time.GetUtcNow();
        QualityCheckFile file = stored.State.File;
        QualityCheck? check = current.Checks.GetValueOrDefault(Id);
        if (check is null || (file.About != check.About && !file.Standings.IsEmpty))
        {
            // It is gone, or looks at something else from now on: what stands of it is over. The next look begins anew.
            await Save(
                file with
                {
                    Standings = [],
                },
                [.. file.Standings.Select(one => QualityRound.End(file, one, now)).OfType<QualityAlert>()]
            );
            return;
        }

        if (!ReferenceEquals(_measuredBy, check))
        {
            _measured.Clear();
            _measuredBy = check;
        }

        var standings = ImmutableArray.CreateBuilder<QualityStanding>();
        var told = ImmutableArray.CreateBuilder<QualityAlert>();
        foreach (QualitySubject subject in SubjectsOf(check, seen))
        {
            QualityStanding before =
                file.Standings.FirstOrDefault(one => one.Source == subject.Source)
                ?? new QualityStanding(subject.Source, QualityWatch.Begin(now), Alert: null);
            QualityLooked looked = QualityRound.Look(
                current,
                check,
                before,
                await Points(check, before, subject, now),
                now
            );
            standings.Add(looked.Standing);
            if (looked.Alert is { } alert)
            {
                told.Add(
                    alert.IsResolved ? alert : alert with { Causes = await CausesOf(check, looked.Standing, now) }
                );
            }
        }

        // What is not looked at any more, as the file has it now, leaves no alert behind.
        foreach (
            QualityStanding gone in file.Standings.Where(one => standings.All(other => other.Source != one.Source))
        )
        {
            if (QualityRound.End(file, gone, now) is { } alert)
            {
                told.Add(alert);
            }
        }

        await Save(
            file with
            {
                About = check.About,
                Standings = standings.DrainToImmutable(),
            },
            told.DrainToImmutable()
        );
    }

    public Task<ReadOnlyMemory<byte>> Get() => Task.FromResult(QualityJson.Write(stored.State.File with { Told = [] }));

    public Task<ReadOnlyMemory<byte>> FindAlert(string id) =>
        Task.FromResult(
            stored.State.File.Told.LastOrDefault(alert => alert.Id == id) is { } alert
                ? QualityJson.Write(alert)
                : default
        );

    private async Task Save(QualityCheckFile file, ImmutableArray<QualityAlert> alerts)
    {
        ImmutableArray<QualityAlert> told = [.. file.Told, .. alerts];
        await stored.SaveOrTakeBack(
            new QualityCheckState
            {
                File = file with { Told = told.Length > QualityRound.ToldMax ? told[^QualityRound.ToldMax..] : told },
                Outbox = routes.RowsOf([.. alerts.Select(Effect.QualityAlert)]),
            },
            this
        );
        stored.State = stored.State with { Outbox = [] };
    }

    /// <summary>Those that the check names, seen or not; without names those that were seen.</summary>
    private static IEnumerable<QualitySubject> SubjectsOf(QualityCheck check, ImmutableArray<QualitySeen> seen)
    {
        ILookup<string, QualitySeen> bySource = seen.Where(one => check.Event is null || one.Event == check.Event)
            .ToLookup(one => one.Source, StringComparer.Ordinal);
        IEnumerable<string> sources = check.Sources.IsEmpty ? bySource.Select(one => one.Key) : check.Sources;
        return sources
            .Order(StringComparer.Ordinal)
            .Take(SourcesMax)
            .Select(source => new QualitySubject(
                source,
                bySource[source].Any() ? bySource[source].Min(one => one.FirstAt) : null,
                bySource[source].Any() ? bySource[source].Max(one => one.LastAt) : null
            ));
    }

    private async Task<ImmutableArray<QualityPoint>> Points(
        QualityCheck check,
        QualityStanding before,
        QualitySubject subject,
        DateTimeOffset now
    )
    {
        if (check.Kind == QualityKind.Freshness)
        {
            // It is of this moment: what was found in this hour before is replaced.
            DateTimeOffset hour = QualityFacts.HourOf(now);
            QualityVerdict verdict = QualityJudge.Judge(check, QualityMeasure.Fresh(subject.LastAt, now), []);
            return [.. before.Watch.Points.Where(point => point.Hour < hour), QualityPoint.Of(hour, verdict)];
        }

        ImmutableArray<DateTimeOffset> hours = QualityHours.Open(before.Watch, subject, now);
        DateTimeOffset[] needed =
        [
            .. hours.Concat(hours.SelectMany(hour => QualityHours.Before(check, subject, hour))).Distinct(),
        ];
        Dictionary<DateTimeOffset, QualityMeasure> found = await Measure(check, subject, needed, now);
        return
        [
            .. hours.Select(hour =>
                QualityPoint.Of(
                    hour,
                    QualityJudge.Judge(
                        check,
                        found[hour],
                        [.. QualityHours.Before(check, subject, hour).Select(one => found[one].Value).OfType<double>()]
                    )
                )
            ),
        ];
    }

    private async Task<Dictionary<DateTimeOffset, QualityMeasure>> Measure(
        QualityCheck check,
        QualitySubject subject,
        DateTimeOffset[] hours,
        DateTimeOffset now
    )
    {
        Dictionary<DateTimeOffset, QualityMeasure> found = [];
        // Of what was never seen there is nothing to read: not even that it were no messages.
        foreach (DateTimeOffset hour in hours.Where(_ => subject.FirstAt is null))
        {
            found[hour] = new QualityMeasure(null, 0, 0);
        }

        DateTimeOffset[] unknown =
        [
            .. hours.Where(hour => !found.ContainsKey(hour) && !_measured.ContainsKey((subject.Source, hour))),
        ];
        DateTimeOffset changes = QualityHours.LastWhole(now).AddHours(-QualityWatch.OpenHours);
        foreach (DateTimeOffset[] chunk in unknown.Chunk(ReadAtOnce))
        {
            QualityHour[] read = await Task.WhenAll(chunk.Select(hour => Read(subject.Source, hour)));
            foreach ((DateTimeOffset hour, QualityHour counted) in chunk.Zip(read))
            {
                found[hour] = QualityMeasure.Of(check, counted);
                if (hour < changes && _measured.Count < RememberedMax)
                {
                    _measured[(subject.Source, hour)] = found[hour];
                }
            }
        }

        foreach (DateTimeOffset hour in hours.Where(hour => !found.ContainsKey(hour)))
        {
            found[hour] = _measured[(subject.Source, hour)];
        }

        return found;
    }

    private async Task<QualityHour> Read(string source, DateTimeOffset hour) =>
        QualityJson.ReadHour(await GrainFactory.GetGrain<IQualityHourGrain>(GrainKeys.QualityHour(source, hour)).Get());

    private async Task<ImmutableArray<string>> CausesOf(
        QualityCheck check,
        QualityStanding standing,
        DateTimeOffset now
    )
    {
        var causes = ImmutableArray.CreateBuilder<string>();
        if (standing.Watch.Points.LastOrDefault(point => point.Level > QualityLevel.Ok) is { } bad)
        {
            QualityHour[] hours = await Task.WhenAll(
                Enumerable.Range(0, 7).Select(back => Read(standing.Source, bad.Hour.AddHours(-back)))
            );
            causes.AddRange(QualityCauses.NewVersions(hours[0], [.. hours[1..]], check.Event));
        }

        foreach (string kind in s_causes)
        {
            PolicyHistory history = await GrainFactory
                .GetGrain<IPolicyGrain>(kind)
                .GetHistory(new PolicyHistoryQuery(BeforeNumber: null, HistoryRead));
            causes.AddRange(
                history
                    .Entries.Where(entry => entry.At > standing.Watch.Since - s_causedWithin && entry.At <= now)
                    .Select(entry => QualityCauses.PolicyChange(kind, entry.Version, entry.At))
            );
        }

        return causes.DrainToImmutable();
    }
}
