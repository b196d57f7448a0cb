using System.Collections.Immutable;
using Customer360.Rules.Decisions;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Identity.Decisions;

namespace Customer360.Rules.Tests.Identity;

/// <summary>The order of a history, and its pages.</summary>
public sealed class HistoryPageTests
{
    [Fact]
    public void Page_OfOneMessage_IsInTheOrderOfDeciding()
    {
        DecisionRecord[] ofOneTime =
        [
            Decision("a", DecisionKinds.Demoted),
            Decision("b", DecisionKinds.Linked),
            Decision("c", DecisionKinds.Merged),
            Decision("d", DecisionKinds.Created),
            Decision("e", DecisionKinds.Split),
        ];

        ImmutableArray<DecisionRecord> page = PageOf(ofOneTime, after: null, limit: 10).Decisions;

        Assert.Equal(
            [
                DecisionKinds.Created,
                DecisionKinds.Merged,
                DecisionKinds.Linked,
                DecisionKinds.Demoted,
                DecisionKinds.Split,
            ],
            page.Select(decision => decision.Kind)
        );
    }

    [Fact]
    public void Page_WhenADecisionIsOfferedTwice_HasItOnce()
    {
        HistoryPage page = PageOf(
            [
                Decision("a", DecisionKinds.Merged),
                Decision("b", DecisionKinds.Linked),
                Decision("a", DecisionKinds.Merged),
                Decision("b", DecisionKinds.Linked),
            ],
            after: null,
            limit: 2
        );

        Assert.Equal(["a", "b"], page.Decisions.Select(decision => decision.Id));
        Assert.False(page.HasMore);
    }

    [Fact]
    public void Pages_InWhateverOrderDecisionsCome_ShowEachOnceInOrder()
    {
        Gen<DecisionRecord> decision =
            from id in Gen.Choose(0, 60)
            from kind in Gen.Elements(
                DecisionKinds.Created,
                DecisionKinds.Linked,
                DecisionKinds.Merged,
                DecisionKinds.Refused,
                DecisionKinds.Demoted,
                DecisionKinds.Split
            )
            select Decision($"d{id}-{kind}", kind, seconds: id % 7);
        Gen<(DecisionRecord[] Offered, int Limit)> cases =
            from offered in Gen.ArrayOf(decision)
            from limit in Gen.Choose(1, 9)
            select (offered, limit);
        Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    string[] expected =
                    [
                        .. one
                            .Offered.DistinctBy(decision => decision.Id)
                            .OrderBy(HistoryPlace.Of)
                            .Select(decision => decision.Id),
                    ];
                    List<string> shown = [];
                    HistoryPlace? after = null;
                    HistoryPage page;
                    do
                    {
                        page = PageOf(one.Offered, after, one.Limit);
                        shown.AddRange(page.Decisions.Select(decision => decision.Id));
                        after = page.Decisions.IsEmpty ? after : HistoryPlace.Of(page.Decisions[^1]);
                        Assert.True(!page.HasMore || page.Decisions.Length == one.Limit);
                    } while (page.HasMore);

                    Assert.Equal(expected, shown);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static HistoryPage PageOf(IEnumerable<DecisionRecord> offered, HistoryPlace? after, int limit)
    {
        var page = new HistoryPage(after, limit);
        foreach (DecisionRecord decision in offered)
        {
            page.Offer(decision);
        }

        return page;
    }
}
