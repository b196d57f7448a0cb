using System.Text.Json;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Events;

/// <summary>What a message inherits from the request that carried it.</summary>
/// <param name="Source">The name of the source whose write key was given.</param>
/// <param name="ReceivedAt">When the request came in, UTC.</param>
/// <param name="SentAt">The batch's <c>sentAt</c>, where the message has none of its own.</param>
/// <param name="Kind">The kind that the path gives (<c>/v1/track</c>); null where the message's <c>type</c> says it.</param>
/// <param name="BatchContext">A batch's top-level <c>context</c>: merged under every message's own.</param>
/// <param name="BatchIntegrations">A batch's top-level <c>integrations</c>, likewise.</param>
/// <param name="RequestId">Unique per request: what the id of a message without <c>messageId</c> is derived from.</param>
/// <param name="Index">The message's place in the request, from 0.</param>
public readonly record struct MessageContext(
    string Source,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? SentAt,
    EventKind? Kind,
    JsonElement? BatchContext,
    JsonElement? BatchIntegrations,
    string RequestId,
    int Index
);

/// <summary>Brings messages of the Segment HTTP Tracking API to canonical form. Pure; one instance per rules version.</summary>
public sealed class EnvelopeReader(IdentityRules rules)
{
    public IdentityRules Rules { get; } = rules;

    /// <summary>Reads one message of a request; a <see cref="MessageRefusal"/> says why it can't be taken.</summary>
    public Outcome<Envelope> Read(JsonElement message, in MessageContext context) =>
        throw new NotImplementedException();

    /// <summary>Reads an envelope back from its canonical form.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static Envelope FromJson(ReadOnlyMemory<byte> json) => throw new NotImplementedException();

    /// <summary>
    /// Normalizes an identifier that a caller asks for (<c>email:Jane@X.com</c>); null where the type is unknown or the
    /// value is not valid or blocked.
    /// </summary>
    public Identifier? Normalize(string type, string value) => throw new NotImplementedException();
}
