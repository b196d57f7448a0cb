using System.Text.Json.Serialization;
using Customer360.Api.Quality;

namespace Customer360.Api.Queues;

/// <summary>What waits for people.</summary>
/// <param name="Queues">All that there are, also those in which nothing waits.</param>
public sealed record QueuesAnswer(IReadOnlyList<QueueAnswer> Queues);

/// <summary>A queue.</summary>
/// <param name="Name"><c>approvals</c>, <c>heldMessages</c>, <c>ambiguousIdentities</c>, <c>privacyRequests</c> or <c>deadLetters</c>.</param>
/// <param name="Waiting">How much waits there.</param>
/// <param name="HasMore">There is more than was counted.</param>
/// <param name="OldestAt">Since when the oldest waits, UTC; null: nothing waits, or nobody knows since when.</param>
/// <param name="OldestSeconds">For how long; null with it.</param>
/// <param name="SlaSeconds">For how long something may wait.</param>
/// <param name="DueAt">When the first of them is due, UTC; null: nothing waits, or nobody knows.</param>
/// <param name="IsLate">Something waits longer than it may.</param>
/// <param name="Owner">Who looks after it.</param>
/// <param name="Parts">Where in it something waits: by kind of policy, reason, status or destination.</param>
/// <param name="Where">The path that lists what waits.</param>
public sealed record QueueAnswer(
    string Name,
    long Waiting,
    bool HasMore,
    DateTime? OldestAt,
    double? OldestSeconds,
    double SlaSeconds,
    DateTime? DueAt,
    bool IsLate,
    QualityOwnerAnswer? Owner,
    IReadOnlyList<QueuePartAnswer> Parts,
    string Where
);

/// <summary>A part of a queue in which something waits.</summary>
public sealed record QueuePartAnswer(string Name, long Waiting);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(QueuesAnswer))]
internal sealed partial class QueuesJson : JsonSerializerContext;
