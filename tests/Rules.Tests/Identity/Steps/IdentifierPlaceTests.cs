using Customer360.Rules.Identity;

namespace Customer360.Rules.Tests.Identity.Steps;

public sealed class IdentifierPlaceTests
{
    private static readonly IdentifierPlace s_new = new("c2", 0, []);

    [Fact]
    public void Given_ByItsOwner_IsTheOthersSinceThatOnesRevision() =>
        Assert.Equal(new IdentifierPlace("c1", 7, []), s_new.After("c2", "c1", asOf: 3, since: 7));

    [Fact]
    public void Given_ByAnother_Stays() => Assert.Equal(s_new, s_new.After("c3", "c1", asOf: 3, since: 7));

    [Fact]
    public void Given_AsOfARevisionBeforeItsOwnerGotItBackByASplit_Stays()
    {
        IdentifierPlace back = s_new.After("c2", "c1", asOf: 3, since: 7).After("c1", "c2", asOf: null, since: 5);

        Assert.Equal(back, back.After("c2", "c1", asOf: 3, since: 7));
        Assert.Equal("c1", back.After("c2", "c1", asOf: 6, since: 9).Owner);
    }

    [Fact]
    public void Given_AsOfARevisionBeforeItsOwnerGotItBackByAMerge_Stays()
    {
        // Undone, split off, and merged back: the last of them is a merge, which says since when as well.
        IdentifierPlace back = s_new
            .After("c2", "c1", asOf: 3, since: 7)
            .After("c1", "c2", asOf: null, since: 5)
            .After("c2", "c9", asOf: null, since: 1)
            .After("c9", "c2", asOf: 2, since: 8);

        Assert.Equal(back, back.After("c2", "c1", asOf: 3, since: 7));
        Assert.Equal("c1", back.After("c2", "c1", asOf: 9, since: 11).Owner);
    }

    [Fact]
    public void Taken_UnderANumberThatWasTakenBefore_Stays()
    {
        IdentifierPlace back = s_new.After("c2", "c9", asOf: null, since: 1).After("c9", "c2", asOf: 2, since: 8);

        Assert.Equal(back, back.After("c2", "c9", asOf: null, since: 1));
        Assert.Equal("c9", back.After("c2", "c9", asOf: null, since: 4).Owner);
    }

    [Fact]
    public void Given_AsOfARevisionBeforeItsOwnerTookItAndClaimedItAnew_Stays()
    {
        IdentifierPlace free = s_new.After("c2", "c1", asOf: 3, since: 7).After("c1", "c2", asOf: null, since: 5) with
        {
            Owner = null,
        };

        Assert.Equal("c2", free.ClaimedBy("c2").After("c2", "c1", asOf: 3, since: 7).Owner);
        Assert.Equal("c3", s_new.ClaimedBy("c4").After("c4", "c3", asOf: 1, since: 1).Owner);
    }

    [Fact]
    public void Takings_OfVeryManyOwners_AreBounded()
    {
        IdentifierPlace place = s_new;
        for (int number = 10; number < 60; number++)
        {
            place = place.After(place.Owner!, $"c{number}", asOf: null, since: 1);
        }

        Assert.Equal(IdentifierPlace.TakingsMax, place.Takings.Length);
        Assert.Equal("c59", place.Takings[^1].By);
    }
}
