using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;

namespace Customer360.Grains;

/// <summary>What a destination's grain stores: whether it sends. What waits stands in the outbox.</summary>
public sealed class DestinationState : IAudited
{
    public DestinationStatus Status { get; set; }

    /// <summary>Why it does not send; empty where it does.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Who has paused or resumed it: a key, or <c>grid</c>; empty: nobody ever has.</summary>
    public string By { get; set; } = "";

    public DateTimeOffset? Since { get; set; }

    /// <inheritdoc/>
    [JsonIgnore]
    public ImmutableArray<AuditEntry> Audit { get; set; } = [];
}
