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

    /// <summary>Of each kind the last one: by then others may have pushed it out of the list.</summary>
    public ImmutableSortedDictionary<JobKind, string> Last { get; set; } =
        ImmutableSortedDictionary<JobKind, string>.Empty;
}

/// <summary><c>{"ids":["j_…"],"last"?:{"Check":"j_…"}}</c>, the newest last.</summary>
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
        writer.WriteStartObject("last"u8);
        foreach ((JobKind kind, string id) in state.Last)
        {
            writer.WriteString(kind.ToString(), id);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public JobsState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new JobsState
        {
            Ids = [.. document.RootElement.GetProperty("ids"u8).EnumerateArray().Select(one => one.GetString()!)],
            Last = document.RootElement.TryGetProperty("last"u8, out JsonElement last)
                ? last.EnumerateObject()
                    .ToImmutableSortedDictionary(one => Enum.Parse<JobKind>(one.Name), one => one.Value.GetString()!)
                : ImmutableSortedDictionary<JobKind, string>.Empty,
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

        await List(request);
        return new JobStartReply(await Job(request.Id).Begin(request), null);
    }

    public async Task<ImmutableArray<JobView>> List()
    {
        // One that is listed may not have begun: a crash came between.
        JobView?[] jobs = await Task.WhenAll(stored.State.Ids.Select(id => Job(id).Get()));
        return [.. jobs.OfType<JobView>().Reverse()];
    }

    public async Task<JobView?> FindLast(JobKind kind)
    {
        JobView? last = stored.State.Last.TryGetValue(kind, out string? id) ? await Job(id).Get() : null;
        // A store of a former release has the list alone; and what is noted down may not have begun, as in the list.
        return last ?? (await List()).FirstOrDefault(job => job.Kind == kind);
    }

    private async Task<bool> WasBegunWithin(JobKind kind, TimeSpan span) =>
        await FindLast(kind) is { } last && time.GetUtcNow() - last.StartedAt < span;

    /// <summary>Listed first: what runs must be found.</summary>
    private Task List(JobRequest request)
    {
        JobsState before = stored.State;
        return before.Ids.Contains(request.Id)
            ? Task.CompletedTask
            : stored.SaveOrTakeBack(
                before with
                {
                    Ids = [.. before.Ids.TakeLast(ListedMax - 1), request.Id],
                    Last = before.Last.SetItem(request.Kind, request.Id),
                },
                this
            );
    }

    private IJobGrain Job(string id) => GrainFactory.GetGrain<IJobGrain>(id);
}
