using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Profiles.Mastership;

/// <summary>Under any policy the winners depend on the messages alone, and follow what the strategy says.</summary>
public sealed class MastershipProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly Gen<MastershipPolicy> s_policies = Rules("email")
        .SelectMany(_ => Rules("plan"), (email, plan) => (email, plan))
        .SelectMany(
            _ => Gen.Elements(Enum.GetValues<MasterStrategy>()),
            (rules, others) =>
                new MastershipPolicy(
                    new MastershipRule(MastershipRule.AnyField, others, ["app"]),
                    [rules.email, rules.plan]
                )
        );

    private static readonly Arbitrary<(Envelope[] Messages, Envelope[] Shuffled, MastershipPolicy Policy)> s_runs =
        Messages
            .SelectMany(messages => Gen.Shuffle(messages), (messages, shuffled) => (messages, shuffled))
            .SelectMany(_ => s_policies, (run, policy) => (run.messages, run.shuffled, policy))
            .ToArbitrary();

    private static readonly Arbitrary<(string Left, string Middle, string Right)> s_values = Gen.Elements(
            "true",
            "false",
            "0",
            "-0",
            "1",
            "1.0",
            "1e0",
            "-2.5",
            "9007199254740992",
            "9007199254740993",
            "1e29",
            "1e300",
            "1e-300",
            "\"\"",
            "\"a\"",
            "\"a\\\"b\"",
            "\"Ä\"",
            "\"2026-11-22\"",
            "\"2026-11-22T00:00:00Z\"",
            "\"2026-11-22T02:00:00+02:00\"",
            "\"2026-11-21T23:59:59.9999999Z\"",
            "\"2026\"",
            "[]",
            "[1]",
            "{}",
            "{\"a\":1}"
        )
        .Three()
        .Select(three => (three.Item1, three.Item2, three.Item3))
        .ToArbitrary();

    [Fact]
    public void Render_WhenMessagesComeInAnyOrderAndGrouping_GivesEqualBytes() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    byte[] whole = Verbose(Of(run.Messages), run.Policy);
                    int half = run.Shuffled.Length / 2;
                    ProfileFold first = Of(run.Shuffled.Take(half));
                    ProfileFold second = Of(run.Shuffled.Skip(half));
                    return Verbose(Of(run.Shuffled), run.Policy).AsSpan().SequenceEqual(whole)
                        && Verbose(ProfileFold.Join(first, second), run.Policy).AsSpan().SequenceEqual(whole)
                        && Verbose(ProfileFold.Join(second, first), run.Policy).AsSpan().SequenceEqual(whole);
                }
            )
            .Check(s_many);

    /// <summary>What each strategy says, written once more in a plain way that looks at all candidates at once.</summary>
    [Fact]
    public void Winner_WhenComparedWithThePlainWording_IsTheSame() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    ProfileFold fold = Of(run.Messages);
                    var shown = new TraitWinners(fold, run.Policy).ToDictionary(
                        trait => trait.Name,
                        StringComparer.Ordinal
                    );
                    return fold
                        .Traits.GroupBy(trait => trait.Name, StringComparer.Ordinal)
                        .All(field =>
                        {
                            Trait? expected = Plainly(run.Policy, field.Key, [.. field]);
                            return expected is { IsRemoved: false } winner
                                ? shown.TryGetValue(field.Key, out Trait found) && found == winner
                                : !shown.ContainsKey(field.Key);
                        });
                }
            )
            .Check(s_many);

    [Fact]
    public void Winners_WhenPolicyIsBuiltIn_AreTheLatest() =>
        Prop.ForAll(
                s_runs,
                run =>
                    new TraitWinners(Of(run.Messages), MastershipPolicy.Latest).SequenceEqual(
                        Of(run.Messages)
                            .Traits.GroupBy(trait => trait.Name, StringComparer.Ordinal)
                            .Select(field => Latest(field))
                            .Where(trait => !trait.IsRemoved)
                    )
            )
            .Check(s_many);

    [Fact]
    public void Compare_WhenGivenAnyValues_IsATotalPreorder() =>
        Prop.ForAll(
                s_values,
                values =>
                    Compare(values.Left, values.Right) == -Compare(values.Right, values.Left)
                    && Compare(values.Left, values.Left) == 0
                    && (
                        Compare(values.Left, values.Middle) > 0
                        || Compare(values.Middle, values.Right) > 0
                        || Compare(values.Left, values.Right) <= 0
                    )
            )
            .Check(s_many.WithMaxTest(3_000));

    [Fact]
    public void Json_WhenReadBack_IsTheSamePolicy() =>
        Prop.ForAll(
                s_policies.ToArbitrary(),
                policy =>
                {
                    MastershipPolicy read = MastershipPolicyJson.Read(MastershipPolicyJson.Write(policy));
                    return read.Version == policy.Version
                        && read.Default.Equals(policy.Default)
                        && read.Fields.Select(rule => rule.Field)
                            .SequenceEqual(policy.Fields.Select(rule => rule.Field));
                }
            )
            .Check(s_many);

    private static Gen<MastershipRule> Rules(string field) =>
        Gen.Elements(Enum.GetValues<MasterStrategy>())
            .SelectMany(
                _ => Gen.Elements<string[]?>(null, ["crm"], ["web", "crm"], ["nobody", "crm"]),
                (strategy, writers) =>
                    new MastershipRule(
                        field,
                        strategy,
                        strategy != MasterStrategy.SourcePriority ? []
                            : writers is null ? ["web", "crm"]
                            : [.. writers],
                        writers is null ? null : [.. writers]
                    )
            );

    private static Trait? Plainly(MastershipPolicy policy, string field, List<Trait> said)
    {
        MastershipRule rule = policy.RuleOf(field);
        List<Trait> heard = [.. said.Where(one => rule.Writers is not { } writers || writers.Contains(one.Source))];
        if (heard.Count == 0)
        {
            return null;
        }

        List<Trait> values = [.. heard.Where(one => !one.IsRemoved)];
        switch (rule.Strategy)
        {
            case MasterStrategy.First:
                return heard.Aggregate((best, one) => one.CompareTimes(best) < 0 ? one : best);
            case MasterStrategy.SourcePriority:
                return rule
                    .Sources.Concat(policy.Default.Sources)
                    .Select(source => heard.Where(one => one.Source == source).Cast<Trait?>().FirstOrDefault())
                    .FirstOrDefault(one => one is not null, Latest(heard));
            case MasterStrategy.MostFrequent:
                var byValue = heard
                    .GroupBy(one => Events.Messages.Text(one.ValueJson), StringComparer.Ordinal)
                    .ToList();
                int most = byValue.Max(value => value.Count());
                return Latest(byValue.Where(value => value.Count() == most).SelectMany(value => value));
            case MasterStrategy.Max or MasterStrategy.Min when values.Count > 0:
                int sign = rule.Strategy == MasterStrategy.Max ? 1 : -1;
                return Latest(
                    values.Where(one =>
                        values.All(other =>
                            sign * TraitValueOrder.Compare(one.ValueJson.Span, other.ValueJson.Span) >= 0
                        )
                    )
                );
            default:
                return Latest(heard);
        }
    }

    private static Trait Latest(IEnumerable<Trait> traits) =>
        traits.Aggregate((best, one) => one.CompareTimes(best) >= 0 ? one : best);

    private static byte[] Verbose(ProfileFold fold, MastershipPolicy policy) =>
        ProfileDocument.RenderVerbose(new ProfileView("c", 1, [], fold), policy);

    private static int Compare(string left, string right) =>
        Math.Sign(
            TraitValueOrder.Compare(System.Text.Encoding.UTF8.GetBytes(left), System.Text.Encoding.UTF8.GetBytes(right))
        );
}
