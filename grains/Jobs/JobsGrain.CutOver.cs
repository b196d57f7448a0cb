using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>Begins what follows another job: a cut-over after its dry run, a roll back after its cut-over.</summary>
/// <remarks>
/// Listed, noted down at the job before, begun: a job that was noted down and never began, since a crash came between, does not
/// count.
/// </remarks>
public sealed partial class JobsGrain
{
    private async Task<JobStartReply> StartFollowing(JobRequest request)
    {
        IJobGrain target = Job(request.Of!);
        JobView? before = await target.Get();
        JobKind wanted = request.Kind == JobKind.CutOver ? JobKind.DryRun : JobKind.CutOver;
        if (before is null)
        {
            return Refuse(JobStartRefusal.Unknown);
        }

        if (before.Kind != wanted)
        {
            return Refuse(JobStartRefusal.WrongKind);
        }

        if (before.FollowedBy is { } other && other != request.Id && await Job(other).Get() is not null)
        {
            return Refuse(JobStartRefusal.Followed);
        }

        // A cut-over that was broken off has put its rules in force, and can be taken back as one that is done.
        bool isFinished =
            wanted == JobKind.DryRun ? before.Status == JobStatus.Done : before.Status != JobStatus.Running;
        if (!isFinished)
        {
            return Refuse(JobStartRefusal.NotFinished);
        }

        JobRules rules = (await target.GetRules())!;
        PolicyVersion? current = await GrainFactory.GetGrain<IPolicyGrain>(IdentityPolicyKind.KindName).GetCurrent();
        string inForce = current?.Text ?? kinds.Of<IdentityRules>().BuiltIn;
        string?[] allowed =
            wanted == JobKind.DryRun
                ? [VersionOf(rules.Proposed), ComparedWith(before)]
                : [VersionOf(rules.Proposed), VersionOf(rules.Former)];
        if (!allowed.Contains(VersionOf(inForce)))
        {
            return Refuse(JobStartRefusal.RulesChanged);
        }

        JobRequest whole = request with
        {
            Yaml = wanted == JobKind.DryRun ? rules.Proposed : rules.Former,
            FormerYaml = wanted == JobKind.DryRun ? inForce : rules.Proposed,
        };
        await List(request);
        await target.Follow(request.Id);
        return new JobStartReply(await Job(request.Id).Begin(whole), null);
    }

    private static JobStartReply Refuse(JobStartRefusal refusal) => new(null, null, refusal);

    private string? VersionOf(string? yaml) => yaml is null ? null : kinds.Read<IdentityRules>(yaml).Version;

    /// <summary>The version that was in force when the dry run was made.</summary>
    private static string? ComparedWith(JobView dryRun)
    {
        using JsonDocument result = JsonDocument.Parse(dryRun.ResultJson);
        return result.RootElement.GetProperty("rules"u8).GetProperty("current"u8).GetString();
    }
}
