using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Routing;

/// <summary>Leads are dealt by weight, and nobody is ever a whole turn away from the share.</summary>
public sealed class PoolLedgerTests
{
    private static readonly Config s_some = Config.QuickThrowOnFailure.WithMaxTest(200);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Take_OfAHundredThousandThroughFortyUnequal_KeepsEachPrefixWithinATurn()
    {
        var random = new Random(14);
        ImmutableArray<PoolShare> people = People(random, 40, 37);
        long weight = people.Sum(one => one.Weight);
        PoolLedger ledger = PoolLedger.Empty;
        var got = new long[people.Length];
        long furthest = 0;
        for (int lead = 1; lead <= 100_000; lead++)
        {
            ledger = Deal(ledger, lead, people, isWhole: true, out string person);
            got[Place(people, person)]++;

            // |weight_i / weight * lead - got_i| < 1, in whole numbers and counted apart from the ledger.
            for (int one = 0; one < people.Length; one++)
            {
                furthest = Math.Max(furthest, Math.Abs((people[one].Weight * (long)lead) - (got[one] * weight)));
            }
        }

        // Tijdeman's bound is 1 - 1/(2k - 2).
        Assert.True(furthest * 78 <= weight * 77, $"{(double)furthest / weight} turns");
        Assert.Equal(got, ledger.Standings.Select(one => one.Got));
        Assert.Equal(0, ledger.Standings.Sum(one => one.Owed));
        Assert.All(
            ledger.Report().People.Zip(people),
            one => Assert.Equal(100_000m * one.Second.Weight / weight, one.First.Expected, 10)
        );
    }

    [Fact]
    public void Take_OfAnyFixedPool_KeepsEachPrefixWithinTheBound() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    ImmutableArray<PoolShare> people = People(random, random.Next(2, 12), random.Next(1, 1_000));
                    PoolLedger ledger = PoolLedger.Empty;
                    int fold = (2 * people.Length) - 2;
                    for (int lead = 1; lead <= 300; lead++)
                    {
                        ledger = Deal(ledger, lead, people, isWhole: true, out _);
                        if (
                            ledger.Standings.Any(one => Int128.Abs(one.Owed) * fold > (Int128)ledger.Scale * (fold - 1))
                        )
                        {
                            return false;
                        }
                    }

                    return true;
                }
            )
            .Check(s_some);

    [Fact]
    public void Take_OfSmoothRoundRobinsWorstPool_StaysWithinATurn()
    {
        // One of great weight among many small ones: where the algorithm of web servers strays beyond one turn.
        ImmutableArray<PoolShare> people =
        [
            .. Enumerable.Range(0, 40).Select(n => new PoolShare(Name(n), n == 0 ? 400 : (n % 7) + 1)),
        ];
        PoolLedger ledger = PoolLedger.Empty;
        decimal furthest = 0;
        for (int lead = 1; lead <= 2_000; lead++)
        {
            ledger = Deal(ledger, lead, people, isWhole: true, out _);
            furthest = Math.Max(furthest, ledger.Report().FurthestOff);
        }

        Assert.True(furthest < 1, furthest.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Take_WhereEligibilityDiffers_PublishesWhatIsOwedAndLosesNothing() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    ImmutableArray<PoolShare> people = People(random, random.Next(3, 12), 1_000);
                    PoolLedger ledger = PoolLedger.Empty;
                    for (int lead = 1; lead <= 200; lead++)
                    {
                        ImmutableArray<PoolShare> some = [.. people.Where(_ => random.Next(2) == 0)];
                        some = some.IsEmpty ? people : some;
                        PoolLedger before = ledger;
                        ledger = Deal(ledger, lead, some, isWhole: some.Length == people.Length, out string person);
                        if (!some.Any(one => one.PersonId == person) || ledger.Standings.Sum(one => one.Owed) != 0)
                        {
                            return false;
                        }

                        // Every seventh is settled by the deal, and has no turn to give back.
                        if (random.Next(5) == 0 && lead % 7 != 0)
                        {
                            ledger = ledger.Return(Lead(lead));
                            if (!IsLevel(before, ledger))
                            {
                                return false;
                            }
                        }
                    }

                    // The weights' sums differ at each turn: what is rounded stays beneath a millionth of a turn.
                    decimal sum = ledger.Report().People.Sum(one => one.Expected);
                    return Math.Abs(sum - ledger.Turns + ledger.Returned) < 0.000001m
                        && ledger.Report().FurthestOff < 3;
                }
            )
            .Check(s_some);

    [Fact]
    public void Take_OfOneWhoWasPassedOver_IsOwedAndComesNext()
    {
        ImmutableArray<PoolShare> all = [new("ann", 1), new("bob", 1), new("cy", 1)];
        ImmutableArray<PoolShare> withoutCy = [all[0], all[1]];
        PoolLedger ledger = PoolLedger.Empty;
        for (int lead = 1; lead <= 4; lead++)
        {
            ledger = Deal(ledger, lead, all, isWhole: true, out _);
        }

        // Cy may not have leads 5 and 6, but works: the others have theirs in advance, and owe it.
        ledger = Deal(ledger, 5, withoutCy, isWhole: false, out _);
        PoolChoice choice = ledger.Choose(all, isWhole: true);

        Assert.Equal("cy", choice.PersonId);
        Assert.Equal(ledger.Report().People.Max(one => one.Owed), ledger.Report().People[2].Owed);
    }

    [Fact]
    public void Take_AfterLeave_FloodsNobody()
    {
        ImmutableArray<PoolShare> all = [new("ann", 1), new("bob", 1), new("cy", 1)];
        PoolLedger ledger = PoolLedger.Empty;
        int lead = 0;
        for (; lead < 300; lead++)
        {
            // While cy is on leave those who are there are the whole pool.
            ledger = Deal(ledger, lead, [all[0], all[1]], isWhole: true, out _);
        }

        long[] before = [.. ledger.Standings.Select(one => one.Got)];
        for (; lead < 330; lead++)
        {
            ledger = Deal(ledger, lead, all, isWhole: true, out _);
        }

        Assert.Equal([150, 150], before);
        Assert.Equal([160, 160, 10], ledger.Standings.Select(one => one.Got));
    }

    [Fact]
    public void Take_OfALeadThatHasATurn_KeepsIt()
    {
        ImmutableArray<PoolShare> people = [new("ann", 1), new("bob", 1)];
        (PoolLedger once, PoolTurn turn, PoolReason? reason) = PoolLedger.Empty.Take("l1", people, isWhole: true);

        (PoolLedger twice, PoolTurn again, PoolReason? none) = once.Take("l1", [people[1]], isWhole: false);

        Assert.Same(once, twice);
        Assert.Same(turn, again);
        Assert.Equal(("ann", PoolReason.FirstId), (turn.PersonId, reason));
        Assert.Null(none);
    }

    [Fact]
    public void Return_OfATurn_LeavesAllAsIfItHadNotBeenDealt()
    {
        ImmutableArray<PoolShare> people = [new("ann", 3), new("bob", 2), new("cy", 1)];
        PoolLedger ledger = PoolLedger.Empty;
        for (int lead = 1; lead <= 7; lead++)
        {
            ledger = Deal(ledger, lead, people, isWhole: true, out _);
        }

        PoolLedger taken = ledger.Take("back", people, isWhole: true).Ledger;
        PoolLedger returned = taken.Return("back");

        Assert.True(IsLevel(ledger, returned));
        Assert.False(IsLevel(ledger, taken));
        Assert.Same(returned, returned.Return("back"));
        Assert.Equal((8, 1), (returned.Turns, returned.Returned));
    }

    [Fact]
    public void Settle_OfATurn_KeepsItForGood()
    {
        PoolLedger taken = PoolLedger.Empty.Take("l1", [new("ann", 1), new("bob", 1)], isWhole: true).Ledger;

        PoolLedger settled = taken.Settle("l1");

        Assert.Empty(settled.Open);
        Assert.Same(settled, settled.Return("l1"));
        Assert.Same(settled, settled.Settle("l1"));
        Assert.Equal(1, settled.Standings[0].Got);
    }

    [Fact]
    public void Choose_OfLevelPeople_IsTheOneWhoseTurnIsLongestAgo()
    {
        ImmutableArray<PoolShare> people = [new("ann", 1), new("bob", 1)];
        PoolLedger ledger = Deal(PoolLedger.Empty, 1, people, isWhole: true, out string first);
        ledger = Deal(ledger, 2, people, isWhole: true, out string second);

        PoolChoice third = ledger.Choose(people, isWhole: true);

        Assert.Equal(("ann", "bob"), (first, second));
        Assert.Equal(new PoolChoice("ann", PoolReason.LongestAgo), third);
        Assert.Equal(PoolReason.OnlyOne, ledger.Choose([people[1]], isWhole: false).Reason);
        Assert.Throws<ArgumentException>(() => ledger.Choose([], isWhole: true));
    }

    [Fact]
    public void Json_OfALedger_ReadsWhatItWrote()
    {
        var random = new Random(3);
        ImmutableArray<PoolShare> people = People(random, 9, 100);
        PoolLedger ledger = PoolLedger.Empty;
        for (int lead = 1; lead <= 50; lead++)
        {
            ImmutableArray<PoolShare> some = lead % 3 == 0 ? [.. people.Where(_ => random.Next(2) == 0)] : people;
            ledger = Deal(
                ledger,
                lead,
                some.IsEmpty ? people : some,
                isWhole: some == people,
                out _,
                settles: lead % 2 == 0
            );
        }

        string json = ConditionTests.Json(writer => PoolLedgerJson.Write(writer, ledger));
        using JsonDocument document = JsonDocument.Parse(json);
        PoolLedger read = PoolLedgerJson.Read(document.RootElement);

        Assert.Equal(json, ConditionTests.Json(writer => PoolLedgerJson.Write(writer, read)));
        Assert.Equal(ledger.Standings.AsEnumerable(), read.Standings.AsEnumerable());
        Assert.Equal(
            ledger.Open.Keys.Select(ledger.Return).Select(one => one.Report().FurthestOff),
            ledger.Open.Keys.Select(read.Return).Select(one => one.Report().FurthestOff)
        );
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"p{number:000}");

    private static string Lead(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ImmutableArray<PoolShare> People(Random random, int count, int weightMax) =>
        [.. Enumerable.Range(0, count).Select(n => new PoolShare(Name(n), random.Next(1, weightMax + 1)))];

    private static int Place(ImmutableArray<PoolShare> people, string person) =>
        people.IndexOf(people.First(one => one.PersonId == person));

    private static bool IsLevel(PoolLedger left, PoolLedger right) =>
        right.Standings.All(one =>
        {
            PoolStanding? other = left.Standings.FirstOrDefault(standing => standing.PersonId == one.PersonId);
            decimal owed = (decimal)(other?.Owed ?? 0) / left.Scale;
            return (other?.Got ?? 0) == one.Got && Math.Abs(owed - ((decimal)one.Owed / right.Scale)) < 0.000001m;
        });

    private static PoolLedger Deal(
        PoolLedger ledger,
        int lead,
        ImmutableArray<PoolShare> people,
        bool isWhole,
        out string person,
        bool settles = false
    )
    {
        (PoolLedger dealt, PoolTurn turn, _) = ledger.Take(Lead(lead), people, isWhole);
        person = turn.PersonId;
        return settles || lead % 7 == 0 ? dealt.Settle(Lead(lead)) : dealt;
    }
}
