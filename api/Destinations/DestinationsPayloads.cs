using System.Text.Json;
using System.Text.Json.Serialization;
using Customer360.Grains.Contracts;
using Customer360.Rules.Destinations;

namespace Customer360.Api.Destinations;

/// <summary>The destinations of <c>destinations.yaml</c>, by name.</summary>
public sealed record DestinationsAnswer(IReadOnlyList<DestinationAnswer> Destinations);

/// <summary>A destination, and how it stands.</summary>
public sealed record DestinationAnswer
{
    public required string Name { get; init; }

    /// <summary><c>webhook</c>, <c>http</c>, <c>files</c>, <c>hubSpot</c> or <c>salesforce</c>.</summary>
    public required string Kind { get; init; }

    public required string Team { get; init; }

    /// <summary>What the data is sent for.</summary>
    public required string Purpose { get; init; }

    /// <summary>What it gets, beside what it must be told.</summary>
    public required IReadOnlyList<string> Effects { get; init; }

    /// <summary><c>running</c>, <c>paused</c> or <c>disabled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it does not send; null where it does.</summary>
    public required string? Reason { get; init; }

    /// <summary>Who paused or resumed it last: a key, or <c>grid</c>; null: nobody.</summary>
    public required string? By { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTime? Since { get; init; }

    /// <summary>Its receiver fails, and nothing but probes is sent.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>What waits; a million stands for more.</summary>
    public required long Waiting { get; init; }

    /// <summary>When the oldest of what waits was caused, UTC; null: nothing waits.</summary>
    public required DateTime? OldestAt { get; init; }

    /// <summary>When something may be sent next, UTC; null: nothing waits.</summary>
    public required DateTime? NextAt { get; init; }

    /// <summary>How old what is sent may be, in seconds.</summary>
    public required double FreshnessSeconds { get; init; }

    /// <summary>Since when it is older than that, UTC; null: it is not.</summary>
    public required DateTime? LateSince { get; init; }

    /// <summary>Of what is kept (see <c>keep</c> in <c>destinations.yaml</c>); a million stands for more, here and in the next two.</summary>
    public required long Sent { get; init; }

    public required long Withheld { get; init; }

    /// <summary>Dead letters.</summary>
    public required long Failed { get; init; }

    internal static DestinationAnswer From(Destination destination, DestinationStanding standing) =>
        new()
        {
            Name = destination.Name,
            Kind = JsonNamingPolicy.CamelCase.ConvertName(destination.Kind.ToString()),
            Team = destination.Owner.Team,
            Purpose = destination.Purpose,
            Effects = [.. destination.Effects.Select(EffectKinds.WordOf)],
            Status = JsonNamingPolicy.CamelCase.ConvertName(standing.Status.ToString()),
            Reason = standing.Reason.Length == 0 ? null : standing.Reason,
            By = standing.By.Length == 0 ? null : standing.By,
            Since = standing.Since?.UtcDateTime,
            IsOpen = standing.IsOpen,
            Waiting = standing.Waiting,
            OldestAt = standing.OldestAt?.UtcDateTime,
            NextAt = standing.NextAt?.UtcDateTime,
            FreshnessSeconds = destination.Freshness.TotalSeconds,
            LateSince = standing.FreshUntil?.UtcDateTime,
            Sent = standing.Sent,
            Withheld = standing.Withheld,
            Failed = standing.Failed,
        };
}

/// <summary>A page of deliveries.</summary>
/// <param name="Deliveries">What is done: the newest first. What waits: customer by customer, in the order in which it is sent.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record DeliveriesAnswer(IReadOnlyList<DeliveryAnswerLine> Deliveries, string? Next);

/// <summary>What became of an effect. It names customers by id and holds nothing of what was sent.</summary>
public sealed record DeliveryAnswerLine
{
    /// <summary>The effect; a receiver gets it as its key against repeats.</summary>
    public required string Id { get; init; }

    /// <summary><c>profile.changed</c>, <c>message</c>, <c>audience.entered</c> …</summary>
    public required string Type { get; init; }

    public required string CustomerId { get; init; }

    /// <summary>Of what: an audience, an event, a lead, a purpose; null: the type says all.</summary>
    public required string? Name { get; init; }

    /// <summary>What has caused it: a place of the log, a merge, a request …</summary>
    public required string Cause { get; init; }

    /// <summary><c>sent</c>, <c>withheld</c>, <c>failed</c> or <c>waiting</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it was withheld or has failed; null of others.</summary>
    public required string? Reason { get; init; }

    /// <summary>The HTTP status of the last answer; null: there was none.</summary>
    public required int? Status { get; init; }

    public required int Tries { get; init; }

    /// <summary>When it was caused, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>When that became of it, UTC; of one that waits when it is tried next.</summary>
    public required DateTime DoneAt { get; init; }

    /// <summary>What the receiver called it, or said of it; null: nothing.</summary>
    public required string? Note { get; init; }

    internal static DeliveryAnswerLine From(DeliveryLine line) =>
        new()
        {
            Id = line.EffectId,
            Type = line.Type,
            CustomerId = line.CustomerId,
            Name = line.Name.Length == 0 ? null : line.Name,
            Cause = line.Cause,
            Outcome = line.Outcome,
            Reason = line.Reason.Length == 0 ? null : line.Reason,
            Status = line.Status == 0 ? null : line.Status,
            Tries = line.Tries,
            At = line.At.UtcDateTime,
            DoneAt = line.DoneAt.UtcDateTime,
            Note = line.Note,
        };
}

/// <summary>What came of a test.</summary>
/// <param name="IsTaken">The receiver took it.</param>
/// <param name="Status">The HTTP status; null: there was no answer.</param>
/// <param name="Reason">Why it was not taken; null where it was.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record DestinationTestAnswer(bool IsTaken, int? Status, string? Reason, double Seconds);

/// <summary>What a replay has put back.</summary>
/// <param name="Replayed">Deliveries that wait again.</param>
/// <param name="HasMore">There were more than one call puts back: call again, with <paramref name="Next"/>.</param>
/// <param name="Next">
/// The cursor of the next call; null: that was all. It leaves out what was given up since the first call, so that what fails at once is not
/// put back again and again.
/// </param>
public sealed record ReplayAnswer(int Replayed, bool HasMore, string? Next);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(DestinationsAnswer))]
[JsonSerializable(typeof(DestinationAnswer))]
[JsonSerializable(typeof(DeliveriesAnswer))]
[JsonSerializable(typeof(DestinationTestAnswer))]
[JsonSerializable(typeof(ReplayAnswer))]
internal sealed partial class DestinationsJson : JsonSerializerContext;
