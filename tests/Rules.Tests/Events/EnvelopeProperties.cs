using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

/// <summary>
/// Whatever is sent: reading never throws, and what is taken has one form that reads back to itself.
/// </summary>
public sealed class EnvelopeProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly Arbitrary<string> s_messages = Gen.OneOf(MessageGenerator.Any, MessageGenerator.Plausible)
        .ToArbitrary();

    [Fact]
    public void Read_WhenAnyJson_NeverThrows() =>
        Prop.ForAll(s_messages, message => Read(message).Succeeded || true).Check(s_many);

    [Fact]
    public void FromJson_WhenTaken_GivesTheSameEnvelope()
    {
        int takenCount = 0;
        Prop.ForAll(
                s_messages,
                message =>
                {
                    bool isTaken = Read(message) is { Succeeded: true };
                    takenCount += isTaken ? 1 : 0;
                    return !isTaken || IsSame(Accept(message));
                }
            )
            .Check(s_many);
        Assert.True(takenCount > 500, "The generator makes too few messages that are taken.");
    }

    [Fact]
    public void Read_WhenCanonicalMessageIsReadAgain_ChangesNothing() =>
        Prop.ForAll(
                s_messages,
                message =>
                {
                    if (Read(message) is not { Succeeded: true, Value: { } taken })
                    {
                        return true;
                    }

                    using var envelope = JsonDocument.Parse(taken.Json);
                    string canonical = envelope.RootElement.GetProperty("message").GetRawText();
                    Outcome<Envelope> again = Read(canonical);
                    // What was repaired is whole now, so it is not told once more; and where an id was derived from what was
                    // sent, it is derived from the same.
                    using JsonDocument? second = again.Succeeded ? JsonDocument.Parse(again.Value.Json) : null;
                    return second is not null
                        && second.RootElement.GetProperty("message").GetRawText() == canonical
                        && again.Value!.MessageId == taken.MessageId
                        && again.Value.Timestamp == taken.Timestamp
                        && again.Value.Identifiers.SequenceEqual(taken.Identifiers)
                        && again.Value.LeftOut.All(taken.LeftOut.Contains);
                }
            )
            .Check(s_many);

    [Fact]
    public void Read_WhenBytesAreDamaged_NeverThrows()
    {
        byte[] message = Encoding.UTF8.GetBytes(
            """{"type":"identify","userId":"u","messageId":"m","timestamp":"2026-11-22T09:00:00Z","traits":{"a":"\u00e9\ud83d\ude00","n":1.5e3},"context":{"device":{"id":"x","type":"ios"},"externalIds":[{"id":"1","type":"email"}]}}"""
        );
        Gen<(int Place, int Bytes)[]> damage = Gen.Choose(0, message.Length - 1)
            .SelectMany(_ => Gen.Choose(0, 255), (place, value) => (place, value))
            .ArrayOf(2);
        Prop.ForAll(
                damage.ToArbitrary(),
                changes =>
                {
                    byte[] damaged = [.. message];
                    foreach ((int place, int value) in changes)
                    {
                        damaged[place] = (byte)value;
                    }

                    using SentBody? body = Parsed(damaged);
                    return body is null
                        || Reader.Read(body[0], Context) is not { Succeeded: true, Value: { } taken }
                        || IsSame(taken);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"messageId":"m","type":"boo","source":"s","identifiers":[],"message":{}}""")]
    [InlineData("""{"messageId":7}""")]
    [InlineData("""{"messageId":"m","type":"page","source":"s","timestamp":"x"}""")]
    [InlineData(
        """{"messageId":"m","type":"page","source":"s","identifiers":[{"type":"a:b","value":"v"}],"message":{}}"""
    )]
    public void FromJson_WhenNoEnvelope_ThrowsJsonException(string json) =>
        Assert.ThrowsAny<JsonException>(() => EnvelopeReader.FromJson(Encoding.UTF8.GetBytes(json)));

    private static SentBody? Parsed(byte[] json)
    {
        try
        {
            return SentBody.OfMessage(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsSame(Envelope taken)
    {
        Envelope back = EnvelopeReader.FromJson(taken.Json);
        return back.Equals(taken)
            && back.MessageId == taken.MessageId
            && back.Kind == taken.Kind
            && back.Source == taken.Source
            && back.Timestamp == taken.Timestamp
            && back.ReceivedAt == taken.ReceivedAt
            && back.Name == taken.Name
            && back.GroupId == taken.GroupId
            && back.Identifiers.SequenceEqual(taken.Identifiers)
            && back.Blocked.SequenceEqual(taken.Blocked)
            && AreSame(back.Traits, taken.Traits)
            && AreSame(back.GroupTraits, taken.GroupTraits);
    }

    private static bool AreSame(IEnumerable<TraitAssignment> left, IEnumerable<TraitAssignment> right) =>
        left.Select(trait => (trait.Name, Text(trait.ValueJson)))
            .SequenceEqual(right.Select(trait => (trait.Name, Text(trait.ValueJson))));
}
