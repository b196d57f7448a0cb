using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Quarantine;

/// <summary>An identifier that came with too many people.</summary>
public sealed record QuarantinedIdentifierAnswer
{
    public required string Type { get; init; }

    /// <summary>Normalized; masked where the caller may not see it.</summary>
    public required string Value { get; init; }

    /// <summary>The customer that keeps it; null where it had none.</summary>
    public required string? CustomerId { get; init; }

    /// <summary>Always <c>degree</c>: it came with more anchors than its type may.</summary>
    public string Reason { get; } = "degree";

    /// <summary>With how many anchors it had come.</summary>
    public required int Degree { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime QuarantinedAt { get; init; }

    /// <summary>The message that was one too many.</summary>
    public required string MessageId { get; init; }

    /// <summary>That message's source.</summary>
    public required string Source { get; init; }

    /// <summary>The version of the identity rules that decided.</summary>
    public required string RuleVersion { get; init; }

    /// <summary>True where this call has just ended the quarantine; otherwise it is left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Released { get; init; }

    internal static QuarantinedIdentifierAnswer From(HeldIdentifier held) =>
        new()
        {
            Type = held.Identifier.Type,
            Value = held.Identifier.Value,
            CustomerId = held.Quarantine.Owner,
            Degree = held.Quarantine.Degree,
            QuarantinedAt = held.Quarantine.At.UtcDateTime,
            MessageId = held.Quarantine.MessageId,
            Source = held.Quarantine.Source,
            RuleVersion = held.Quarantine.RuleVersion,
        };
}

/// <summary>A page of quarantined identifiers.</summary>
/// <param name="Identifiers">By partition and identifier; fewer than asked for where some were released meanwhile.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record QuarantinedIdentifiersAnswer(IReadOnlyList<QuarantinedIdentifierAnswer> Identifiers, string? Next);

/// <summary>A stored message that could not be applied.</summary>
/// <param name="Partition">The log's partition that holds it.</param>
/// <param name="Position">Its place there.</param>
/// <param name="Reason">The name of the error's type.</param>
/// <param name="QuarantinedAt">UTC.</param>
public sealed record QuarantinedMessageAnswer(int Partition, long Position, string Reason, DateTime QuarantinedAt)
{
    internal static QuarantinedMessageAnswer From(QuarantinedPlace held) =>
        new(held.Partition, held.Position, held.Reason, held.At.UtcDateTime);
}

/// <summary>A page of quarantined messages.</summary>
/// <param name="Messages">By partition and position.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record QuarantinedMessagesAnswer(IReadOnlyList<QuarantinedMessageAnswer> Messages, string? Next)
{
    /// <param name="found">One more than the page shows where another page follows.</param>
    internal static QuarantinedMessagesAnswer From(ImmutableArray<QuarantinedPlace> found, int limit, string? next) =>
        new([.. found.Take(limit).Select(QuarantinedMessageAnswer.From)], next);
}

/// <summary>A message that was applied at another try, and left the quarantine.</summary>
/// <param name="Partition">The log's partition that holds it.</param>
/// <param name="Position">Its place there.</param>
/// <param name="Applied">Always true: what fails again is a problem.</param>
public sealed record RetriedMessageAnswer(int Partition, long Position, bool Applied);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(QuarantinedIdentifiersAnswer))]
[JsonSerializable(typeof(QuarantinedIdentifierAnswer))]
[JsonSerializable(typeof(QuarantinedMessagesAnswer))]
[JsonSerializable(typeof(RetriedMessageAnswer))]
internal sealed partial class QuarantineJson : JsonSerializerContext;
