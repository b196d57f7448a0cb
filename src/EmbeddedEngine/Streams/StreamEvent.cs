using Orleans.Streams;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>A published event on its way.</summary>
/// <param name="Item">The event.</param>
/// <param name="Token">Its place.</param>
/// <param name="Context">The publisher's request context, or null.</param>
internal sealed record StreamEvent(object? Item, StreamSequenceToken Token, Dictionary<string, object>? Context);
