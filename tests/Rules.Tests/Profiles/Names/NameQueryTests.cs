using System.Collections.Immutable;
using Customer360.Rules.Profiles.Names;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Profiles.Names;

/// <summary>What finds whom.</summary>
public sealed class NameQueryTests
{
    private static readonly ImmutableArray<NameWord> s_jane =
    [
        new("doe", NameFields.LastName),
        new("jane", NameFields.FirstName),
        new("smythe", NameFields.LastName),
    ];

    [Theory]
    [InlineData("Jane Doe")]
    [InlineData("doe, JANE")]
    [InlineData("ja do")]
    [InlineData("j")]
    [InlineData("Dóe-Smy")]
    [InlineData("jane jane j")]
    public void Query_OfWordsOrTheirBeginnings_InAnyOrder_Finds(string text) =>
        Assert.True(NameQuery.Of(text).Value!.Matches(s_jane));

    [Theory]
    [InlineData("ane")]
    [InlineData("jane x")]
    [InlineData("janet")]
    [InlineData("janedoe")]
    public void Query_OfAnythingElse_FindsNobody(string text) =>
        Assert.False(NameQuery.Of(text).Value!.Matches(s_jane));

    [Fact]
    public void Query_OfNothingOrTooMuch_IsRefused()
    {
        Assert.IsType<NameEmpty>(NameQuery.Of(" -'. ").Refusal);
        Assert.IsType<NameTooLong>(NameQuery.Of(new string('a', 257)).Refusal);
        Assert.IsType<NameTooLong>(NameQuery.Of("a b c d e f g h i").Refusal);
    }

    [Fact]
    public void Words_OfAQuery_AreTheLongestFirst_WithoutThoseThatOthersSay() =>
        Assert.Equal(["janssen", "anna"], NameQuery.Of("anna ann jan Janssen").Value!.Words.ToArray());

    [Fact]
    public void Rarest_OfTheWords_IsTheLongestOfThoseThatAreAsRare() =>
        Assert.Equal((1, 0), (NameQuery.Rarest([9, 2, 2]), NameQuery.Rarest([5, 5])));

    [Fact]
    public void Query_OfAName_FindsWhoeverHasIt_InAnyOrder() =>
        Prop.ForAll(
                Gen.Elements("Anna", "ann", "Zoë", "de", "la", "O’Neil", "x").ListOf().Resize(6).ToArbitrary(),
                words =>
                    NameQuery.Of(string.Join(' ', words.AsEnumerable().Reverse())) is not { Succeeded: true } query
                    || query.Value!.Matches(string.Join("-", words))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
