using Customer360.Rules.Identifiers;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Profiles.Names;

/// <summary>Names that people would call the same are spelled the same.</summary>
public sealed class NameTextTests
{
    /// <summary>Letters of many scripts, marks, marks without a letter, halves of pairs, signs that nobody sees.</summary>
    private static readonly Arbitrary<string> s_texts = Gen.Elements([
            .. "aZéßøİı'’- .,&\0\t\u0308\u0301\u0327\u3099がカ한각ᄒ\u1161王ΣςЙ９Ａ\u200b\ud83d\ude00\udc00नि",
        ])
        .ArrayOf()
        .Select(characters => new string(characters))
        .ToArbitrary();

    [Theory]
    [InlineData("Jane Doe", "jane doe")]
    [InlineData("  JANE\tdoe\n", "jane doe")]
    [InlineData("Zoë Müller", "zoe muller")]
    [InlineData("Zoe\u0308 Mu\u0308ller", "zoe muller")]
    [InlineData("Jean-Luc d’Arc", "jean luc darc")]
    [InlineData("O'Brien", "obrien")]
    [InlineData("O\u02BCBrien", "obrien")]
    [InlineData("Doe, Jane Q.", "doe jane q")]
    [InlineData("Łukasz Øster Straße", "lukasz oster strasse")]
    [InlineData("ÅNGSTRÖM Æsir", "angstrom aesir")]
    [InlineData("İpek Işık", "ipek isik")]
    [InlineData("ＡＣＭＥ３", "acme3")]
    [InlineData("Nguyễn Thị", "nguyen thi")]
    [InlineData("Ιωάννης", "ιωαννησ")]
    [InlineData("ИВАН", "иван")]
    [InlineData("王小明", "王小明")]
    [InlineData("김철수", "김철수")]
    [InlineData("がくと", "がくと")]
    [InlineData("Ja\u200Bne", "jane")]
    [InlineData("AT&T 3M", "at t 3m")]
    [InlineData("!?", "")]
    [InlineData("\ud800x", "x")]
    public void Fold_OfAName_HasOneSpelling(string name, string spelling) =>
        Assert.Equal(spelling, NameText.Fold(name));

    [Fact]
    public void Words_OfALongText_AreBounded()
    {
        Assert.Equal(NameText.WordsMax, NameText.Words(string.Join(' ', Enumerable.Repeat("word", 90))).Length);
        Assert.Equal(NameText.WordLengthMax, Assert.Single(NameText.Words(new string('a', 10_000))).Length);
    }

    [Fact]
    public void Fold_OfWhatIsFolded_ChangesNothing() =>
        Prop.ForAll(s_texts, text => NameText.Fold(NameText.Fold(text)) == NameText.Fold(text))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Words_OfAnyText_CanBeStored_AndAreFoundByTheirSpelling() =>
        Prop.ForAll(
                s_texts,
                text =>
                    NameText
                        .Words(text)
                        .All(word =>
                            word.Length is > 0 and <= NameText.WordLengthMax
                            && !word.Any(character => char.IsWhiteSpace(character) || character == '\0')
                            && new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(word) > 0
                        )
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
