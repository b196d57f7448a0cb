using Customer360.Rules.Audiences;
using Customer360.Rules.Profiles.Tallies;
using static Customer360.Rules.Tests.Audiences.AudienceCases;

namespace Customer360.Rules.Tests.Audiences;

/// <summary>Who is told of, and who is held out of that.</summary>
public sealed class AudienceHoldoutTests
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Whoever was told that a customer entered is told that it left, whatever the holdout is by then; and nobody else is.</summary>
    [Theory]
    [InlineData("holdout: 0", "holdout: 99", true)]
    [InlineData("holdout: 99", "holdout: 0", false)]
    [InlineData("holdout: 99", "holdout: 99", null)]
    [InlineData("holdout: 0", "holdout: 0", null)]
    public void Holdout_ThatIsAnotherOne_LeavesOrEntersForWhoeverIsTold(string before, string after, bool? leaves)
    {
        AudiencePolicy first = PolicyOf("{event: A, within: 7d}", before);
        AudiencePolicy second = PolicyOf("{event: A, within: 7d}", after);
        Dictionary<string, Tally> tallies = Deal(first, [MomentAt(s_at)], null);
        AudienceOutcome entered = Decide(first, tallies, AudienceStandings.Empty, s_at);
        bool wasTold = !Assert.Single(entered.Transitions).IsHeldOut;

        AudienceOutcome changed = Decide(second, tallies, entered.Standings, s_at.AddHours(1));
        AudienceOutcome gone = Decide(second, tallies, changed.Standings, s_at.AddDays(8));

        Assert.Equal(
            leaves switch
            {
                true => ["Left told"],
                false => ["Entered told"],
                null => [],
            },
            changed.Transitions.Select(Word)
        );
        bool isToldThen = leaves is { } left ? !left : wasTold;
        Assert.Equal([isToldThen ? "Left told" : "Left silent"], gone.Transitions.Select(Word));

        static string Word(AudienceTransition one) => $"{one.Change} {(one.IsHeldOut ? "silent" : "told")}";
    }

    /// <summary>The arm is that of the customer that stays: it may be another one than that of the customer who was told of.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Merge_IntoTheOtherArm_LeavesOrEntersForWhoeverIsTold(bool wasTold)
    {
        AudiencePolicy policy = PolicyOf("{event: A, within: 7d}", wasTold ? "holdout: 99" : "holdout: 0");
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceStandings other = new(
            policy.Version,
            [new AudienceMembership("it", s_at, "test", policy.Audiences[0].Hash) { IsTold = wasTold }],
            null
        );

        AudienceTransition told = Assert.Single(
            Decide(policy, tallies, AudienceStandings.Empty, s_at, other).Transitions
        );

        Assert.Equal((wasTold ? AudienceChange.Left : AudienceChange.Entered, false), (told.Change, told.IsHeldOut));
    }

    [Fact]
    public void Definition_ThatIsGone_IsLeftByThoseWhoWereTold()
    {
        AudiencePolicy none = PolicyOf("{event: Z}");
        AudienceStandings standings = new(
            "v1",
            [
                new AudienceMembership("a", s_at, "test", "h") { IsTold = true },
                new AudienceMembership("b", s_at, "test", "h") { IsTold = false },
            ],
            null
        );

        Assert.Equal(
            [("a", false), ("b", true)],
            Decide(none, [], standings, s_at).Transitions.Select(one => (one.Audience, one.IsHeldOut))
        );
    }
}
