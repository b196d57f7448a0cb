namespace Customer360.Rules.Profiles;

/// <summary>
/// The latest value of a trait that one source has given. Of two, the later one stands: by time, then by message id,
/// then by the value's bytes, so that the order of arrival never matters.
/// </summary>
/// <param name="Name">The trait's name.</param>
/// <param name="Source">The source that gave it.</param>
/// <param name="ValueJson">Compact UTF-8 JSON; <c>null</c> means that the source has removed it.</param>
/// <param name="At">The event's time, UTC.</param>
/// <param name="MessageId">The message that set it.</param>
public sealed record Trait(
    string Name,
    string Source,
    ReadOnlyMemory<byte> ValueJson,
    DateTimeOffset At,
    string MessageId
);

/// <summary>How often an event (or page, or screen) was seen under its name, and when first and last.</summary>
public sealed record EventCounter(
    Events.EventKind Kind,
    string Name,
    long Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt
);

/// <summary>A message that is the first or the last of something: of two, time, then message id, decide.</summary>
public sealed record Touch(DateTimeOffset At, string MessageId, string Source);

/// <summary>An account that the person was linked to by a group call, and when first and last.</summary>
public sealed record AccountLink(string GroupId, DateTimeOffset FirstAt, DateTimeOffset LastAt);
