using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Privacy;
using Customer360.Rules.Retention;
using static Customer360.Rules.Tests.Events.Messages;
using static Customer360.Rules.Tests.Retention.Trims;

namespace Customer360.Rules.Tests.Retention;

/// <summary>What goes of a message when its time, or that of its fields, is over.</summary>
public sealed class RetentionJudgeTests
{
    [Fact]
    public void Judge_WhenAMessageIsOver_LeavesWhatStillCounts()
    {
        Envelope envelope = Accept(
            """
            {"type":"track","messageId":"m-1","userId":"u-1","anonymousId":"a-1","event":"Order","category":"c","timestamp":"2026-11-22T09:00:00Z",
            "properties":{"email":"jane@x.com","total":9,"items":[{"sku":"1"}]},"traits":{"email":"j@x.com","note":"n"},
            "context":{"ip":"1.2.3.4","page":{"url":"https://x"},"traits":{"phone":"+493012345678","age":3},
            "device":{"id":"d-1","type":"ios","model":"15"},"os":{"name":"iOS","version":"9"},"region":"eu","groupId":"g","externalIds":[{"id":"x","type":"ga_client_id"}],
            "consent":{"categoryPreferences":{"ads":false}}},
            "integrations":{"All":true,"Google Analytics":{"clientId":"7","x":1}}}
            """
        );

        Envelope trimmed = Judge("days=30", 30).Trim(envelope);

        Assert.Equal(
            """{"type":"track","messageId":"m-1","userId":"u-1","anonymousId":"a-1","event":"Order","timestamp":"2026-11-22T09:00:00Z","""
                + """ "properties":{"email":"jane@x.com"},"traits":{"email":"j@x.com"},"context":{"traits":{"phone":"+493012345678"},""".Trim()
                + """ "device":{"id":"d-1","type":"ios"},"os":{"name":"iOS"},"region":"eu","groupId":"g","externalIds":[{"id":"x","type":"ga_client_id"}],""".Trim()
                + """ "consent":{"categoryPreferences":{"ads":false}}},"integrations":{"Google Analytics":{"clientId":"7"}}}""".Trim(),
            MessageOf(trimmed)
        );
        Assert.Equal(
            Text(envelope.Json)[..^MessageOf(envelope).Length],
            Text(trimmed.Json)[..^MessageOf(trimmed).Length]
        );
    }

    [Theory]
    // What an identify states stays, wherever it stands; the copy that an SDK sends beside it goes.
    [InlineData(
        """ "type":"identify","traits":{"plan":"pro"},"context":{"traits":{"plan":"old","email":"e@x.com"}} """,
        """ "type":"identify","traits":{"plan":"pro"},"context":{"traits":{"email":"e@x.com"}} """
    )]
    [InlineData(
        """ "type":"identify","traits":{},"context":{"traits":{"plan":"pro"},"ip":"1.2.3.4"} """,
        """  "type":"identify","context":{"traits":{"plan":"pro"}} """
    )]
    [InlineData(
        """ "type":"group","groupId":"g","traits":{"industry":"it"},"context":{"ip":"1.2.3.4"} """,
        """ "type":"group","groupId":"g","traits":{"industry":"it"} """
    )]
    [InlineData(
        """ "type":"page","name":"Home","category":"c","properties":{"url":"https://x"} """,
        """ "type":"page","name":"Home" """
    )]
    [InlineData(""" "type":"alias","previousId":"a-1","context":{} """, """ "type":"alias","previousId":"a-1" """)]
    public void Judge_WhenACallIsOver_LeavesWhatItStates(string body, string left) =>
        Assert.Equal(
            $$"""{"messageId":"m","userId":"u",{{left.Trim()}}}""",
            MessageOf(Judge("days=1", 1).Trim(Accept($$"""{"messageId":"m","userId":"u",{{body.Trim()}}}""")))
        );

    [Theory]
    [InlineData(
        "personal=7",
        6.99,
        "\"plan\":1,\"card\":{\"no\":2},\"other\":[{\"email\":\"x\",\"n\":3}],\"health\":{\"note\":4}"
    )]
    // By a name that the policy knows, wherever it stands.
    [InlineData("personal=7", 7, "\"plan\":1,\"card\":{\"no\":2},\"other\":[{\"n\":3}],\"health\":{\"note\":4}")]
    [InlineData("secret=7", 7, "\"plan\":1,\"other\":[{\"email\":\"x\",\"n\":3}],\"health\":{\"note\":4}")]
    // What is inside of a field, by a pattern that says more than the one of the field.
    [InlineData("sensitive=7", 7, "\"plan\":1,\"card\":{\"no\":2},\"other\":[{\"email\":\"x\",\"n\":3}]")]
    [InlineData("internal=7", 7, "\"plan\":1,\"card\":{\"no\":2},\"health\":{\"note\":4}")]
    [InlineData("public=7, secret=8", 8, "\"other\":[{\"email\":\"x\",\"n\":3}],\"health\":{\"note\":4}")]
    [InlineData(
        "unclassified=7",
        99,
        "\"plan\":1,\"card\":{\"no\":2},\"other\":[{\"email\":\"x\",\"n\":3}],\"health\":{\"note\":4}"
    )]
    public void Judge_WhenAClassIsOver_TakesItsPropertiesAndNoOthers(string rules, double age, string left) =>
        Assert.Equal(
            $$$"""{"type":"track","event":"Order","messageId":"m","userId":"u","properties":{{{{left}}}}}""",
            MessageOf(
                Judge(rules, age)
                    .Trim(
                        Accept(
                            """
                            {"type":"track","event":"Order","messageId":"m","userId":"u","properties":{"plan":1,"card":{"no":2},"other":[{"email":"x","n":3}],"health":{"note":4}}}
                            """
                        )
                    )
            )
        );

    [Fact]
    public void Judge_WhenAClassIsOver_LeavesWhatAnotherPatternTellsApartInIt() =>
        Assert.Equal(
            """{"type":"track","event":"e","messageId":"m","userId":"u","traits":{"address":{"country":"DE"}},"extra":{"a":1}}""",
            MessageOf(
                Judge("personal=7", 7)
                    .Trim(
                        Accept(
                            """
                            {"type":"track","event":"e","messageId":"m","userId":"u","traits":{"address":{"city":"B","country":"DE"},"phone2":1},"extra":{"a":1}}
                            """.Replace(",\"phone2\":1", "", StringComparison.Ordinal)
                        )
                    )
            )
        );

    [Fact]
    public void Judge_WhenAContextsClassIsOver_LeavesIdentifiersAndConsent() =>
        Assert.Equal(
            """{"type":"track","event":"e","messageId":"m","userId":"u","context":{"device":{"id":"d","type":"ios"},"consentManagement":{}}}""",
            MessageOf(
                Judge("personal=7", 7)
                    .Trim(
                        Accept(
                            """
                            {"type":"track","event":"e","messageId":"m","userId":"u","context":{"ip":"1.2.3.4","device":{"id":"d","type":"ios","name":"Jane's"},"consentManagement":{}}}
                            """
                        )
                    )
            )
        );

    [Theory]
    // The event's name says more than the kind, the kind more than the default; what a line does not say, the next one does.
    [InlineData("days=9, track.days=5, @Order.days=3", 3, "messages.events.Order.days")]
    [InlineData("days=9, track.days=5, @Other.days=3", 5, "messages.kinds.track.days")]
    [InlineData("days=9, page.days=5, @Order.public=30", 9, "messages.default.days")]
    [InlineData("days=9, @Order.days=keep", 99, null)]
    [InlineData("days=9, track.days=keep", 99, null)]
    [InlineData("days=9", 8.99, null)]
    [InlineData("internal=9, track.internal=5", 5, "messages.kinds.track.fields.internal")]
    [InlineData("internal=9, @Order.internal=keep", 99, null)]
    [InlineData("", 36_500, null)]
    public void Judge_OfSeveralLines_FollowsTheOneThatSaysMore(string rules, double age, string? rule)
    {
        RetentionJudge judge = Judge(rules, age);

        judge.Trim(Order());

        RetentionCounts counts = judge.TakeCounts();
        Assert.Equal((1, rule is null ? 0 : 1), (counts.Messages, counts.Trimmed));
        string[] expected = rule is null ? [] : [rule];
        Assert.Equal(expected, counts.Rules.Select(count => count.Rule));
    }

    [Fact]
    public void Judge_WhenAnEventsNameIsAPages_DoesNotTakeThePageForIt()
    {
        RetentionJudge judge = Judge("@Order.days=1", 9);

        judge.Trim(Accept("""{"type":"page","name":"Order","messageId":"m","userId":"u","properties":{"x":1}}"""));

        Assert.Equal(0, judge.TakeCounts().Trimmed);
    }

    [Fact]
    public void Judge_OfADryRun_CountsTheSameAndChangesNothing()
    {
        RetentionJudge run = Judge("days=30, secret=1", 5);
        RetentionJudge dryRun = Judge("days=30, secret=1", 5, isDryRun: true);
        Envelope envelope = Order();

        Assert.NotEqual(envelope, run.Trim(envelope));
        Assert.Equal(envelope, dryRun.Trim(envelope));

        (RetentionCounts one, RetentionCounts other) = (run.TakeCounts(), dryRun.TakeCounts());
        Assert.Equal(one.Rules.AsEnumerable(), other.Rules);
        Assert.Equal(one with { Rules = [] }, other with { Rules = [] });
        Assert.Equal(new RetentionRuleCount("messages.default.fields.secret", null, 1, 1), Assert.Single(one.Rules));
        Assert.Equal(",\"card\":7".Length, one.Bytes);
    }

    [Fact]
    public void TakeCounts_WhenAskedAgain_BeginsAnew()
    {
        RetentionJudge judge = Judge("days=1", 5);
        judge.Trim(Order());
        RetentionCounts first = judge.TakeCounts();
        judge.Trim(Order());

        Assert.Equal(2, first.Add(judge.TakeCounts()).Rules.Single().Messages);
        Assert.Equal(RetentionCounts.None, judge.TakeCounts() with { Rules = RetentionCounts.None.Rules });
    }

    [Theory]
    [InlineData("web-eu", "{}", "eu")]
    [InlineData("web", """{"region":"eu"}""", "eu")]
    [InlineData("web", """{"region":"us"}""", null)]
    [InlineData("web", "{}", null)]
    [InlineData("web", """{"region":"mars"}""", null)]
    public void Judge_WhenARegionSaysOtherwise_FollowsIt(string source, string context, string? region)
    {
        var regions = new Regions("us", ["us", "eu"], new Dictionary<string, string> { ["web-eu"] = "eu" });
        var judge = new RetentionJudge(
            InForce(Of("days=30"), ("eu", Of("days=5"))),
            Classes,
            regions,
            ReceivedAt.AddDays(5),
            isDryRun: false
        );

        judge.Trim(
            Accept(
                $$"""{"type":"track","event":"e","messageId":"m","userId":"u","properties":{"x":1},"context":{{context}}}""",
                Context with
                {
                    Source = source,
                }
            )
        );

        string[] expected = region is null ? [] : [region];
        Assert.Equal(expected, judge.TakeCounts().Rules.Select(rule => rule.Region!));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("days=keep, track.public=keep", true)]
    [InlineData("@Order.public=3", false)]
    public void IsIdle_WhereNothingEnds_IsTrue(string rules, bool isIdle)
    {
        Assert.Equal(isIdle, RetentionJudge.IsIdle(InForce(Of(rules)).Body));
        Assert.False(RetentionJudge.IsIdle(InForce(Of(rules), ("eu", Of("days=1"))).Body));
    }

    [Fact]
    public void Judge_WhenASenderSaysThatItHappenedLongAgo_CountsFromTheReceipt() =>
        Assert.Equal(
            LogFate.Keep,
            Judge("days=30", 1)
                .Judge(
                    "user_id:u",
                    ReceivedAt,
                    Accept(
                        """{"type":"track","event":"e","messageId":"m","userId":"u","timestamp":"2001-01-01T00:00:00Z","properties":{"x":1}}"""
                    ).Json.Span
                )
                .Fate
        );

    private static Envelope Order() =>
        Accept("""{"type":"track","event":"Order","messageId":"m","userId":"u","properties":{"x":1,"card":7}}""");
}
