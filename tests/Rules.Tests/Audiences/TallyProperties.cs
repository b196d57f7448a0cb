using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Tallies;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Audiences;

/// <summary>What is counted for audiences knows no order, and goes where its identifier goes.</summary>
public sealed class TallyProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(200);
    private static readonly EventSelector s_orders = new(
        EventKind.Track,
        "Order",
        Condition.Always,
        amountOf: "total",
        wordOf: "sku"
    );

    private static readonly EventSelection s_selection = new([s_orders]);

    private static readonly Arbitrary<(Moment[] Moments, int Seed)> s_runs = Tallies
        .Moments.SelectMany(_ => Gen.Choose(0, int.MaxValue), (moments, seed) => (moments, seed))
        .ToArbitrary();

    [Fact]
    public void Tally_OfTheSameEvents_InWhateverOrderAndGrouping_IsTheSameToTheByte() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    Moment[] shuffled = [.. run.Moments];
                    var random = new Random(run.Seed);
                    random.Shuffle(shuffled);
                    Tally?[] groups = [.. shuffled.GroupBy(_ => random.Next(4)).Select(group => Tallies.Of(group))];
                    random.Shuffle(groups);
                    Tally? joined = groups.Aggregate((Tally?)null, Tallies.Join);
                    return Tallies.Json(Tallies.Of(run.Moments)) == Tallies.Json(joined);
                }
            )
            .Check(s_many);

    [Fact]
    public void Tally_CountsAllEvents_AndKeepsNoMoreThanItsBounds() =>
        Prop.ForAll(
                s_runs,
                run =>
                    Tallies.Of(run.Moments) is not { } tally
                    || (
                        tally.Count == run.Moments.Length
                        && tally.Sum == run.Moments.Sum(moment => moment.Amount)
                        && tally.First == run.Moments.Min()
                        && tally.Moments.AsEnumerable().SequenceEqual(run.Moments.Order().TakeLast(Tally.MomentsMax))
                        && tally.Days.Sum(day => day.Count) + tally.Moments.Length == tally.Count
                    )
            )
            .Check(s_many);

    [Fact]
    public void Tally_AsStored_IsReadBack() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    Tally? tally = Tallies.Of(run.Moments);
                    ProfileMap read = Tallies.Read(Tallies.Json(tally));
                    return Equals(read.TallyOf("s"), tally);
                }
            )
            .Check(s_many);

    [Fact]
    public void Split_AfterUnion_GivesEachPartWhatItHadCounted_AndTheUnionCountsBoth()
    {
        ProfileMap left = MapOf("u0", 70);
        ProfileMap right = MapOf("u1", 5);

        ProfileMap both = ProfileMap.Union(left, right);
        Parts<ProfileMap> parts = Tallies.Read(Tallies.Json(both)).Split(left.Identifiers.ToHashSet());

        Assert.Equal(75, both.TallyOf(s_orders.Id)!.Count);
        Assert.Equal(Tallies.Json(left), Tallies.Json(parts.Leaves));
        Assert.Equal(Tallies.Json(right), Tallies.Json(parts.Stays));
        Assert.Equal(left.TallyOf(s_orders.Id), parts.Leaves.TallyOf(s_orders.Id));
    }

    [Fact]
    public void Fold_OfAMessageThatIsRepeated_CountsItOnce()
    {
        ProfileMap map = MapOf("u0", 3);
        Envelope again = Order("u0", 2);

        Assert.Equal(map, map.Fold(new LogPlace(0, 3), again, s_selection));
        Assert.Equal(3, map.TallyOf(s_orders.Id)!.Count);
    }

    [Fact]
    public void Fold_WhileOthersAreCounted_LeavesItToARecount_WhichComesToTheSame()
    {
        EventSelector all = new(EventKind.Track, "Order", Condition.Always, null, null);
        var wider = new EventSelection([s_orders, all]);
        ProfileMap map = MapOf("u0", 3);
        ProfileEntry before = map.Entries[0];
        map = map.Fold(new LogPlace(0, 4), Order("u0", 3), wider)!.Value;

        ProfileEntry entry = map.Entries[0];
        Assert.True(entry.HasToBeRecounted(wider));
        Assert.Equal(before.Tallies, entry.Tallies);

        EntryTallies counted = entry.Tallies.Recount(
            wider,
            Enumerable.Range(0, 4).Select(number => (new LogPlace(0, number + 1), Order("u0", number))),
            entry.AppliedTo
        );
        map = map.Recounted(entry.Identifier, entry.AppliedTo, counted);

        Assert.False(map.Entries[0].HasToBeRecounted(wider));
        Assert.Equal(4, map.TallyOf(all.Id)!.Count);
        Assert.Equal(MapOf("u0", 4).TallyOf(s_orders.Id), map.TallyOf(s_orders.Id));
    }

    [Fact]
    public void Fold_WhileNothingIsCounted_LeavesItToARecount_AlsoWhereTheSameIsCountedAgain()
    {
        ProfileMap map = MapOf("u0", 2).Fold(new LogPlace(0, 3), Order("u0", 2))!.Value;

        map = map.Fold(new LogPlace(0, 4), Order("u0", 3), s_selection)!.Value;

        ProfileEntry entry = map.Entries[0];
        Assert.True(entry.HasToBeRecounted(s_selection));
        EntryTallies counted = entry.Tallies.Recount(
            s_selection,
            Enumerable.Range(0, 4).Select(number => (new LogPlace(0, number + 1), Order("u0", number))),
            entry.AppliedTo
        );
        Assert.Equal(MapOf("u0", 4).TallyOf(s_orders.Id), counted.Find(s_orders.Id));
    }

    [Fact]
    public void Recount_WhereTheLogIsTrimmed_KeepsWhatWasCountedBefore()
    {
        EventSelector all = new(EventKind.Track, "Order", Condition.Always, null, null);
        var wider = new EventSelection([s_orders, all]);
        ProfileEntry entry = MapOf("u0", 5).Entries[0];

        EntryTallies counted = entry.Tallies.Recount(wider, [(new LogPlace(0, 5), Order("u0", 4))], entry.AppliedTo);

        Assert.Equal(5, counted.Find(s_orders.Id)!.Count);
        Assert.Equal(1, counted.Find(all.Id)!.Count);
    }

    [Fact]
    public void Fold_OfAMessageThatWasSetAside_WhileOthersAreCounted_BeginsAnew()
    {
        EventSelector all = new(EventKind.Track, "Order", Condition.Always, null, null);
        var wider = new EventSelection([s_orders, all]);
        EntryTallies counted = EntryTallies
            .Empty.With(Order("u0", 1), new LogPlace(0, 1), appliedTo: 0, s_selection)
            .With(Order("u0", 3), new LogPlace(0, 4), appliedTo: 1, s_selection);
        Assert.False(counted.IsEmpty);

        Assert.True(counted.With(Order("u0", 2), new LogPlace(0, 3), appliedTo: 4, wider).IsEmpty);
    }

    private static ProfileMap MapOf(string user, int count)
    {
        ProfileMap map = ProfileMap.Empty.Link(
            Identifier.Parse($"user_id:{user}"),
            new LinkEvidence("m", "web", Tallies.Start, "v")
        );
        for (int number = 0; number < count; number++)
        {
            map = map.Fold(new LogPlace(0, number + 1), Order(user, number), s_selection)!.Value;
        }

        return map;
    }

    private static Envelope Order(string user, int number) =>
        Accept(
            $$"""
            {"messageId":"{{user}}-{{number}}","userId":"{{user}}","type":"track","event":"Order",
            "timestamp":"2026-11-22T09:{{number % 60:00}}:00Z","properties":{"total":{{number}}.5,"sku":"s{{number
                % 3}}"} }
            """
        );
}
