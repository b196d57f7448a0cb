using System.Text;
using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using static Customer360.Rules.Tests.Consent.Ledgers;

namespace Customer360.Rules.Tests.Consent;

/// <summary>Data that is kept and not used: what merges, splits and lifting make of it.</summary>
public sealed class RestrictionTests
{
    private static readonly Restriction s_first = new("p_1", At(1));
    private static readonly Restriction s_second = new("p_2", At(2));

    [Fact]
    public void Merge_WithSomebodyWhoIsRestricted_RestrictsBothAndASplitFreesTheOther()
    {
        ProfileMap restricted = MapOf([0, 1], []).Restrict(s_first);
        ProfileMap free = MapOf([2], []);

        var merged = ProfileMap.Union(restricted, free);
        (ProfileMap leaving, ProfileMap staying) = merged.Split(new HashSet<Identifier> { Name(2) });

        Assert.True(ConsentJoin.View(merged).IsRestricted);
        Assert.False(ConsentJoin.View(leaving).IsRestricted);
        Assert.True(ConsentJoin.View(staying).IsRestricted);
    }

    [Fact]
    public void Split_OfSomebodyWhoIsRestricted_RestrictsBothParts()
    {
        (ProfileMap leaving, ProfileMap staying) = MapOf([0, 1], [])
            .Restrict(s_first)
            .Split(new HashSet<Identifier> { Name(1) });

        Assert.True(ConsentJoin.View(leaving).IsRestricted);
        Assert.True(ConsentJoin.View(staying).IsRestricted);
    }

    [Fact]
    public void Lift_OfOneOfTwo_LeavesTheOther()
    {
        ProfileMap both = MapOf([0, 1], []).Restrict(s_first).Restrict(s_second);

        ProfileMap one = both.Lift("p_1", At(3));
        ProfileMap none = one.Lift("p_2", At(4));

        Assert.True(ConsentJoin.View(one).IsRestricted);
        Assert.False(ConsentJoin.View(none).IsRestricted);
        Assert.Equal(
            [new Restriction("p_1", At(1), At(3)), new Restriction("p_2", At(2), At(4))],
            RestrictionsOf(none)
        );
    }

    /// <summary>A copy of before it was lifted, which a merge may still bring, brings nothing back.</summary>
    [Fact]
    public void Join_OfWhatIsLiftedAndAnOlderCopy_IsLifted()
    {
        ProfileMap before = MapOf([0], []).Restrict(s_first);
        ProfileMap lifted = before.Lift("p_1", At(3));

        Assert.False(ConsentJoin.View(ProfileMap.Union(before, lifted)).IsRestricted);
        Assert.False(ConsentJoin.View(ProfileMap.Union(lifted, before)).IsRestricted);
        Assert.Same(
            lifted.Entries[0].Consent,
            ConsentLedger.Join(lifted.Entries[0].Consent, before.Entries[0].Consent)
        );
    }

    [Fact]
    public void Repeats_ChangeNothing()
    {
        ProfileMap once = MapOf([0, 1], []).Restrict(s_first);
        ProfileMap lifted = once.Lift("p_1", At(3));

        Assert.Equal(once, once.Restrict(s_first));
        Assert.Equal(once, once.Lift("p_9", At(3)));
        Assert.Equal(lifted, lifted.Lift("p_1", At(4)));
        // Asked again after it was lifted (a repeat that was late), it is not in force again.
        Assert.Equal(lifted, lifted.Restrict(s_first));
    }

    [Fact]
    public void Ledger_WithRestrictions_IsReadBackAsItWasWritten()
    {
        ProfileMap map = MapOf([0], [new Word(0, [], "ads", Grants: true, "web", 1)])
            .Restrict(s_first)
            .Restrict(s_second)
            .Lift("p_1", At(5));
        string json = Json(map.Entries[0].Consent);
        using var document = JsonDocument.Parse(json);

        Assert.Equal(map.Entries[0].Consent, ConsentLedgerJson.Read(document.RootElement));
        Assert.Equal(Json(map), Json(ConsentHoldingsJson.Read(Encoding.UTF8.GetBytes(Json(map)))));
    }

    [Fact]
    public void View_OfWhoIsRestricted_SaysSoToOtherSilosAndWhenAGrantEnds()
    {
        ProfileMap map = MapOf([0], [new Word(0, [], "ads", Grants: true, "web", 1) { UntilMinute = 4 }])
            .Restrict(s_first);
        ConsentView consent = ConsentJoin.View(map);
        var view = new ProfileView("c_1", 7, [], ProfileFold.Empty) { Consent = consent };

        Assert.True(consent.AsOf(At(5)).IsRestricted);
        Assert.Equal(consent, ProfileViewJson.Read(ProfileViewJson.Write(view)).Consent);
        Assert.NotEqual(consent, ConsentView.Of(consent.Purposes));
    }

    private static Restriction[] RestrictionsOf(ProfileMap map) => [.. map.Entries[0].Consent.Restrictions];
}
