using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Jobs;

/// <summary>What the reasons for which a job does not begin are called on the wire.</summary>
internal static class JobsRefusals
{
    public static Refusal Of(JobKind kind, JobStartReply reply) =>
        (reply.Refused, kind) switch
        {
            (null, _) => new JobUnderWay(reply.Running!),
            (JobStartRefusal.Unknown, _) => new NotFound("job"),
            (JobStartRefusal.WrongKind, JobKind.CutOver) => new JobNotADryRun(),
            (JobStartRefusal.WrongKind, _) => new JobNotACutOver(),
            (JobStartRefusal.NotFinished, _) => new JobNotFinished(),
            (JobStartRefusal.Followed, JobKind.CutOver) => new JobAppliedBefore(),
            (JobStartRefusal.Followed, _) => new JobRolledBackBefore(),
            _ => new JobRulesChangedSince(),
        };
}

/// <summary>Jobs run one at a time.</summary>
public sealed record JobUnderWay(string JobId)
    : Refusal("job_under_way", $"Job {JobId} is running. Wait for its end, or cancel it.");

/// <summary>What is over can't be cancelled.</summary>
public sealed record JobHasEnded() : Refusal("job_ended", "The job has ended already.");

/// <summary>Why a cut-over or a roll back does not begin; nothing is changed.</summary>
public abstract record JobNotFollowed(string Code, string Message) : Refusal(Code, Message);

public sealed record JobNotADryRun() : JobNotFollowed("not_a_dry_run", "Only a dry run can be applied.");

public sealed record JobNotACutOver()
    : JobNotFollowed("not_a_cut_over", "Only a cut-over can be rolled back: what was begun by :apply.");

/// <summary>It has no end to go on from.</summary>
public sealed record JobNotFinished()
    : JobNotFollowed(
        "job_not_finished",
        "The job is running, or ended before it was done: there is nothing to go on from."
    );

public sealed record JobAppliedBefore()
    : JobNotFollowed("already_applied", "This dry run has been applied already. Make another one.");

public sealed record JobRolledBackBefore()
    : JobNotFollowed("already_rolled_back", "This cut-over has been rolled back already.");

/// <summary>The difference was worked out between other rules than those in force.</summary>
public sealed record JobRulesChangedSince()
    : JobNotFollowed(
        "rules_changed",
        "Other identity rules have come into force since. Make another dry run, or put the rules back first."
    );
