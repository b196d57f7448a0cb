using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Grains.Tests.Intake.Parts;

/// <summary>Messages on their way, as a partition's parts see them.</summary>
internal static class Deliveries
{
    private static readonly LibPhoneNumbers s_phones = new();

    public static Envelope Envelope(string userId, string messageId = "m", string? device = null)
    {
        byte[] message = Encoding.UTF8.GetBytes(Messages.Track(messageId, userId, device).ToJsonString());
        using SentBody body = SentBody.OfMessage(message);
        return new EnvelopeReader(IdentityRules.Default, s_phones)
            .Read(body[0], new MessageContext("test", DateTimeOffset.UnixEpoch.AddYears(56), null, null, "r", 0))
            .Value!;
    }

    public static Delivery Of(string userId, long position, WaitingCall? call = null) =>
        new(new StoredEnvelope(0, position, Envelope(userId, $"m{position}")), call);

    public static WaitingCall Call(params string[] userIds) =>
        CallOf([.. userIds.Select((userId, index) => Envelope(userId, $"m{index}"))]);

    public static WaitingCall CallOf(params Envelope[] envelopes) =>
        new(
            new CollectRequest([.. envelopes], false, TimeSpan.Zero),
            envelopes.Sum(envelope => (long)envelope.Json.Length)
        );

    public static long[] Positions(Lane lane) => [.. lane.Messages().Select(message => message.Position)];
}
