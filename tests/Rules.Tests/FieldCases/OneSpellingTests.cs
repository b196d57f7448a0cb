using Customer360.Rules.Events;
using Customer360.Rules.Identifiers;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.FieldCases;

/// <summary>Two spellings of one identifier are one identifier. Numbers are the rows of the field cases.</summary>
public sealed class OneSpellingTests
{
    // Every form of a number that is one.
    [Theory]
    [InlineData("1234.0")]
    [InlineData("1234.000")]
    [InlineData("1.234e3")]
    [InlineData("1.234E+3")]
    [InlineData("12340e-1")]
    [InlineData("0.1234e4")]
    [InlineData("\"1234\"")]
    [InlineData("\"1234.0\"")]
    [InlineData("\" 1234 \"")]
    [InlineData("\"1234\\u200b\"")]
    [InlineData("\"\\ufeff1234\"")]
    [InlineData("\"12\\u00ad34\"")]
    [InlineData("\"1234\\u0000\"")]
    [InlineData("\"1234\\u0007\"")]
    [InlineData("\"\\u202a1234\\u202c\"")]
    public void Id_WhenWrittenOtherwise_IsTheSame(string value)
    {
        // Every field that can hold one, whatever it is the id of.
        Assert.Equal("user_id:1234", Accept($$"""{"type":"page","userId":{{value}}}""").Anchor.ToString());
        Assert.Equal("anonymous_id:1234", Accept($$"""{"type":"page","anonymousId":{{value}}}""").Anchor.ToString());
        Assert.Equal(
            ["user_id:u", "anonymous_id:1234"],
            IdsOf(Accept($$"""{"type":"alias","userId":"u","previousId":{{value}}}"""))
        );
        Assert.Equal("1234", Accept($$"""{"type":"group","userId":"u","groupId":{{value}}}""").GroupId);
        Assert.Equal("1234", Accept($$$"""{"type":"page","userId":"u","context":{"groupId":{{{value}}}}}""").GroupId);
        Assert.Equal("1234", Accept($$"""{"type":"page","userId":"u","messageId":{{value}}}""").MessageId);
        Assert.Equal(
            ["user_id:1234", "android.id:1234"],
            IdsOf(
                Accept(
                    $$$"""{"type":"page","context":{"externalIds":[{"id":{{{value}}},"type":"user_id"}],"device":{"id":{{{value}}},"type":"android"} } }"""
                )
            )
        );
        Assert.Equal(
            ["ga_client_id:1234"],
            IdsOf(Accept($$$$"""{"type":"page","integrations":{"Google Analytics":{"clientId":{{{{value}}}}}}}"""))
        );
    }

    /// <summary>Wherever it is asked for.</summary>
    [Theory]
    [InlineData("1234")]
    [InlineData("1234.0")]
    [InlineData("1234\u200B")]
    public void Id_WhenAskedForOtherwise_IsTheSame(string text)
    {
        Assert.Equal("user_id:1234", Reader.Normalize("user_id", text)?.ToString());
        Assert.Equal("1234", Reader.NormalizeGroup(text));
        Assert.Equal("1234", MessageIds.Of(text));
    }

    [Theory]
    [InlineData("1234", "1234.5")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("9007199254740993", "9.007199254740992e15")]
    [InlineData("12345678901234567890123", "12345678901234567890124")]
    [InlineData("7", "\"007\"")]
    [InlineData("12000", "\"12e3\"")]
    [InlineData("1", "\"1.0.0\"")]
    [InlineData("1", "-1.5")]
    [InlineData("\"ma\u00dfe\"", "\"masse\"")]
    [InlineData("\"\u0131d1\"", "\"id1\"")]
    [InlineData("\"Jane\"", "\"jane\"")]
    public void Id_WhenAnother_StaysApart(string one, string other) =>
        Assert.NotEqual(
            Accept($$"""{"type":"page","userId":{{one}}}""").Anchor,
            Accept($$"""{"type":"page","userId":{{other}}}""").Anchor
        );

    [Theory]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("9.007199254740993e15", "9007199254740993")]
    [InlineData("-5.50", "-5.5")]
    [InlineData("0.00050", "0.0005")]
    [InlineData("5e-4", "0.0005")]
    public void Number_WhenAnId_IsWrittenByItsDigits(string json, string id) =>
        Assert.Equal($"user_id:{id}", Accept($$"""{"type":"page","userId":{{json}}}""").Anchor.ToString());

    // Their kind.
    [Theory]
    [InlineData("j@example.com", "j@example.com\u200B")]
    [InlineData("j@example.com", "\u200Ej@exam\u2060ple.com")]
    [InlineData("j@example.com", " J@EXAMPLE.COM ")]
    [InlineData("j@example.com", "j@example.com\u00A0")]
    [InlineData("j@example.com", "j@example.com.")]
    [InlineData("j\u00FC@example.com", "ju\u0308@example.com")]
    [InlineData("j\u00FC@example.com", "J\u00DC@example.com")]
    [InlineData("\u1EAD@example.com", "a\u0323\u0302@example.com")]
    [InlineData("\u1EAD@example.com", "a\u0302\u0323@example.com")]
    [InlineData("\uAC01@example.com", "\u1100\u1161\u11A8@example.com")]
    [InlineData("\u212Bse@example.com", "\u00E5se@example.com")]
    [InlineData("j@m\u00FCnchen.example", "j@xn--mnchen-3ya.example")]
    [InlineData("j@mu\u0308nchen.example", "j@XN--MNCHEN-3YA.EXAMPLE")]
    [InlineData("j@b\u00FCcher.m\u00FCnchen.example", "j@xn--bcher-kva.xn--mnchen-3ya.example")]
    [InlineData("j@\u65E5\u672C\u3002jp", "j@xn--wgv71a.jp")]
    public void Email_WhenWrittenOtherwise_IsTheSame(string one, string other)
    {
        Identifier? expected = Reader.Normalize("email", one);
        Assert.NotNull(expected);
        Assert.Equal(expected, Reader.Normalize("email", other));
        string json = System.Text.Json.JsonSerializer.Serialize(other);
        Assert.All(
            (string[])
                [
                    $$$"""{"type":"identify","traits":{"email":{{{json}}}}}""",
                    $$$$"""{"type":"track","event":"e","context":{"traits":{"email":{{{{json}}}}}}}""",
                    $$$"""{"type":"track","event":"e","properties":{"email":{{{json}}}}}""",
                    $$$$"""{"type":"page","context":{"externalIds":[{"type":"email","id":{{{{json}}}}}]}}""",
                ],
            message => Assert.Equal([expected.Value.ToString()], IdsOf(Accept(message)))
        );
    }

    [Theory]
    [InlineData("j+tag@example.com", "j@example.com")]
    [InlineData("j.k@example.com", "jk@example.com")]
    [InlineData("stra\u00DFe@example.com", "strasse@example.com")]
    [InlineData("j@fa\u00DF.example", "j@fass.example")]
    [InlineData("\u0131@example.com", "i@example.com")]
    [InlineData("j\u00FC@example.com", "ju@example.com")]
    public void Email_WhenAnother_StaysApart(string one, string other) =>
        Assert.NotEqual(Reader.Normalize("email", one), Reader.Normalize("email", other));

    [Theory]
    [InlineData("\"+4930901820.0\"", "phone:+4930901820")]
    [InlineData("\"+4930901820.00\"", "phone:+4930901820")]
    [InlineData("\"4930901820.5\"", null)]
    [InlineData("\"+4930901820.5\"", null)]
    [InlineData("14155550142.0", "phone:+14155550142")]
    [InlineData("14155550142", "phone:+14155550142")]
    [InlineData("1.4155550142e10", "phone:+14155550142")]
    [InlineData("14155550142.5", null)]
    [InlineData("\"1.41556E+10\"", null)]
    [InlineData("\"+1 (415) 555-0142\\u200b\"", "phone:+14155550142")]
    [InlineData(
        "\"+\\u0661\\u0664\\u0661\\u0665\\u0665\\u0665\\u0665\\u0660\\u0661\\u0664\\u0662\"",
        "phone:+14155550142"
    )]
    [InlineData("\"415.555.0142\"", "phone:+14155550142")]
    [InlineData("\"+14155550142 ext. 5\"", null)]
    [InlineData("\"+14155550142;ext=5\"", null)]
    [InlineData("\"1-800-FLOWERS\"", null)]
    [InlineData("12", null)]
    [InlineData("\"12\"", null)]
    [InlineData("\"+10000000000\"", null)]
    public void Phone_WhenWrittenOtherwise_IsThatNumberOrNone(string value, string? expected) =>
        Assert.Equal(
            expected is null ? ["user_id:u"] : ["user_id:u", expected],
            IdsOf(Accept($$$"""{"type":"identify","userId":"u","traits":{"phone":{{{value}}}}}"""))
        );

    /// <summary>Vectors of Unicode's own test of normalization, part 1 and the composition exclusions.</summary>
    [Theory]
    [InlineData("\u1E0A\u0323", "\u1E0C\u0307")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")]
    [InlineData("D\u0307\u0323", "\u1E0C\u0307")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\uFB1D", "\u05D9\u05B4")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("\uF900", "\u8C48")]
    [InlineData("a\u05AE\u0300\u0315\u0308\u0062", "\u00E0\u05AE\u0308\u0315b")]
    [InlineData("\u09C7\u0300\u09BE", "\u09C7\u0300\u09BE")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("\uD804\uDC99\uD804\uDCBA", "\uD804\uDC9A")]
    [InlineData("\u1100\uAC00\u11A8", "\u1100\uAC01")]
    public void Compose_WhenDecomposed_GivesTheComposedForm(string text, string expected) =>
        Assert.Equal(expected, UnicodeComposition.Compose(text));

    [Theory]
    [InlineData("xn--mnchen-3ya", "m\u00FCnchen")]
    [InlineData("XN--MNCHEN-3YA", "m\u00FCnchen")]
    [InlineData("j@mail.xn--mnchen-3ya.example", "j@mail.m\u00FCnchen.example")]
    [InlineData("https://xn--fa-hia.de/x", "https://fa\u00DF.de/x")]
    [InlineData("xn--mgbh0fb", "\u0645\u062B\u0627\u0644")]
    [InlineData("xn--ihqwcrb4cv8a8dqg056pqjye", "\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587")]
    [InlineData("xn--e28h.xn--e28h", "\uD83D\uDE00.\uD83D\uDE00")]
    [InlineData("m\u00FCnchen", "m\u00FCnchen")]
    [InlineData("axn--mnchen-3ya", "axn--mnchen-3ya")]
    [InlineData("xn--", "xn--")]
    [InlineData("xn--abc-", "xn--abc-")]
    [InlineData("xn--99999999999", "xn--99999999999")]
    [InlineData("xn--\u00FC", "xn--\u00FC")]
    public void ToUnicode_WhenALabelIsEncoded_DecodesIt(string text, string expected) =>
        Assert.Equal(expected, Punycode.ToUnicode(text));

    /// <summary>In every id that can hold a domain, whatever it is the id of.</summary>
    [Fact]
    public void Id_WhenItHoldsAnEncodedDomain_IsTheSame()
    {
        Assert.Equal(
            Reader.Normalize("user_id", "J@m\u00FCnchen.example"),
            Reader.Normalize("user_id", "J@xn--mnchen-3ya.example")
        );
        Assert.Equal(Reader.NormalizeGroup("m\u00FCnchen.example"), Reader.NormalizeGroup("xn--mnchen-3ya.example"));
    }

    /// <summary>The spellings that the property below once found to have a spelling of their own.</summary>
    [Theory]
    [InlineData("a@\u00FC1..", "a@\u00FC1")]
    [InlineData("a@\uD83D\uDE00\u3002xn--1bb", "a@\uD83D\uDE00.\u0587")]
    public void Email_WhenItsStopsAreOdd_HasOneSpelling(string text, string expected)
    {
        Assert.Equal(expected, Reader.Normalize("email", text)?.Value);
        Assert.Equal(expected, Reader.Normalize("email", expected)?.Value);
    }

    /// <summary>Whatever the text: bringing it to its spelling twice is bringing it there once, and nothing throws.</summary>
    [Fact]
    public void Normalize_WhenRepeated_ChangesNothing() =>
        Prop.ForAll(
                Gen.OneOf(
                        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
                        Gen.Elements(
                                "a",
                                "B",
                                ".",
                                "@",
                                "a@",
                                "\u3002",
                                "0",
                                "1",
                                "xn--",
                                "-",
                                "\u00FC",
                                "u\u0308",
                                "\u0130",
                                "\u200B",
                                "\u1100",
                                "\u1161",
                                "\u11A8",
                                "\uD83D\uDE00",
                                "\uFFFD",
                                " ",
                                "\u00DF",
                                "\u0345",
                                "\u1E9E",
                                "+",
                                "49"
                            )
                            .ListOf()
                            .Select(string.Concat)
                    )
                    .SelectMany(_ => Gen.Elements("user_id", "email", "phone", "ios.id"), (text, type) => (text, type))
                    .ToArbitrary(),
                asked =>
                    Reader.Normalize(asked.type, asked.text) is not { } once
                    || Reader.Normalize(asked.type, once.Value) == once
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20000));
}
