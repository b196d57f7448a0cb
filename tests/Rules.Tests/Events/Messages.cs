using System.Text;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Tests.Events;

/// <summary>Reads messages as the tests write them.</summary>
internal static class Messages
{
    public static readonly DateTimeOffset ReceivedAt = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static readonly LibPhoneNumbers Phones = new();

    public static readonly EnvelopeReader Reader = new(IdentityRules.Default, Phones);

    public static MessageContext Context { get; } = new("web", ReceivedAt, null, null, "request-1", 0);

    /// <summary>A body that is this message.</summary>
    public static SentBody Sent(string json) => SentBody.OfMessage(Encoding.UTF8.GetBytes(json), depthMax: 512);

    public static Outcome<Envelope> Read(string json, MessageContext? context = null)
    {
        using SentBody body = Sent(json);
        return Reader.Read(body[0], context ?? Context);
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

    public static string[] IdsOf(Envelope envelope) =>
        [.. envelope.Identifiers.Select(identifier => identifier.ToString())];

    public static string[] LeftOut(Envelope envelope) =>
        [.. envelope.LeftOut.Select(part => $"{part.Field}:{part.Reason}")];

    public static string[] Blocked(Envelope envelope) =>
        [.. envelope.Blocked.Select(blocked => $"{blocked.Type}:{blocked.Reason}")];
}
