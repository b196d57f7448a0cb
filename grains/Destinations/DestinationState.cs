using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;

namespace Customer360.Grains;

/// <summary>What a destination's grain stores: whether it sends. What waits stands in the outbox.</summary>
public sealed record DestinationState : IAudited
{
    public DestinationStatus Status { get; init; }

    /// <summary>Why it does not send.</summary>
    public string Reason { get; init; } = "";

    public string By { get; init; } = "";

    public DateTimeOffset? Since { get; init; }

    /// <summary>What the audit is told of with this write. Not stored.</summary>
    [JsonIgnore]
    public ImmutableArray<AuditEntry> Audit { get; init; } = [];
}
