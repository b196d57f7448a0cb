using Customer360.Rules.Events;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

/// <summary>Messages in the shapes that Segment's SDKs send, as recorded from them.</summary>
public sealed class SdkPayloadTests
{
    [Fact]
    public void Read_WhenFromAnalyticsNext_TakesPage()
    {
        Envelope envelope = Accept(
            """
            {"timestamp":"2026-11-22T09:59:58.500Z","integrations":{},"type":"page","properties":{"path":"/pricing","referrer":"","search":"","title":"Pricing","url":"https://x.com/pricing","name":"Pricing"},"name":"Pricing","category":null,"context":{"page":{"path":"/pricing","referrer":"","search":"","title":"Pricing","url":"https://x.com/pricing"},"userAgent":"Mozilla/5.0","userAgentData":{"brands":[{"brand":"Chromium","version":"130"}],"mobile":false,"platform":"macOS"},"locale":"en-US","library":{"name":"analytics.js","version":"npm:next-1.77.0"},"timezone":"Europe/Berlin"},"messageId":"ajs-next-1732269598500-f3c1c1de","userId":null,"anonymousId":"c5e7b2a0-3a3e-4a0e-9d1e-5c5f3f1f2a77","writeKey":"key","sentAt":"2026-11-22T09:59:59.000Z","_metadata":{"bundled":["Segment.io"],"unbundled":[],"bundledIds":[]}}
            """,
            Context with
            {
                Kind = EventKind.Page,
            }
        );

        Assert.Equal("Pricing", envelope.Name);
        Assert.Equal(["anonymous_id:c5e7b2a0-3a3e-4a0e-9d1e-5c5f3f1f2a77"], IdsOf(envelope));
        Assert.Equal(ReceivedAt.AddMilliseconds(-500), envelope.Timestamp);
        Assert.DoesNotContain("writeKey", Text(envelope.Json), StringComparison.Ordinal);
        Assert.Contains("\"_metadata\":{\"bundled\":[\"Segment.io\"]", Text(envelope.Json), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenFromAnalyticsNode_TakesBatchSentAt()
    {
        Envelope envelope = Accept(
            """
            {"userId":"019mr8mf4r","event":"Item Purchased","properties":{"revenue":39.95},"type":"track","messageId":"node-next-1732269600000-1","timestamp":"2026-11-22T08:00:00.000Z","context":{"library":{"name":"@segment/analytics-node","version":"2.3.0"}},"integrations":{},"_metadata":{"nodeVersion":"22.3.0","jsRuntime":"node"}}
            """,
            Context with
            {
                SentAt = ReceivedAt.AddHours(-1),
            }
        );

        Assert.Equal(ReceivedAt.AddHours(-1), envelope.Timestamp);
    }

    [Fact]
    public void Read_WhenFromAnalyticsPython_TakesNullsAndMicroseconds()
    {
        Envelope envelope = Accept(
            """
            {"integrations": {}, "anonymousId": null, "timestamp": "2026-11-22T09:00:00.123456+00:00", "context": {"library": {"name": "analytics-python", "version": "2.3.3"}}, "type": "identify", "traits": {"email": "A@B.com", "plan": null}, "userId": 4711, "messageId": "5a1f0a5e-0f3c-4bfb-a3a0-8a7a3f2f0c3e"}
            """
        );

        Assert.Equal(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero).AddTicks(1_234_560), envelope.Timestamp);
        Assert.Equal(["user_id:4711", "email:a@b.com"], IdsOf(envelope));
        Assert.Equal(["email", "plan"], envelope.Traits.Select(trait => trait.Name));
        Assert.Equal("null", Text(envelope.Traits[1].ValueJson));
    }

    [Fact]
    public void Read_WhenFromAnalyticsRuby_TakesOffsetTime()
    {
        Envelope envelope = Accept(
            """
            {"context":{"library":{"name":"analytics-ruby","version":"2.5.0"}},"messageId":"3f2f","timestamp":"2026-11-22T10:00:00.123+01:00","userId":"u","traits":{"name":"Jürgen"},"type":"identify"}
            """
        );

        Assert.Equal(new DateTimeOffset(2026, 11, 22, 9, 0, 0, 123, TimeSpan.Zero), envelope.Timestamp);
    }

    [Fact]
    public void Read_WhenFromAnalyticsSwift_TakesDeviceIds()
    {
        Envelope envelope = Accept(
            """
            {"type":"track","event":"Application Opened","anonymousId":"A-1","messageId":"M-1","timestamp":"2026-11-22T09:59:00.000Z","context":{"device":{"manufacturer":"Apple","type":"ios","model":"iPhone17,1","name":"iPhone","id":"B5372DB0-C21E-11E4-8DFC-AA07A5B093DB","token":"ff15bc0c","advertisingId":"7A3CBEA0-BDF5-11E4-8DFC-AA07A5B093DB","adTrackingEnabled":true},"os":{"name":"iOS","version":"26.1"},"library":{"name":"analytics-swift","version":"1.8.0"}},"integrations":{}}
            """
        );

        Assert.Equal(
            [
                "anonymous_id:A-1",
                "ios.id:b5372db0-c21e-11e4-8dfc-aa07a5b093db",
                "ios.idfa:7a3cbea0-bdf5-11e4-8dfc-aa07a5b093db",
                "ios.push_token:ff15bc0c",
            ],
            IdsOf(envelope)
        );
    }

    [Fact]
    public void Read_WhenFromPhp_TakesEmptyArrayAsObject()
    {
        Envelope envelope = Accept(
            """{"type":"track","event":"x","userId":"u","properties":[],"context":[],"messageId":"p\/1"}"""
        );

        Assert.Equal("p/1", envelope.MessageId);
    }
}
