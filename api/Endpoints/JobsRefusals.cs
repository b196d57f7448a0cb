using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary>Jobs run one at a time.</summary>
public sealed record JobUnderWay(string JobId)
    : Refusal("job_under_way", $"Job {JobId} is running. Wait for its end, or cancel it.");

/// <summary>What is over can't be cancelled.</summary>
public sealed record JobHasEnded() : Refusal("job_ended", "The job has ended already.");
