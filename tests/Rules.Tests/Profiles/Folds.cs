using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Profiles;

/// <summary>Makes messages that collide in every way that a fold must be indifferent to, and folds of them.</summary>
internal static class Folds
{
    private static readonly Gen<string> s_traits = Gen.Elements("email", "plan", "Ärger", "a\\\"b")
        .SelectMany(
            _ => Gen.Elements("1", "2", "null", "\"x\"", "{\"b\":[1, 2]}", "true"),
            (name, value) => $"\"{name}\":{value}"
        )
        .ListOf()
        .Resize(3)
        .Select(members => $"{{{string.Join(',', members)}}}");

    private static readonly Gen<string> s_bodies = Gen.OneOf(
        s_traits.Select(traits => $"\"type\":\"identify\",\"traits\":{traits}"),
        s_traits.SelectMany(
            _ => Gen.Elements("Order", "Click", "Ä"),
            (traits, name) => $"\"type\":\"track\",\"event\":\"{name}\",\"context\":{{\"traits\":{traits}}}"
        ),
        Gen.Elements(
            "\"type\":\"page\",\"name\":\"Home\"",
            "\"type\":\"page\"",
            "\"type\":\"screen\",\"name\":\"Home\""
        ),
        Gen.Elements("acme", "globex").Select(group => $"\"type\":\"group\",\"groupId\":\"{group}\""),
        Gen.Elements("acme", "globex")
            .Select(group =>
                $"\"type\":\"track\",\"event\":\"{AccountLeaving.Event}\",\"context\":{{\"groupId\":\"{group}\"}}"
            )
    );

    /// <summary>Few times, few sources and few anchors, so that ties are common; message ids are unique.</summary>
    public static Gen<Envelope[]> Messages { get; } =
        s_bodies
            .SelectMany(_ => Gen.Choose(0, 3), (body, minute) => (body, minute))
            .SelectMany(_ => Gen.Elements("web", "crm", "app"), (made, source) => (made.body, made.minute, source))
            .SelectMany(_ => Gen.Choose(0, 2), (made, anchor) => (made.body, made.minute, made.source, anchor))
            .ArrayOf()
            .Resize(30)
            .Select(made =>
                made.Select(
                        (message, index) => Make(message.body, message.minute, message.source, message.anchor, index)
                    )
                    .ToArray()
            );

    public static ProfileFold Of(IEnumerable<Envelope> messages) =>
        messages.Aggregate(ProfileFold.Empty, (fold, message) => fold.Apply(message, PlaceOf(message)));

    /// <summary>
    /// Where a message stands in the log: its anchor's number says the partition, the number behind its id's hyphen the
    /// position. So a message has one place, in whatever order messages are folded.
    /// </summary>
    public static LogPlace PlaceOf(Envelope envelope)
    {
        int hyphen = envelope.MessageId.LastIndexOf('-');
        bool isNumbered = long.TryParse(
            envelope.MessageId.AsSpan(hyphen + 1),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long number
        );
        return new LogPlace(envelope.Anchor.Value[^1] % 8, isNumbered ? number + 1 : 1);
    }

    public static ProfileFold Join(IEnumerable<ProfileFold> folds) =>
        folds.Aggregate(ProfileFold.Empty, ProfileFold.Join);

    public static string Json(ProfileFold fold)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        fold.WriteJson(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static ProfileFold FromJson(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        return ProfileFold.ReadJson(ref reader);
    }

    /// <summary>A message that happened some minutes after ten.</summary>
    public static Envelope Message(
        string body,
        int minute = 0,
        string source = "web",
        string id = "m",
        SourceTrust trust = SourceTrust.Server
    ) =>
        Accept(
            $$"""{"messageId":"{{id}}","userId":"u","timestamp":"2026-11-22T09:{{minute:00}}:00Z",{{body}}}""",
            Context with
            {
                Source = source,
                Trust = trust,
            }
        );

    private static Envelope Make(string body, int minute, string source, int anchor, int index) =>
        Accept(
            $$"""{"messageId":"m{{index * 7 % 31}}-{{index}}","userId":"u{{anchor}}","timestamp":"2026-11-22T09:0{{minute}}:00Z",{{body}}}""",
            Context with
            {
                Source = source,
            }
        );
}
