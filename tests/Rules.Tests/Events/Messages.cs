using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Tests.Events;

/// <summary>Reads messages as the tests write them.</summary>
internal static class Messages
{
    public static readonly DateTimeOffset ReceivedAt = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static readonly EnvelopeReader Reader = new(IdentityRules.Default);

    public static MessageContext Context { get; } = new("web", ReceivedAt, null, null, null, null, "request-1", 0);

    public static Outcome<Envelope> Read(string json, MessageContext? context = null)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
        return Reader.Read(document.RootElement, context ?? Context);
    }

    /// <summary>The envelope of a message that must be taken.</summary>
    public static Envelope Accept(string json, MessageContext? context = null)
    {
        Outcome<Envelope> outcome = Read(json, context);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        return outcome.Value;
    }

    /// <summary>The refusal of a message that must not be taken.</summary>
    public static Refusal Refuse(string json, MessageContext? context = null)
    {
        Outcome<Envelope> outcome = Read(json, context);
        Assert.False(outcome.Succeeded);
        return outcome.Refusal;
    }

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    public static string[] Identifiers(Envelope envelope) =>
        [.. envelope.Identifiers.Select(identifier => identifier.ToString())];

    public static string[] Blocked(Envelope envelope) =>
        [.. envelope.Blocked.Select(blocked => $"{blocked.Type}:{blocked.Reason}")];
}
