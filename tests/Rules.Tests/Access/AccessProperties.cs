using System.Collections.Immutable;
using Customer360.Rules.Access;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Access.Policies;

namespace Customer360.Rules.Tests.Access;

/// <summary>What holds for every policy.</summary>
public sealed class AccessProperties
{
    private const string Classes = """
        public: plan a.b
        personal: email a c*
        sensitive: a.b.c
        """;

    private static readonly string[] s_names =
    [
        "public",
        "personal",
        "sensitive",
        "email",
        "plan",
        "a",
        "a.b",
        "a.b.c",
        "a.*",
        "c*",
        "ca",
    ];

    private static readonly string[] s_paths =
    [
        "plan",
        "email",
        "a",
        "a.x",
        "a.b",
        "a.b.x",
        "a.b.c",
        "a.b.c.d",
        "c",
        "ca",
        "cab",
        "ca.b",
        "unknown",
    ];

    private static readonly Gen<FieldSight> s_sights = Gen.Elements(
        FieldSight.Shown,
        FieldSight.Withheld,
        FieldSight.Masked(FieldMask.Hash),
        FieldSight.Masked(FieldMask.Last4),
        FieldSight.Masked(FieldMask.Full)
    );

    private static readonly Gen<ImmutableSortedDictionary<FieldName, FieldSight>> s_rules = Gen.Elements(s_names)
        .SelectMany(_ => s_sights, (name, sight) => (Name: FieldName.Parse(name)!.Value, sight))
        .ListOf()
        .Resize(8)
        .Select(rules =>
            rules.DistinctBy(rule => rule.Name).ToImmutableSortedDictionary(rule => rule.Name, rule => rule.sight)
        );

    [Fact]
    public void Stricter_OfSights_IsTheOnlyLeastThatBothAllow() =>
        Prop.ForAll(
                (
                    from one in s_sights
                    from two in s_sights
                    from three in s_sights
                    select (one, two, three)
                ).ToArbitrary(),
                made =>
                {
                    (FieldSight one, FieldSight two, FieldSight three) = made;
                    FieldSight both = FieldSight.Stricter(one, two);
                    return both == FieldSight.Stricter(two, one)
                        && FieldSight.Stricter(both, three) == FieldSight.Stricter(one, FieldSight.Stricter(two, three))
                        && both.IsAsStrictAs(one)
                        && both.IsAsStrictAs(two)
                        && FieldSight.Stricter(one, one) == one;
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>To add a rule that withholds never shows more, wherever it is added.</summary>
    [Fact]
    public void Withholding_AddedToARole_ShowsNoMoreOfAnything() =>
        Prop.ForAll(
                (from rules in s_rules from name in Gen.Elements(s_names) select (rules, name)).ToArbitrary(),
                made =>
                {
                    FieldName added = FieldName.Parse(made.name)!.Value;
                    FieldTable before = TableOf(made.rules);
                    FieldTable after = TableOf(made.rules.SetItem(added, FieldSight.Withheld));
                    return s_paths.All(path => after.Of(path).IsAsStrictAs(before.Of(path)));
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>A region tightens, also where its file would do the contrary.</summary>
    [Fact]
    public void Region_WhateverItSays_ShowsNoMoreOfAnything() =>
        Prop.ForAll(
                (from rules in s_rules from own in s_rules select (rules, own)).ToArbitrary(),
                made =>
                {
                    AccessRight right = Tables(
                            Of(Classes, ("desk", RoleOf(made.rules))),
                            ("eu", Of(Classes, ("desk", RoleOf(made.own))))
                        )
                        .Decide(Roles("desk"), Purpose.Unstated)
                        .Value!;
                    FieldTable everywhere = right.Fields.Table!;
                    FieldTable inRegion = right.Of(View(["email@eu:x"]), default).Table!;
                    return s_paths.All(path => inRegion.Of(path).IsAsStrictAs(everywhere.Of(path)));
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>What is inside of a field is decided as a look at it says: nothing is shown that its path does not let through.</summary>
    [Fact]
    public void Value_WhateverTheRules_HoldsOnlyWhatItsPathsLetThrough() =>
        Prop.ForAll(
                s_rules.ToArbitrary(),
                rules =>
                {
                    FieldTable table = TableOf(rules);
                    string shown = table.Show("a", """{"x":"in-x","b":{"x":"in-bx","c":{"d":"in-bcd"}}}""") ?? "";
                    return Holds(shown, "in-x") == table.Of("a.x").IsShown
                        && Holds(shown, "in-bx") == table.Of("a.b.x").IsShown
                        && Holds(shown, "in-bcd") == table.Of("a.b.c.d").IsShown;
                }
            )
            .QuickCheckThrowOnFailure();

    private static bool Holds(string text, string word) => text.Contains($"\"{word}\"", StringComparison.Ordinal);

    private static FieldTable TableOf(ImmutableSortedDictionary<FieldName, FieldSight> rules) =>
        Table(Of(Classes, ("desk", RoleOf(rules))), "desk");

    private static AccessRole RoleOf(ImmutableSortedDictionary<FieldName, FieldSight> rules) =>
        Role("") with
        {
            Grant = AccessGrant.Nothing with { Read = rules },
        };
}
