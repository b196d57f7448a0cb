using System.Buffers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Profiles.Mastership;

/// <summary>What an officer puts right at a person's request, and what is said before and after it.</summary>
public sealed class CorrectionTests
{
    [Theory]
    // Said before, by whoever ranks first, holds the greatest, the smallest, the first or the most frequent value.
    [InlineData(MasterStrategy.Latest, 1, "right")]
    [InlineData(MasterStrategy.First, 1, "right")]
    [InlineData(MasterStrategy.SourcePriority, 1, "right")]
    [InlineData(MasterStrategy.MostFrequent, 1, "right")]
    [InlineData(MasterStrategy.Max, 1, "right")]
    [InlineData(MasterStrategy.Min, 1, "right")]
    // Said after it, the strategy decides; by rank a correction stands first.
    [InlineData(MasterStrategy.Latest, 8, "zz")]
    [InlineData(MasterStrategy.First, 8, "right")]
    [InlineData(MasterStrategy.SourcePriority, 8, "right")]
    [InlineData(MasterStrategy.MostFrequent, 8, "zz")]
    [InlineData(MasterStrategy.Max, 8, "zz")]
    [InlineData(MasterStrategy.Min, 8, "right")]
    public void Correction_StandsAgainstEveryWordBeforeIt(MasterStrategy strategy, int minute, string shown)
    {
        MastershipPolicy policy = PolicyOf(strategy, writers: null);

        ProfileFold fold = Folds.Of([Say("crm", "zz", minute), Say("app", "zz", minute), Correct("right", 5)]);

        Assert.Equal($"\"{shown}\"", Shown(fold, policy));
    }

    [Fact]
    public void Correction_IsHeardWhoeverMayWriteTheField()
    {
        MastershipPolicy policy = PolicyOf(MasterStrategy.Latest, writers: ["crm"]);

        Assert.Equal("\"right\"", Shown(Folds.Of([Say("crm", "zz", 1), Correct("right", 5)]), policy));
        Assert.Equal("\"zz\"", Shown(Folds.Of([Say("crm", "zz", 8), Correct("right", 5)]), policy));
        // A source that may not write the field does not take it back.
        Assert.Equal("\"right\"", Shown(Folds.Of([Say("web", "zz", 8), Correct("right", 5)]), policy));
    }

    [Fact]
    public void Correction_OfACorrection_Counts()
    {
        MastershipPolicy policy = PolicyOf(MasterStrategy.SourcePriority, writers: null);

        Assert.Equal("\"b\"", Shown(Folds.Of([Correct("a", 3), Correct("b", 6), Say("crm", "zz", 8)]), policy));
        Assert.Equal("\"b\"", Shown(Folds.Of([Correct("b", 6), Correct("a", 3)]), policy));
        Assert.Null(Shown(Folds.Of([Say("crm", "zz", 1), Correct(null, 6)]), policy));
    }

    /// <summary>A key may be called as it likes: its words are neither corrections nor do they take one's place.</summary>
    [Fact]
    public void Key_OfTheSameName_CorrectsNothing()
    {
        MastershipPolicy policy = PolicyOf(MasterStrategy.SourcePriority, writers: null);

        Assert.Equal("\"zz\"", Shown(Folds.Of([Say("crm", "zz", 1), Say(Correction.Source, "x", 5)]), policy));
        Assert.Equal("\"right\"", Shown(Folds.Of([Correct("right", 5), Say(Correction.Source, "x", 6)]), policy));
    }

    [Fact]
    public void Message_OfACorrection_CarriesOneIdentifierAndIsReadBackFromTheLog()
    {
        Envelope envelope = Correct("right", 5);

        Assert.Equal(["user_id:u"], IdsOf(envelope));
        Assert.Equal((StatementTrust.Corrected, "privacy"), (envelope.Trust, envelope.Source));
        Assert.Equal(envelope, EnvelopeReader.FromJson(envelope.Json));
        Assert.Equal(StatementTrust.Corrected, EnvelopeReader.FromJson(envelope.Json).Trust);
        ProfileFold fold = Folds.Of([envelope]);
        Assert.Equal(fold.Traits.ToArray(), Again(fold).Traits.ToArray());
        LoggedIdentity logged = LoggedIdentifiers.Read(envelope.Json.Span, Reader.Rules, Tests.Events.Messages.Phones);
        Assert.Equal(envelope.Identifiers.ToArray(), logged.Identifiers.ToArray());
    }

    [Fact]
    public void Message_WhoseTraitIsAnIdentifier_ShowsThatItIs() =>
        Assert.Equal(2, Read("""{"email":"jane@example.com"}""", 5).Value!.Identifiers.Length);

    private static ProfileFold Again(ProfileFold fold)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        fold.WriteJson(writer);
        writer.Flush();
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return ProfileFold.ReadJson(ref reader);
    }

    private static string? Shown(ProfileFold fold, MastershipPolicy policy) =>
        new TraitWinners(fold, policy).Find("q") is { } winner ? Text(winner.ValueJson) : null;

    private static MastershipPolicy PolicyOf(MasterStrategy strategy, string[]? writers) =>
        new(
            new MastershipRule(MastershipRule.AnyField, MasterStrategy.Latest, []),
            [
                new MastershipRule(
                    "q",
                    strategy,
                    strategy == MasterStrategy.SourcePriority ? ["crm", "app"] : [],
                    writers is null ? null : [.. writers]
                ),
            ]
        );

    private static Envelope Say(string source, string value, int minute) =>
        Accept(
            $$"""
            {"type":"identify","userId":"u","messageId":"{{source}}-{{minute}}","timestamp":"2026-11-22T09:0{{minute}}:00Z",
             "traits":{"q":"{{value}}"} }
            """,
            Context with
            {
                Source = source,
            }
        );

    private static Envelope Correct(string? value, int minute) =>
        Read(value is null ? """{"q":null}""" : $$"""{"q":"{{value}}"}""", minute).Value!;

    private static Outcome<Envelope> Read(string traits, int minute) =>
        Reader.Read(
            new Correction(
                $"p-{minute}",
                Identifier.Create("user_id", "u"),
                Encoding.UTF8.GetBytes(traits),
                new DateTimeOffset(2026, 11, 22, 9, minute, 0, TimeSpan.Zero)
            )
        );
}
