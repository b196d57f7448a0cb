using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

public sealed class EnvelopeReaderTests
{
    private const string Track = """
        { "type": "track", "event": "Order Completed", "messageId": "m-1", "userId": "u1", "anonymousId": "a1",
          "properties": { "revenue": 39.95, "email": " Jane@X.com " },
          "timestamp": "2026-11-22T09:00:00.000Z", "sentAt": "2026-11-22T09:30:00.000Z" }
        """;

    [Fact]
    public void Read_WhenTrack_GivesCanonicalEnvelope()
    {
        Envelope envelope = Accept(Track);

        Assert.Equal("m-1", envelope.MessageId);
        Assert.Equal(EventKind.Track, envelope.Kind);
        Assert.Equal("Order Completed", envelope.Name);
        Assert.Equal(ReceivedAt.AddMinutes(-30), envelope.Timestamp);
        Assert.Equal(["user_id:u1", "email:jane@x.com", "anonymous_id:a1"], IdsOf(envelope));
        Assert.Equal(
            """
            {"messageId":"m-1","type":"track","source":"web","timestamp":"2026-11-22T09:30:00.000Z","receivedAt":"2026-11-22T10:00:00.000Z","name":"Order Completed","identifiers":[{"type":"user_id","value":"u1"},{"type":"email","value":"jane@x.com"},{"type":"anonymous_id","value":"a1"}],"message":{"type":"track","event":"Order Completed","messageId":"m-1","userId":"u1","anonymousId":"a1","properties":{"revenue":39.95,"email":" Jane@X.com "},"timestamp":"2026-11-22T09:00:00.000Z","sentAt":"2026-11-22T09:30:00.000Z"}}
            """,
            Text(envelope.Json)
        );
    }

    [Fact]
    public void FromJson_WhenWritten_GivesEqualEnvelope()
    {
        Envelope envelope = Accept(Track);
        Envelope back = EnvelopeReader.FromJson(envelope.Json);

        Assert.Equal(envelope, back);
        Assert.Equal(envelope.Timestamp, back.Timestamp);
        Assert.Equal(IdsOf(envelope), IdsOf(back));
    }

    [Fact]
    public void Read_WhenNoIdentifierIsLeft_IsRefused()
    {
        Refusal refusal = Refuse("""{"type":"track","event":"x","userId":"null"}""");
        Assert.Equal("no_user_anon_id", refusal.Code);
    }
}
