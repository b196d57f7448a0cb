using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>What sources have sent, and how far hours were looked at.</summary>
public sealed record QualityMonitorState
{
    public QualityRoster Roster { get; init; } = QualityRoster.Empty;
}

/// <inheritdoc cref="QualityJson.Write(Utf8JsonWriter, QualityRoster)"/>
public sealed class QualityMonitorStateCodec : IStateCodec<QualityMonitorState>
{
    public void Write(Utf8JsonWriter writer, QualityMonitorState state) => QualityJson.Write(writer, state.Roster);

    public QualityMonitorState Read(ref Utf8JsonReader reader) => new() { Roster = QualityJson.ReadRoster(ref reader) };
}

/// <inheritdoc cref="IQualityMonitorGrain"/>
/// <remarks>A look is repeated whole: what it has written is found again, and nothing is told twice.</remarks>
[GrainType("quality-monitor")]
public sealed class QualityMonitorGrain(
    [PersistentState(GrainKeys.QualityMonitorState, GrainKeys.Storage)] IPersistentState<QualityMonitorState> stored,
    IPolicy<QualityPolicy> policy,
    TimeProvider time,
    ILogger<QualityMonitorGrain> logger
) : Grain, IQualityMonitorGrain, IRemindable
{
    private const string Reminder = "quality";
    private const int ReadAtOnce = 50;

    /// <summary>Hours of a source that are forgotten in one look.</summary>
    private const int ForgottenAtOnce = 48;

    private static readonly TimeSpan s_looksFirst = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_looksEvery = TimeSpan.FromMinutes(5);

    public async Task Begin()
    {
        if (await this.GetReminder(Reminder) is null)
        {
            await this.RegisterOrUpdateReminder(Reminder, s_looksFirst, s_looksEvery);
        }
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Look();

    public async Task Look()
    {
        if (await policy.IsBehind(GrainFactory))
        {
            // The next look is by the policy that counts.
            return;
        }

        QualityPolicy current = policy.Current;
        DateTimeOffset now = time.GetUtcNow();
        QualityRoster before = stored.State.Roster;
        ImmutableArray<SourceSent> sent = await GrainFactory.GetGrain<ISourceActivityGrain>(GrainKeys.Current).Get();
        QualityRoster after = before.With([.. sent.Select(one => one.Source)], now);
        foreach (QualityRead[] chunk in after.Reads(now).Chunk(ReadAtOnce))
        {
            ReadOnlyMemory<byte>[] hours = await Task.WhenAll(chunk.Select(one => HourOf(one).Get()));
            after = after.Saw(chunk.Zip(hours, static (one, hour) => (one.Source, QualityJson.ReadHour(hour))));
        }

        after = after.LookedAt(now, current.KeepsDays);
        foreach (QualityRead[] chunk in after.Expired(now, current.KeepsDays, ForgottenAtOnce).Chunk(ReadAtOnce))
        {
            await Task.WhenAll(chunk.Select(one => HourOf(one).Forget()));
            after = after.Forgot(chunk);
        }

        string[] checks = [.. after.Checks.Union(current.Checks.Keys, StringComparer.Ordinal)];
        ImmutableArray<QualitySeen> seen = SeenOf(after);
        bool[] looked = await Task.WhenAll(checks.Select(check => Look(check, seen)));
        // One that is gone from the file has told its end; one that failed is asked again.
        after = after with
        {
            Checks =
            [
                .. checks
                    .Zip(looked)
                    .Where(one => current.Checks.ContainsKey(one.First) || !one.Second)
                    .Select(one => one.First),
            ],
        };
        await stored.SaveOrTakeBack(new QualityMonitorState { Roster = after }, this);
    }

    public Task<ImmutableArray<QualitySeen>> GetSeen() => Task.FromResult(SeenOf(stored.State.Roster));

    /// <summary>One check that can't look keeps no other from it.</summary>
    private async Task<bool> Look(string check, ImmutableArray<QualitySeen> seen)
    {
        try
        {
            await GrainFactory.GetGrain<IQualityCheckGrain>(check).Look(seen);
            return true;
        }
        catch (Exception error)
        {
            logger.CheckNotLooked(check, error.GetType().Name);
            return false;
        }
    }

    private IQualityHourGrain HourOf(QualityRead read) =>
        GrainFactory.GetGrain<IQualityHourGrain>(GrainKeys.QualityHour(read.Source, read.Hour));

    private static ImmutableArray<QualitySeen> SeenOf(QualityRoster roster) =>
        [.. roster.Seen.Select(one => new QualitySeen(one.Source, one.Event, one.FirstAt, one.LastAt))];
}
