using Customer360.Rules.Outcomes;

namespace Customer360.Api.Webhooks;

/// <summary>The part can't be read by the policies in force either.</summary>
public sealed record PartStillFaulty()
    : Refusal("still_faulty", "The part can't be read this time either. It stays, and its backlog says why.");
