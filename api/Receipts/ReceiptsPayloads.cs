using System.Text.Json.Serialization;
using Customer360.Api.Http;

namespace Customer360.Api.Receipts;

/// <summary>The shape of a receipt, which <see cref="MessageReceipt"/> writes: it shares its parts with the answers of collect.</summary>
public sealed record ReceiptAnswer
{
    public required string MessageId { get; init; }

    /// <summary>
    /// <c>accepted</c>, <c>dropped</c> where only its consent was stored, or <c>quarantined</c> where it does not keep its contract.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>The log's partition that holds it.</summary>
    public required int Partition { get; init; }

    /// <summary>Its place there.</summary>
    public required long Position { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime ReceivedAt { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTime Timestamp { get; init; }

    public required string Source { get; init; }

    /// <summary><c>trusted</c>, <c>signed</c> or <c>claimed</c>.</summary>
    public required string Trust { get; init; }

    /// <summary><c>identify</c>, <c>track</c>, <c>page</c>, <c>screen</c>, <c>group</c> or <c>alias</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The identifier that led it, as <c>type:value</c>; null where it had none.</summary>
    public required string? Anchor { get; init; }

    /// <summary>The customer that the anchor leads to now; null where nobody has it yet.</summary>
    public required string? CustomerId { get; init; }

    /// <summary>The profile shows the message.</summary>
    public required bool Applied { get; init; }

    /// <summary>What became of each of its identifiers, then of what was blocked.</summary>
    public required IReadOnlyList<ReceiptIdentifier> Identifiers { get; init; }

    /// <summary>The fields that could not be read or kept; left out where there are none.</summary>
    public IReadOnlyList<ReceiptLeftOut>? LeftOut { get; init; }

    /// <summary>What it said about consent; left out where it said nothing.</summary>
    public ReceiptConsent? Consent { get; init; }

    /// <summary>By which contract it was judged, and what it does not keep; left out where it has none.</summary>
    public ReceiptContract? Contract { get; init; }

    /// <summary>The other messages of that id, where a sender gave it to several anchors; left out where there are none.</summary>
    public IReadOnlyList<ReceiptPlace>? Others { get; init; }
}

/// <summary>What became of an identifier.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Value">Its value, normalized; left out where it was no identifier.</param>
/// <param name="Outcome"><c>linked</c>, <c>demoted</c>, <c>blocked</c>, <c>over_limit</c>, <c>quarantined</c>, <c>declined</c> or <c>pending</c>.</param>
/// <param name="Because">Why; left out where it was linked.</param>
public sealed record ReceiptIdentifier(string Type, string? Value, string Outcome, string? Because);

/// <summary>A part of a message that was left out.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Reason">A code.</param>
public sealed record ReceiptLeftOut(string Field, string Reason);

/// <summary>What a message said about consent.</summary>
/// <param name="Stored">How much of the message was kept for that: <c>whole</c>, <c>without_personal</c> or <c>consent_only</c>.</param>
/// <param name="Granted">Purposes.</param>
/// <param name="Denied">Purposes.</param>
/// <param name="PolicyVersion">The version of <c>consent.yaml</c> that read it.</param>
public sealed record ReceiptConsent(
    string Stored,
    IReadOnlyList<string> Granted,
    IReadOnlyList<string> Denied,
    string PolicyVersion
);

/// <summary>By which contract a message was judged.</summary>
/// <param name="Name">The event's name, or the kind of message; left out where nobody has planned such an event.</param>
/// <param name="Version">The contract's version; left out with it.</param>
/// <param name="Mode">What was done: <c>observe</c>, <c>annotate</c>, <c>quarantine</c>; left out where nothing is wrong.</param>
/// <param name="Deprecated">True where its sender should go over to another version; else left out.</param>
/// <param name="Released">True where it came out of quarantine; else left out.</param>
/// <param name="Violations">What is wrong; left out where nothing is.</param>
/// <param name="PolicyVersion">The version of <c>contracts.yaml</c> that judged it.</param>
public sealed record ReceiptContract(
    string? Name,
    string? Version,
    string? Mode,
    bool? Deprecated,
    bool? Released,
    IReadOnlyList<ReceiptViolation>? Violations,
    string PolicyVersion
);

/// <summary>What a message does wrong.</summary>
/// <param name="Path">Where: <c>properties.products[].price</c>, with <c>*</c> for names of the sender's own.</param>
/// <param name="Kind">A keyword of JSON Schema, or <c>unplanned_event</c>, <c>unplanned_property</c>, <c>identifier_missing</c>, …</param>
public sealed record ReceiptViolation(string Path, string Kind);

/// <summary>Where a message is stored.</summary>
/// <param name="Partition">The log's partition.</param>
/// <param name="Position">The place there.</param>
/// <param name="ReceivedAt">UTC.</param>
public sealed record ReceiptPlace(int Partition, long Position, DateTime ReceivedAt);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RawJson<ReceiptAnswer>))]
[JsonSerializable(typeof(ReceiptAnswer))]
internal sealed partial class ReceiptsJson : JsonSerializerContext;
