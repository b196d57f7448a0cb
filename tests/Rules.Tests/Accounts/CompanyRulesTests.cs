using Customer360.Rules.Accounts;
using Customer360.Rules.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Accounts;

/// <summary>Which group ids are one company.</summary>
public sealed class CompanyRulesTests
{
    [Fact]
    public void Id_OfASplit_IsYoungerThanWhatItCameFrom()
    {
        string one = CompanyId.Of("zzz");
        string two = CompanyId.ForSplit("d_1", one)!;
        string three = CompanyId.ForSplit("d_2", two)!;

        Assert.True(CompanyId.IsOlder(one, two));
        Assert.True(CompanyId.IsOlder(two, three));
        Assert.Equal("zzz", CompanyId.GroupIn(one));
        Assert.Null(CompanyId.GroupIn(two));
        // A group id that looks like one is none.
        Assert.Equal(two, CompanyId.GroupIn(CompanyId.Of(two)));
    }

    [Fact]
    public void Split_OfTheHundredth_IsRefused()
    {
        string? id = CompanyId.Of("a");
        for (int depth = 1; depth <= 99; depth++)
        {
            id = CompanyId.ForSplit("d", id!);
        }

        Assert.NotNull(id);
        Assert.Null(CompanyId.ForSplit("d", id));
    }

    [Fact]
    public void Union_IsCommutativeAssociativeAndIdempotent()
    {
        Gen<GroupSet> sets = Gen.Choose(0, 6)
            .ListOf()
            .Select(numbers => new GroupSet([
                .. numbers.Distinct().Select(number => CompanyId.GroupOf($"g{number}")).Order(),
            ]));
        Prop.ForAll(
                sets.Three().ToArbitrary(),
                three =>
                {
                    (GroupSet a, GroupSet b, GroupSet c) = three;
                    return GroupSet.Union(a, b).Equals(GroupSet.Union(b, a))
                        && GroupSet.Union(GroupSet.Union(a, b), c).Equals(GroupSet.Union(a, GroupSet.Union(b, c)))
                        && GroupSet.Union(a, a).Equals(a)
                        && GroupSet.Union(a, GroupSet.Empty).Equals(a);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Merge_OfMoreGroupsThanACompanyHas_IsRefused()
    {
        Ownership<GroupSet> one = Of("a", [.. Enumerable.Range(0, 60).Select(number => $"a{number:d2}")]);
        Ownership<GroupSet> other = Of("b", [.. Enumerable.Range(0, 60).Select(number => $"b{number:d2}")]);

        Assert.Equal(JoinObstacle.Size, CompanyRules.ObjectionTo(one, other)!.Value.Obstacle);
        Assert.Null(CompanyRules.ObjectionTo(one, Of("c", "c")));
    }

    [Fact]
    public void Split_OfNothingOfAllAndOfWhatIsNotThere_IsRefused()
    {
        GroupSet held = Of("a", "a", "b").Held;

        Assert.IsType<SplitOfNothing>(CompanyRules.Split(held, []).Refusal);
        Assert.IsType<SplitIdentifierNotHeld>(CompanyRules.Split(held, [CompanyId.GroupOf("c")]).Refusal);
        Assert.IsType<SplitOfEverything>(
            CompanyRules.Split(held, [CompanyId.GroupOf("b"), CompanyId.GroupOf("a")]).Refusal
        );
        Parts<GroupSet> parts = CompanyRules.Split(held, [CompanyId.GroupOf("b")]).Value!;
        Assert.Equal(["b"], parts.Leaves.GroupIds);
        Assert.Equal(["a"], parts.Stays.GroupIds);
    }

    private static Ownership<GroupSet> Of(string id, params string[] groupIds) =>
        new(CompanyId.Of(id), new GroupSet([.. groupIds.Select(CompanyId.GroupOf).Order()]));
}
