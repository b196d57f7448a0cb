using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity.Shadow;

/// <summary>Who would merge, split or stay, and by which message.</summary>
public sealed class GraphComparisonTests
{
    private static readonly IdentityRules s_one = Rules(limit: 1);
    private static readonly IdentityRules s_five = Rules(limit: 5);

    [Fact]
    public void Compare_WhenALimitIsRaised_NamesTheMergeAndItsMessage()
    {
        var shadow = new ShadowGraph(s_five, []);
        ShadowGraphTests.Add(shadow, 0, Of("a", "1"), Of("b", "1"));
        ShadowGraphTests.Add(shadow, 1, Of("a", "2"), Of("b", "1"));
        ShadowGraphTests.Add(shadow, 2, Of("a", "3"));
        GraphDifference difference = Compare(shadow, ("a:1", "c_1"), ("b:1", "c_1"), ("a:2", "c_2"), ("a:3", "c_3"));

        Assert.Equal(new GraphCounts(3, 2, 1, 2, 0, 0, 0), difference.Customers);
        Assert.Equal(["c_1", "c_2"], difference.Affected.Select(one => one.CustomerId));
        AffectedCustomer first = difference.Affected[0];
        Assert.Equal((CustomerChange.Merge, 1), (first.Change, first.Parts));
        Assert.Equal(["c_2"], first.With.ToArray());
        CausingEdge edge = Assert.Single(first.Edges);
        Assert.Equal(new LogPlace(0, 2), edge.Place);
        Assert.Equal(["a:2", "b:1"], new[] { $"{edge.One}", $"{edge.Other}" }.Order());
        Assert.Equal(3, difference.Largest[0].Identifiers);
        Assert.Equal(2, difference.Largest[0].Customers);
    }

    [Fact]
    public void Compare_WhenALimitIsLowered_NamesTheSplitAndWhatKeepsApart()
    {
        var shadow = new ShadowGraph(s_one, []);
        ShadowGraphTests.Add(shadow, 0, Of("a", "1"), Of("b", "1"));
        ShadowGraphTests.Add(shadow, 1, Of("a", "2"), Of("b", "1"));
        GraphDifference difference = Compare(shadow, ("a:1", "c_1"), ("b:1", "c_1"), ("a:2", "c_1"));

        Assert.Equal(new GraphCounts(1, 2, 0, 0, 1, 0, 0), difference.Customers);
        AffectedCustomer split = Assert.Single(difference.Affected);
        Assert.Equal((CustomerChange.Split, 2), (split.Change, split.Parts));
        CausingEdge edge = Assert.Single(split.Edges);
        Assert.Equal(("a:2", "b:1", "limit:a"), ($"{edge.One}", $"{edge.Other}", edge.Because));
    }

    [Fact]
    public void Compare_WhenAnIdentifierIsAlwaysLeftOut_SplitsItOff()
    {
        var shadow = new ShadowGraph(s_one, []);
        ShadowGraphTests.Add(shadow, 0, Of("a", "1"), Of("a", "2"));

        GraphDifference difference = Compare(shadow, ("a:1", "c_1"), ("a:2", "c_1"));

        Assert.Equal(new GraphCounts(1, 2, 0, 0, 1, 0, 0), difference.Customers);
        Assert.Equal("limit:a", Assert.Single(Assert.Single(difference.Affected).Edges).Because);
        Assert.Single(difference.Largest);
    }

    [Fact]
    public void Compare_WhenTheWayLeadsOverANewIdentifier_NamesTheMessageThatClosesIt()
    {
        var shadow = new ShadowGraph(s_five, []);
        ShadowGraphTests.Add(shadow, 0, Of("a", "1"), Of("b", "new"));
        ShadowGraphTests.Add(shadow, 1, Of("a", "2"), Of("b", "new"));
        GraphDifference difference = Compare(shadow, ("a:1", "c_1"), ("a:2", "c_2"));

        Assert.Equal(2, difference.Customers.Merge);
        Assert.All(difference.Affected, one => Assert.Equal(new LogPlace(0, 2), Assert.Single(one.Edges).Place));
    }

    [Fact]
    public void Compare_WhenIdentifiersGo_CountsThemAndThoseWhoVanish()
    {
        var shadow = new ShadowGraph(s_five, []);
        ShadowGraphTests.Add(shadow, 0, Of("a", "1"));
        var comparison = new GraphComparison(shadow);
        comparison.AddLive(Of("a", "1"), "c_1");
        comparison.AddLive(null, "c_1");
        comparison.AddLive(null, "c_2");
        comparison.AddLive(Of("a", "newer"), "c_3");

        GraphDifference difference = comparison.Compare(10, 10);

        Assert.Equal(new GraphCounts(3, 2, 2, 0, 0, 0, 1), difference.Customers);
        Assert.Equal(2, difference.IdentifiersGone);
        Assert.Empty(difference.Affected);
    }

    [Fact]
    public void Compare_WhenValuesBecomeOne_MergesTheirCustomers()
    {
        var shadow = new ShadowGraph(s_five, []);
        ShadowGraphTests.Add(shadow, 0, Of("a", "jane"));

        GraphDifference difference = Compare(shadow, ("a:jane", "c_1"), ("a:jane", "c_2"));

        Assert.Equal(2, difference.Customers.Merge);
        CausingEdge edge = Assert.Single(difference.Affected[1].Edges);
        Assert.Equal(("same_value", null), (edge.Because, edge.Place));
    }

    [Fact]
    public void Compare_WhenMoreAreAffectedThanAreKept_StillCountsAll()
    {
        var shadow = new ShadowGraph(s_five, []);
        var comparison = new GraphComparison(shadow);
        for (int index = 0; index < 20; index++)
        {
            ShadowGraphTests.Add(shadow, index, Of("a", $"{index}"), Of("b", $"{index / 2}"));
        }

        comparison = new GraphComparison(shadow);
        for (int index = 0; index < 20; index++)
        {
            comparison.AddLive(Of("a", $"{index}"), $"c_{index:d2}");
        }

        GraphDifference difference = comparison.Compare(affectedMax: 5, largestMax: 3);

        Assert.Equal(20, difference.Customers.Merge);
        Assert.Equal(["c_00", "c_01", "c_02", "c_03", "c_04"], difference.Affected.Select(one => one.CustomerId));
        Assert.Equal(3, difference.Largest.Length);
        Assert.Equal(["c_05"], difference.Affected[4].With.ToArray());
    }

    private static GraphDifference Compare(ShadowGraph shadow, params (string Identifier, string Owner)[] live)
    {
        var comparison = new GraphComparison(shadow);
        foreach ((string identifier, string owner) in live)
        {
            comparison.AddLive(Identifier.Parse(identifier), owner);
        }

        return comparison.Compare(affectedMax: 100, largestMax: 10);
    }

    private static IdentityRules Rules(int limit) =>
        new(
            [
                new("a", 1, limit, LimitWindow.Ever, Normalisation.Exact),
                new("b", 2, 5, LimitWindow.Ever, Normalisation.Exact),
            ],
            "US"
        );

    private static Identifier Of(string type, string value) => Identifier.Create(type, value);
}
