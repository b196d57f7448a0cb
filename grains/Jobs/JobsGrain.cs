using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;

namespace Customer360.Grains;

/// <summary>The jobs of late.</summary>
public sealed record JobsState
{
    /// <summary>The newest last.</summary>
    public ImmutableArray<string> Ids { get; set; } = [];
}

/// <summary><c>{"ids":["j_…"]}</c>, the newest last.</summary>
public sealed class JobsStateCodec : IStateCodec<JobsState>
{
    public void Write(Utf8JsonWriter writer, JobsState state)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("ids"u8);
        foreach (string id in state.Ids)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public JobsState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new JobsState
        {
            Ids = [.. document.RootElement.GetProperty("ids"u8).EnumerateArray().Select(one => one.GetString()!)],
        };
    }
}

/// <inheritdoc cref="IJobsGrain"/>
[GrainType("jobs")]
public sealed partial class JobsGrain(
    [PersistentState(GrainKeys.JobsState, GrainKeys.Storage)] IPersistentState<JobsState> stored,
    PolicyKinds kinds,
    TimeProvider time
) : Grain, IJobsGrain
{
    /// <summary>Jobs in the list; an older one is still found by its id.</summary>
    public const int ListedMax = 100;

    public async Task<JobStartReply> Start(JobRequest request)
    {
        if (request.UnlessWithin > TimeSpan.Zero && await WasBegunWithin(request.Kind, request.UnlessWithin))
        {
            return new JobStartReply(null, null);
        }

        // Jobs begin here only, so that the last one is the only one that may be running.
        if (
            stored.State.Ids is [.., var last]
            && last != request.Id
            && await Job(last).Get() is { Status: JobStatus.Running }
        )
        {
            return new JobStartReply(null, last);
        }

        if (request.Kind is JobKind.CutOver or JobKind.RollBack)
        {
            return await StartFollowing(request);
        }

        await List(request.Id);
        return new JobStartReply(await Job(request.Id).Begin(request), null);
    }

    public async Task<ImmutableArray<JobView>> List()
    {
        // One that is listed may not have begun: a crash came between.
        JobView?[] jobs = await Task.WhenAll(stored.State.Ids.Select(id => Job(id).Get()));
        return [.. jobs.OfType<JobView>().Reverse()];
    }

    private async Task<bool> WasBegunWithin(JobKind kind, TimeSpan span) =>
        (await List()).Any(job => job.Kind == kind && time.GetUtcNow() - job.StartedAt < span);

    /// <summary>Listed first: what runs must be found.</summary>
    private Task List(string id)
    {
        ImmutableArray<string> before = stored.State.Ids;
        return before.Contains(id)
            ? Task.CompletedTask
            : stored.SaveOrTakeBack(stored.State with { Ids = [.. before.TakeLast(ListedMax - 1), id] }, this);
    }

    private IJobGrain Job(string id) => GrainFactory.GetGrain<IJobGrain>(id);
}
