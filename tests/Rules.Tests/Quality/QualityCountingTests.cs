using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Quality;
using Customer360.Rules.Tests.Events;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Quality;

/// <summary>What is counted of messages: each once, whatever is told again, in any order and grouping.</summary>
public sealed class QualityCountingTests
{
    private const string Checks = """
          total: {kind: completeness, event: Bought, field: properties.total, fail: {below: 1}}
          currency: {kind: acceptedValues, event: Bought, field: properties.currency, values: [EUR, 1], fail: {below: 1}}
          campaign: {kind: completeness, field: context.campaign.name, sources: [app], fail: {below: 1}}
        """;

    private static readonly QualityPolicy s_policy = Qualities.Policy(Checks);

    private static readonly Gen<QualityCounts> s_counts =
        from names in Gen.Elements("messages", "held", "good:a", "looked:a", "fresh").ListOf()
        from numbers in Gen.Choose(1, 1_000).ListOf(5)
        from first in Gen.Choose(0, 100)
        from span in Gen.Choose(0, 100)
        select new QualityCounts(
            names
                .Distinct()
                .Zip(numbers)
                .ToImmutableSortedDictionary(one => one.First, one => (long)one.Second, StringComparer.Ordinal),
            names.Count == 0 ? null : Qualities.Noon.AddMinutes(first),
            names.Count == 0 ? null : Qualities.Noon.AddMinutes(first + span)
        );

    [Theory]
    [InlineData("""{"total":1,"currency":"EUR"}""", "looked:currency looked:total good:currency good:total")]
    [InlineData("""{"total":null,"currency":"JPY"}""", "looked:currency looked:total")]
    [InlineData("""{"total":"","currency":1}""", "looked:currency looked:total good:currency")]
    [InlineData("""{"total":0}""", "looked:total good:total")]
    [InlineData("""{"deep":{"total":1}}""", "looked:total")]
    public void Facts_OfFields_SayWhatIsThereAndAccepted(string properties, string expected)
    {
        QualityCounts counts = CountsOf(Bought(properties));

        Assert.Equal(
            expected.Split(' ').Order(StringComparer.Ordinal),
            counts.Numbers.Keys.Where(name => name.Contains(':', StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("web", "", "")]
    [InlineData("app", "", "looked:campaign")]
    [InlineData("app", ""","context":{"campaign":{"name":"spring"}}""", "looked:campaign good:campaign")]
    public void Facts_OfACheckForSources_LookAtThoseAlone(string source, string context, string expected)
    {
        QualityCounts counts = CountsOf(
            Qualities.Accept($$"""{"type":"page","messageId":"m-1","userId":"u-1"{{context}}}""", source)
        );

        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            counts.Numbers.Keys.Where(name => name.EndsWith("campaign", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("\"userId\":\"u-1\"", "fresh messages noConsent")]
    [InlineData("\"anonymousId\":\"a-1\"", "anonymous fresh messages noConsent")]
    [InlineData("\"userId\":\"u-1\",\"timestamp\":\"1970-01-01T00:00:00Z\"", "impossible messages noConsent")]
    [InlineData("\"userId\":\"u-1\",\"timestamp\":\"1969-07-20T00:00:00Z\"", "impossible messages noConsent")]
    [InlineData("\"userId\":\"u-1\",\"timestamp\":\"1970-06-01T00:00:00Z\"", "messages noConsent olderThanMonth")]
    [InlineData("\"userId\":\"u-1\",\"timestamp\":\"2150-01-01T00:00:00Z\"", "impossible messages noConsent")]
    public void Facts_OfAMessage_SayWhatItIsCountedAs(string members, string expected)
    {
        Envelope envelope = Qualities.Accept($$"""{"type":"track","event":"Clicked","messageId":"m-1",{{members}}}""");

        Assert.Equal(expected, string.Join(' ', CountsOf(envelope).Numbers.Keys));
        // No check and no contract names it, so its name is not kept.
        Assert.Equal(QualityFacts.Other, QualityFacts.Of(envelope, s_policy)!.Value.Event);
    }

    [Fact]
    public void Hour_ThatIsToldAgain_CountsEachMessageOnce()
    {
        QualityHour first = QualityHour.Empty.With(3, [Group("a", 7, 9), Group("b", 8)]);

        Assert.Same(first, first.With(3, [Group("a", 7, 9), Group("b", 8)]));
        // After a crash some of it comes again, together with what is new, grouped in another way.
        QualityHour again = first.With(3, [Group("b", 8, 11), Group("a", 9, 10, 12)]);
        Assert.Equal((4, 2), (again.Of("a")[QualityCounts.Messages], again.Of("b")[QualityCounts.Messages]));
        Assert.Equal(12, again.CountedTo[3]);
        // Another partition has positions of its own.
        Assert.Equal(7, again.With(4, [Group("a", 1)]).Total[QualityCounts.Messages]);
    }

    [Fact]
    public void Hour_WithMoreNamesThanAreTold_CountsTheOthersTogether()
    {
        QualityHour hour = QualityHour.Empty.With(
            0,
            [.. Enumerable.Range(1, QualityHour.RowsMax + 5).Select(one => Group($"e{one}", one))]
        );

        Assert.Equal(QualityHour.RowsMax + 1, hour.Rows.Count);
        Assert.Equal(5, hour.Of(QualityFacts.Other)[QualityCounts.Messages]);
        Assert.Equal(QualityHour.RowsMax + 5, hour.Total[QualityCounts.Messages]);
    }

    [Fact]
    public void Hour_WithRepeats_CountsEachReportOnce_AlsoWhereNothingElseCame()
    {
        ImmutableArray<(string, long)> repeats = [("Bought", 3), ("*", 1)];
        QualityHour hour = QualityHour.Empty.WithRepeats(2, new RepeatMark("a", 1), repeats, Qualities.Noon);

        Assert.Same(hour, hour.WithRepeats(2, new RepeatMark("a", 1), repeats, Qualities.Noon));
        hour = hour.WithRepeats(2, new RepeatMark("a", 2), repeats, Qualities.Noon);
        // Another activation of the partition counts its reports anew.
        hour = hour.WithRepeats(2, new RepeatMark("b", 1), repeats, Qualities.Noon).With(2, [Group("Bought", 1, 2)]);
        QualityHour read = QualityJson.ReadHour(QualityJson.Write(hour));

        Assert.Equal((9, 2), (read.Of("Bought")[QualityCounts.Repeats], read.Of("Bought")[QualityCounts.Messages]));
        Assert.Equal(hour.RepeatsTo, read.RepeatsTo);
        Assert.Equal(12, read.Total[QualityCounts.Repeats]);
        QualityCheck check = Qualities.Check("kind: repeats, fail: {above: 1}, minimum: 1");
        Assert.Equal(6, QualityMeasure.Of(check, read).Value);
    }

    [Fact]
    public void Grouping_OfMessagesWithEqualFacts_IsOneGroup()
    {
        var grouping = new QualityGrouping();
        for (int position = 1; position <= 5; position++)
        {
            Envelope envelope = Bought(position == 3 ? "{}" : """{"total":1}""");
            grouping.Add(QualityFacts.Of(envelope, s_policy)!.Value, position, envelope.ReceivedAt);
        }

        (string source, DateTimeOffset hour, ImmutableArray<QualityGroup> groups) = Assert.Single(grouping.All());
        Assert.Equal(("web", QualityFacts.HourOf(Messages.Context.ReceivedAt)), (source, hour));
        Assert.Equal(
            ["1 2 4 5 total", "3 "],
            groups.Select(one => $"{string.Join(' ', one.Positions)} {string.Join(' ', one.Good)}")
        );
    }

    [Fact]
    public void Merge_OfCounts_DoesNotDependOnOrderOrGrouping() =>
        Prop.ForAll(
                s_counts.Three().ToArbitrary(),
                all =>
                {
                    (QualityCounts a, QualityCounts b, QualityCounts c) = all;
                    return Text(a.With(b)) == Text(b.With(a))
                        && Text(a.With(b).With(c)) == Text(a.With(b.With(c)))
                        && Text(a.With(QualityCounts.Empty)) == Text(a);
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>Whatever crashes between whichever two reports: the counts are those of the messages.</summary>
    [Fact]
    public void Hour_ThroughAnyCrashes_HasTheCountsOfTheMessages() =>
        Prop.ForAll(
                Gen.Choose(1, 12).ListOf(12).Select(cuts => cuts.Order().ToArray()).ToArbitrary(),
                Gen.Choose(0, 11).ListOf(12).ToArbitrary(),
                (cuts, backs) =>
                {
                    QualityHour hour = QualityHour.Empty;
                    long told = 0;
                    for (int index = 0; index < cuts.Length; index++)
                    {
                        // Told from some place that is not behind what was counted, up to the cut.
                        long from = Math.Max(1, told + 1 - backs[index]);
                        long[] positions =
                        [
                            .. Enumerable
                                .Range((int)from, (int)Math.Max(0, cuts[index] - from + 1))
                                .Select(one => (long)one),
                        ];
                        hour = hour.With(
                            1,
                            [.. positions.GroupBy(one => one % 3).Select(group => Group($"e{group.Key}", [.. group]))]
                        );
                        told = Math.Max(told, cuts[index]);
                    }

                    return hour.Total[QualityCounts.Messages] == told
                        && hour.Of("e0")[QualityCounts.Messages] == told / 3;
                }
            )
            .QuickCheckThrowOnFailure();

    private static QualityGroup Group(string name, params long[] positions) =>
        new(name, "", QualityTraits.None, MessageAge.Fresh, [], [], [.. positions], Qualities.Noon, Qualities.Noon);

    private static Envelope Bought(string properties) =>
        Qualities.Accept(
            $$"""{"type":"track","event":"Bought","messageId":"m-1","userId":"u-1","properties":{{properties}}}"""
        );

    private static QualityCounts CountsOf(Envelope envelope)
    {
        var grouping = new QualityGrouping();
        grouping.Add(QualityFacts.Of(envelope, s_policy)!.Value, 1, envelope.ReceivedAt);
        return QualityHour.Empty.With(0, grouping.All()[0].Groups).Total;
    }

    private static string Text(QualityCounts counts) =>
        $"{string.Join(' ', counts.Numbers.Select(one => $"{one.Key}={one.Value}"))} {counts.FirstAt} {counts.LastAt}";
}
