namespace Customer360.Api.Health;

/// <summary>What a probe is told.</summary>
/// <param name="Status"><c>live</c>: the process is up. <c>ready</c>: it may be given traffic.</param>
public sealed record HealthAnswer(string Status);
