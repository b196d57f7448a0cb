using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.FieldCases;

/// <summary>One part of a message that can't be read does not lose the message. Numbers are the rows of the field cases.</summary>
public sealed class UnreadablePartTests
{
    private static readonly DateTimeOffset s_receivedAt = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Times whose meaning is certain are read, in whatever form they are written.</summary>
    [Theory]
    [InlineData("\"2026-11-25T10:00:27.029:Z\"", "2026-11-25T10:00:27.029Z")]
    [InlineData("\"٢٠٢٦-١١-٢٥T١٠:٤٨:٢٩.٥Z\"", "2026-11-25T10:48:29.500Z")]
    [InlineData("\"2026-11-25 10:15:30.123456789 +0000 UTC\"", "2026-11-25T10:15:30.1234567Z")]
    [InlineData("\"2026-11-25 10:15:30.123+00\"", "2026-11-25T10:15:30.123Z")]
    [InlineData("1764065730000", "2025-11-25T10:15:30.000Z")]
    [InlineData("\"Wed, 25 Nov 2026 10:15:30 +0100\"", "2026-11-25T09:15:30.000Z")]
    // Siblings.
    [InlineData("\"2026-11-25T10:15:30+0530\"", "2026-11-25T04:45:30.000Z")]
    [InlineData("\"2026-11-25 10:15:30.5 +0100 CET m=+0.012345\"", "2026-11-25T09:15:30.500Z")]
    [InlineData("\"2026-11-24 10:15:30-03\"", "2026-11-24T13:15:30.000Z")]
    [InlineData("\"۲۰۲۶-۱۱-۲۵T۱۰:۴۸:۲۹Z\"", "2026-11-25T10:48:29.000Z")]
    [InlineData("\"२०२६-११-२५ १०:४८:२९\"", "2026-11-25T10:48:29.000Z")]
    [InlineData("\"２０２６-１１-２５T10:48:29Z\"", "2026-11-25T10:48:29.000Z")]
    [InlineData("\"\\u200f2026-11-25T10:48:29Z\\u200e\"", "2026-11-25T10:48:29.000Z")]
    [InlineData("\"20261125T101530Z\"", "2026-11-25T10:15:30.000Z")]
    [InlineData("\"20261125T101530.25+0100\"", "2026-11-25T09:15:30.250Z")]
    [InlineData("\"Wed, 25 Nov 2026 10:15:30 GMT\"", "2026-11-25T10:15:30.000Z")]
    [InlineData("\"25 Nov 2026 10:15:30 UTC\"", "2026-11-25T10:15:30.000Z")]
    [InlineData("\"Wed Nov 25 2026 10:15:30 GMT+0100 (Central European Standard Time)\"", "2026-11-25T09:15:30.000Z")]
    [InlineData("\"Wed Nov  4 10:15:30 UTC 2026\"", "2026-11-04T10:15:30.000Z")]
    [InlineData("1764065730", "2025-11-25T10:15:30.000Z")]
    [InlineData("1764065730.25", "2025-11-25T10:15:30.250Z")]
    [InlineData("1.76406573e9", "2025-11-25T10:15:30.000Z")]
    [InlineData("1764065730000000", "2025-11-25T10:15:30.000Z")]
    [InlineData("1764065730000000000", "2025-11-25T10:15:30.000Z")]
    [InlineData("\"1764065730\"", "2025-11-25T10:15:30.000Z")]
    [InlineData("\"1764065730000\"", "2025-11-25T10:15:30.000Z")]
    [InlineData("\"1764065730.5\"", "2025-11-25T10:15:30.500Z")]
    public void Time_WhenItsMeaningIsCertain_IsRead(string json, string expected)
    {
        Envelope envelope = AcceptAt($$"""{"type":"page","userId":"u","timestamp":{{json}}}""");

        Assert.Equal(expected, Rfc3339.Text(envelope.Timestamp));
        Assert.Empty(envelope.LeftOut);
    }

    /// <summary>What may be read in two ways, or can't be a time, is none.</summary>
    [Theory]
    [InlineData("\"9/3/2026 10:15:00 AM\"", "not_a_time")]
    [InlineData("\"2569-11-25T10:00:00.000Z\"", "impossible_time")]
    [InlineData("\"0000-00-00 00:00:00\"", "zero_time")]
    // Siblings.
    [InlineData("\"03.09.2026 10:15\"", "not_a_time")]
    [InlineData("\"25-11-2026\"", "not_a_time")]
    [InlineData("\"Nov 25, 2026, 10:15:30 AM\"", "not_a_time")]
    [InlineData("\"Wed Nov 25 10:15:30 2026\"", "not_a_time")]
    [InlineData("\"Wed Nov 25 10:15:30 EST 2026\"", "not_a_time")]
    [InlineData("\"10:15\"", "not_a_time")]
    [InlineData("\"Invalid Date\"", "not_a_time")]
    [InlineData("\"yesterday\"", "not_a_time")]
    [InlineData("\"2026-02-30T00:00:00Z\"", "not_a_time")]
    [InlineData("\"2026-11-25T25:00:00Z\"", "not_a_time")]
    [InlineData("20261125", "not_a_time")]
    [InlineData("1e300", "not_a_time")]
    [InlineData("-5", "not_a_time")]
    [InlineData("true", "not_a_time")]
    [InlineData("{}", "not_a_time")]
    [InlineData("[2026,11,25]", "not_a_time")]
    [InlineData("\"\\ud800\"", "not_a_time", "not_storable")]
    [InlineData("1e999", "not_a_time", "number_out_of_range")]
    [InlineData("\"0001-01-01T00:00:00Z\"", "zero_time")]
    [InlineData("\"0001-01-01 00:00:00 +0000 UTC\"", "zero_time")]
    [InlineData("\"0000-00-00\"", "zero_time")]
    [InlineData("\"0000-00-00T00:00:00Z\"", "zero_time")]
    [InlineData("\"1970-01-01T00:00:00.000Z\"", "zero_time")]
    [InlineData("0", "zero_time")]
    [InlineData("\"0\"", "zero_time")]
    [InlineData("-62135596800", "zero_time")]
    [InlineData("\"1405-09-04T10:00:00Z\"", "impossible_time")]
    [InlineData("\"1969-12-31T23:59:59Z\"", "impossible_time")]
    [InlineData("\"2201-01-01T00:00:00Z\"", "impossible_time")]
    [InlineData("\"9998-12-31T23:59:59Z\"", "impossible_time")]
    [InlineData("\"9999-12-31T23:59:59Z\"", "not_a_time")]
    [InlineData("\"2026-11-27T12:00:00Z\"", "impossible_time")]
    [InlineData("4102444800", "impossible_time")]
    public void Time_WhenItIsNoneForCertain_LeavesItToReceipt(string json, params string[] faults)
    {
        foreach (string field in (string[])["timestamp", "originalTimestamp"])
        {
            Envelope envelope = AcceptAt($$"""{"type":"page","userId":"u","{{field}}":{{json}}}""");

            Assert.Equal(s_receivedAt, envelope.Timestamp);
            Assert.Equal(faults.Order().Select(fault => $"{field}:{fault}"), LeftOut(envelope).Order());
        }
    }

    [Theory]
    [InlineData(""","timestamp":null""")]
    [InlineData(""","timestamp":"" """)]
    [InlineData(""","timestamp":" \u200b" """)]
    public void Time_WhenNoneIsGiven_IsNoFault(string times) =>
        Assert.Empty(AcceptAt($$"""{"type":"page","userId":"u"{{times}}}""").LeftOut);

    /// <summary>An unreadable, zero or impossible time leaves it to the next one.</summary>
    [Theory]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("\"2569-11-25T10:00:00Z\"")]
    [InlineData("\"x\"")]
    [InlineData("0")]
    [InlineData("{}")]
    public void OriginalTimestamp_WhenNone_LeavesItToTimestamp(string original) =>
        Assert.Equal(
            new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero),
            AcceptAt(
                $$"""{"type":"page","userId":"u","originalTimestamp":{{original}},"timestamp":"2026-11-25T10:00:00Z"}"""
            ).Timestamp
        );

    /// <summary>Without a readable <c>sentAt</c> the time stands as it is given.</summary>
    [Theory]
    [InlineData("\"Invalid Date\"", "not_a_time")]
    [InlineData("false", "not_a_time")]
    [InlineData("[]", "not_a_time")]
    [InlineData("\"0001-01-01T00:00:00Z\"", "zero_time")]
    [InlineData("0", "zero_time")]
    public void SentAt_WhenNone_LeavesTheTimeAsGiven(string sentAt, string fault)
    {
        Envelope envelope = AcceptAt(
            $$"""{"type":"page","userId":"u","timestamp":"2026-11-25T10:00:00Z","sentAt":{{sentAt}}}"""
        );

        Assert.Equal(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero), envelope.Timestamp);
        Assert.Equal([$"sentAt:{fault}"], LeftOut(envelope));
    }

    /// <summary>The two readings of one clock, in milliseconds and seconds.</summary>
    [Fact]
    public void Times_WhenNumbersOfTwoUnits_CorrectTheClock() =>
        Assert.Equal(
            s_receivedAt.AddSeconds(-90),
            AcceptAt("""{"type":"page","userId":"u","timestamp":1795601640000,"sentAt":1795601730}""").Timestamp
        );

    /// <summary>A device in another calendar is wrong in both readings alike.</summary>
    [Fact]
    public void Times_WhenBothAreOfAnotherCalendar_CorrectTheClock() =>
        Assert.Equal(
            s_receivedAt.AddSeconds(-90),
            AcceptAt(
                """{"type":"page","userId":"u","originalTimestamp":"2569-11-25T10:00:00Z","sentAt":"2569-11-25T10:01:30Z"}"""
            ).Timestamp
        );

    /// <summary>Every field of the spec with every wrong type.</summary>
    [Theory]
    [InlineData("identify", "userId", "false", "anonymous_id:a")]
    [InlineData("identify", "userId", "{}", "anonymous_id:a")]
    [InlineData("identify", "userId", "[1]", "anonymous_id:a")]
    [InlineData("track", "userId", "true", "anonymous_id:a")]
    [InlineData("page", "anonymousId", "true", "user_id:u")]
    [InlineData("screen", "anonymousId", "{\"a\":1}", "user_id:u")]
    [InlineData("alias", "previousId", "false", "user_id:u anonymous_id:a")]
    [InlineData("alias", "previousId", "{}", "user_id:u anonymous_id:a")]
    [InlineData("group", "groupId", "false", "user_id:u anonymous_id:a")]
    [InlineData("group", "groupId", "[]", "user_id:u anonymous_id:a")]
    [InlineData("track", "messageId", "true", "user_id:u anonymous_id:a")]
    [InlineData("track", "messageId", "{}", "user_id:u anonymous_id:a")]
    [InlineData("page", "name", "true", "user_id:u anonymous_id:a")]
    [InlineData("page", "category", "{}", "user_id:u anonymous_id:a")]
    [InlineData("screen", "name", "[]", "user_id:u anonymous_id:a")]
    [InlineData("track", "properties", "\"\"", "user_id:u anonymous_id:a")]
    [InlineData("track", "properties", "[1]", "user_id:u anonymous_id:a")]
    [InlineData("track", "properties", "7", "user_id:u anonymous_id:a")]
    [InlineData("identify", "traits", "\"\"", "user_id:u anonymous_id:a")]
    [InlineData("identify", "traits", "5", "user_id:u anonymous_id:a")]
    [InlineData("group", "traits", "true", "user_id:u anonymous_id:a")]
    [InlineData("page", "context", "\"x\"", "user_id:u anonymous_id:a")]
    [InlineData("page", "context", "1", "user_id:u anonymous_id:a")]
    [InlineData("page", "integrations", "true", "user_id:u anonymous_id:a")]
    public void Field_WhenOfAnotherType_IsLeftOut(string kind, string field, string value, string identifiers)
    {
        Envelope envelope = Accept(Message(kind, field, value));

        Assert.Equal(identifiers.Split(' '), IdsOf(envelope));
        Assert.Equal([$"{field}:wrong_type"], LeftOut(envelope));
        Assert.Empty(envelope.Traits);
        Assert.Equal(LeftOut(envelope), LeftOut(EnvelopeReader.FromJson(envelope.Json)));
    }

    /// <summary>A number is the text that it is written with.</summary>
    [Theory]
    [InlineData("page", "name", "404", "404")]
    [InlineData("screen", "name", "1.50", "1.50")]
    [InlineData("track", "event", "7", "7")]
    public void Name_WhenANumber_IsItsText(string kind, string field, string value, string name)
    {
        Envelope envelope = Accept(Message(kind, field, value));

        Assert.Equal(name, envelope.Name);
        Assert.Empty(envelope.LeftOut);
    }

    /// <summary>Parts of the context that identifiers are looked for in.</summary>
    [Theory]
    [InlineData("{\"traits\":\"x\"}")]
    [InlineData("{\"device\":\"d\"}")]
    [InlineData("{\"groupId\":{}}")]
    [InlineData("{\"externalIds\":{\"id\":\"x\",\"type\":\"email\"}}")]
    public void Context_WhenAPartIsOfAnotherType_SaysSo(string context)
    {
        Envelope envelope = Accept(Message("track", "context", context));

        Assert.Equal(["user_id:u", "anonymous_id:a"], IdsOf(envelope));
        Assert.Equal(["context:wrong_type"], LeftOut(envelope));
    }

    [Fact]
    public void Batch_WhenItsContextIsNoObject_IsTakenAndSaysSo()
    {
        using SentBody body = SentBody.OfBatch(
            """{"context":"x","integrations":5,"batch":[{"type":"page","userId":"u"}]}"""u8.ToArray()
        );

        Assert.Equal(["context:wrong_type", "integrations:wrong_type"], LeftOut(Reader.Read(body[0], Context).Value!));
    }

    /// <summary>A name that no profile counts by stays in the message, and the receipt says that it does not count.</summary>
    [Theory]
    [InlineData("track", "event")]
    [InlineData("page", "name")]
    [InlineData("screen", "name")]
    public void Name_WhenTooLongToCountBy_SaysSo(string kind, string field)
    {
        Assert.Empty(LeftOut(Accept(Message(kind, field, $"\"{new string('n', 255)}\""))));
        Assert.Equal([$"{field}:too_long"], LeftOut(Accept(Message(kind, field, $"\"{new string('n', 256)}\""))));
    }

    [Theory]
    [InlineData("properties")]
    [InlineData("traits")]
    [InlineData("context")]
    public void Object_WhenAnEmptyArray_IsEmpty(string field) =>
        Assert.Empty(Accept(Message("identify", field, "[]")).LeftOut);

    /// <summary>What no store can hold.</summary>
    [Theory]
    [InlineData("{\"t\":\"a\\u0000b\"}", "{\"t\":\"ab\"}", "not_storable")]
    [InlineData("{\"a\\u0000b\":1,\"c\":2}", "{\"ab\":1,\"c\":2}", "not_storable")]
    [InlineData("{\"t\":\"a\\ud800b\"}", "{\"t\":\"a\uFFFDb\"}", "not_storable")]
    [InlineData("{\"t\":[\"\\udc00\\ud800\"]}", "{\"t\":[\"\uFFFD\uFFFD\"]}", "not_storable")]
    [InlineData("{\"\\ud83d\":1,\"c\":2}", "{\"\uFFFD\":1,\"c\":2}", "not_storable")]
    [InlineData("{\"n\":1e400000,\"c\":2}", "{\"n\":\"1e400000\",\"c\":2}", "number_out_of_range")]
    [InlineData("{\"n\":[-1E309,1e-400000]}", "{\"n\":[\"-1E309\",\"1e-400000\"]}", "number_out_of_range")]
    [InlineData("{\"n\":1e99999999999999999999}", "{\"n\":\"1e99999999999999999999\"}", "number_out_of_range")]
    public void Value_WhenItCannotBeKept_IsRepaired(string value, string kept, string fault)
    {
        foreach ((string kind, string field) in ((string, string)[])[("identify", "traits"), ("track", "properties")])
        {
            Envelope envelope = Accept(Message(kind, field, value));

            Assert.Contains($"\"{field}\":{kept}", Text(envelope.Json), StringComparison.Ordinal);
            Assert.Equal([$"{field}:{fault}"], LeftOut(envelope));
        }
    }

    [Fact]
    public void Value_WhenInAFieldThatIsNoneOfTheSpec_IsNotNamed() =>
        Assert.Equal(
            ["message:not_storable"],
            LeftOut(Accept("""{"type":"page","userId":"u","jane@example.com":"\u0000"}"""))
        );

    [Fact]
    public void Nesting_WhenOver32Levels_EndsWithNull()
    {
        string Deep(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "[]" + new string('}', levels);

        Assert.Empty(Accept(Message("track", "properties", Deep(30))).LeftOut);
        Envelope cut = Accept(Message("track", "properties", Deep(31)));
        Assert.Contains("{\"a\":null}", Text(cut.Json), StringComparison.Ordinal);
        Assert.Equal(["properties:too_deep"], LeftOut(cut));
        Accept(Message("track", "properties", Deep(400)));
        // Many empty arrays at the border grow the most.
        Accept(
            Message(
                "track",
                "properties",
                string.Concat(Enumerable.Repeat("[", 31))
                    + string.Join(',', Enumerable.Repeat("[]", 5_000))
                    + new string(']', 31)
            )
        );
    }

    /// <summary>Deeper than a body may be, it alone is refused.</summary>
    [Fact]
    public void Batch_WhenOneMessageIsTooDeep_HasTheOthers()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 70)) + new string(']', 70);
        using SentBody body = SentBody.OfBatch(
            System.Text.Encoding.UTF8.GetBytes(
                $$"""{"context":{"x":{{deep}}},"batch":[{"type":"page","userId":"u"},{"type":"page","userId":"u","properties":{"p":{{deep}} } }]}"""
            )
        );

        Assert.Equal(["context:too_deep"], LeftOut(Reader.Read(body[0], Context).Value!));
        Assert.IsType<MessageTooDeep>(Reader.Read(body[1], Context).Refusal);
    }

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    public void Body_WhenAMessageIsTooDeep_IsRefused(int levels, bool isRefused)
    {
        string deep = string.Concat(Enumerable.Repeat("[", levels)) + new string(']', levels);
        using SentBody body = SentBody.OfMessage(
            System.Text.Encoding.UTF8.GetBytes($$"""{"type":"page","userId":"u","x":{{deep}}}"""),
            depthMax: 64
        );

        Assert.Equal(isRefused, Reader.Read(body[0], Context).Refusal is MessageTooDeep);
    }

    /// <summary>One letter in another encoding does not lose a batch.</summary>
    [Fact]
    public void Batch_WhenABytesIsNoUtf8_HasAllAndSaysWhich()
    {
        byte[] json = System.Text.Encoding.Latin1.GetBytes(
            """{"batch":[{"type":"page","userId":"u","name":"Caf\u00e9"},{"type":"page","userId":"v","name":"Café"}]}"""
        );
        using SentBody body = SentBody.OfBatch(json);

        Assert.Empty(Reader.Read(body[0], Context).Value!.LeftOut);
        Envelope repaired = Reader.Read(body[1], Context).Value!;
        Assert.Equal("Caf\uFFFD", repaired.Name);
        Assert.Equal(["message:not_storable"], LeftOut(repaired));
    }

    /// <summary>Only what says nothing of anybody is refused.</summary>
    [Theory]
    [InlineData("""{"type":"identify","userId":false,"anonymousId":{}}""", "no_user_anon_id")]
    [InlineData("""{"type":"track","userId":"u","event":false}""", "invalid_field")]
    [InlineData("""{"type":"track","userId":"u"}""", "invalid_field")]
    public void Message_WhenNothingIsLeft_IsRefused(string message, string code) =>
        Assert.Equal(code, Refuse(message).Code);

    [Theory]
    [InlineData("Track")]
    [InlineData(" IDENTIFY ")]
    public void Type_WhenInAnotherCase_IsRead(string type) =>
        Accept($$"""{"type":"{{type}}","userId":"u","event":"e"}""");

    /// <summary>Whatever stands in the fields, a message with a person and an event is taken, and nothing else is lost.</summary>
    [Fact]
    public void Message_WhenAnythingStandsInItsFields_IsTaken()
    {
        Gen<string> anything = Gen.Elements(
            "null",
            "true",
            "0",
            "1e999",
            "1234.0",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"x\"",
            "[]",
            "[[[]]]",
            "{}",
            "{\"a\\u0000\":1e-999}",
            "\"2026-11-25\"",
            "\"0000-00-00\""
        );
        string[] fields =
        [
            "anonymousId",
            "previousId",
            "groupId",
            "messageId",
            "name",
            "category",
            "properties",
            "traits",
            "context",
            "integrations",
            "timestamp",
            "originalTimestamp",
            "sentAt",
            "version",
            "channel",
        ];
        Prop.ForAll(
                anything
                    .ArrayOf(fields.Length)
                    .SelectMany(
                        _ => Gen.Elements("identify", "track", "page", "screen", "group", "alias"),
                        (values, kind) => (values, kind)
                    )
                    .ToArbitrary(),
                made =>
                {
                    string members = string.Join(
                        ',',
                        fields.Zip(made.values, (field, value) => $"\"{field}\":{value}")
                    );
                    Envelope envelope = Accept($$"""{"type":"{{made.kind}}","userId":"u","event":"e",{{members}}}""");
                    return envelope.Identifiers[0].ToString() == "user_id:u"
                        && EnvelopeReader.FromJson(envelope.Json).Equals(envelope)
                        && envelope.LeftOut.All(part => fields.Contains(part.Field));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static string Message(string kind, string field, string value)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = $"\"{kind}\"",
            ["userId"] = "\"u\"",
            ["anonymousId"] = "\"a\"",
            ["event"] = "\"e\"",
            [field] = value,
        };
        return $"{{{string.Join(',', members.Select(member => $"\"{member.Key}\":{member.Value}"))}}}";
    }

    private static Envelope AcceptAt(string message) => Accept(message, Context with { ReceivedAt = s_receivedAt });
}
