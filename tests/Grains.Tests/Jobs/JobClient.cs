using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;

namespace Customer360.Grains.Tests.Jobs;

/// <summary>Begins jobs of a test's grid and waits for their end.</summary>
internal sealed class JobClient(TestGrid grid)
{
    private static int s_number;

    public IJobsGrain Jobs => grid.Grains.GetGrain<IJobsGrain>(GrainKeys.Jobs);

    public IJobGrain Job(string id) => grid.Grains.GetGrain<IJobGrain>(id);

    public static JobRequest Request(JobKind kind, string? yaml, string? of = null) =>
        new($"j_{Interlocked.Increment(ref s_number) + 0x1000000L:x32}", kind, "test", yaml, Of: of);

    public Task<JobStartReply> Start(JobKind kind, string? yaml, string? of = null) =>
        Jobs.Start(Request(kind, yaml, of));

    /// <summary>Begins a job and waits until it is done.</summary>
    public async Task<(string Id, JsonObject Result)> Run(JobKind kind, string? yaml, string? of = null)
    {
        JobStartReply reply = await Start(kind, yaml, of);
        Assert.True(reply.Job is not null, $"{reply.Refused} {reply.Running}");
        return (reply.Job.Id, await Done(reply.Job.Id));
    }

    public async Task<JsonObject> Done(string id)
    {
        JobView job = await Ended(id);
        Assert.True(job.Status == JobStatus.Done, $"{job.Status} {job.Failure}");
        return JsonNode.Parse(job.ResultJson.Span)!.AsObject();
    }

    /// <summary>A job whose process fails goes on at its reminder; a test does not wait a minute for it.</summary>
    public async Task<JobView> Ended(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            JobView job = (await Job(id).Get())!;
            if (job.Status != JobStatus.Running)
            {
                return job;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    public async Task<IReadOnlyList<JsonObject>> Steps(string id, int limit = 7)
    {
        List<JsonObject> steps = [];
        int? after = 0;
        while (after is { } from)
        {
            JobStepsPage page = await Job(id).GetSteps(new JobAffectedQuery(from, limit));
            steps.AddRange(page.Steps.Select(step => JsonNode.Parse(step.Span)!.AsObject()));
            after = page.Next;
        }

        return steps;
    }
}
