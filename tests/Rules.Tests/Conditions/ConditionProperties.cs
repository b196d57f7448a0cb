using Customer360.Rules.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Conditions;

/// <summary>What holds of any condition and any facts; a failure names the seed.</summary>
public sealed class ConditionProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(2_000);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Trace_OfAny_ComesToWhatEvaluateComesTo() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    Condition condition = RandomCondition(random, depth: 3);
                    FactSet facts = RandomFacts(random);
                    return condition.Trace(facts, Facts.Now).Outcome == condition.Evaluate(facts, Facts.Now);
                }
            )
            .Check(s_many);

    [Fact]
    public void Evaluate_WhenAFactBecomesKnown_NeverTurnsTrueIntoFalseOrBack() =>
        // Unknown means "may be either", so what is certain without a fact stays certain with it: unless it asks for its being there.
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    Condition condition = RandomCondition(random, depth: 3, mayAskExistence: false);
                    FactSet all = RandomFacts(random);
                    var fewer = new FactSet(all.Values.Where(_ => random.Next(2) == 0));
                    Truth before = condition.Evaluate(fewer, Facts.Now);
                    return before == Truth.Unknown || condition.Evaluate(all, Facts.Now) == before;
                }
            )
            .Check(s_many);

    [Fact]
    public void NextChange_OfAny_PassesOverNoChange() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    Condition condition = RandomCondition(random, depth: 2);
                    FactSet facts = RandomFacts(random);
                    Truth now = condition.Evaluate(facts, Facts.Now);
                    DateTimeOffset end = condition.NextChange(facts, Facts.Now) ?? Facts.Now.AddDays(100);
                    return Enumerable
                        .Range(0, 20)
                        .Select(step => Facts.Now + ((end - Facts.Now) / 20 * step))
                        .All(time => condition.Evaluate(facts, time) == now);
                }
            )
            .Check(s_many);

    internal static FactSet RandomFacts(Random random) =>
        new(
            new Dictionary<string, FactValue>
            {
                ["territory"] = FactValue.Of($"t{random.Next(3)}"),
                ["score"] = FactValue.Of(random.Next(5)),
                ["vip"] = FactValue.Of(random.Next(2) == 0),
                ["seenAt"] = FactValue.Of(Facts.Now.AddHours(random.Next(-100, 20))),
                ["interests"] = FactValue.OfTexts($"t{random.Next(3)}", $"t{random.Next(3)}"),
            }.Where(_ => random.Next(4) > 0)
        );

    internal static Condition RandomCondition(Random random, int depth, bool mayAskExistence = true)
    {
        int form = depth == 0 ? 9 : random.Next(10);
        return form switch
        {
            < 2 => new AllOf([.. Parts()]),
            < 4 => new AnyOf([.. Parts()]),
            4 => new NotOf(RandomCondition(random, depth - 1, mayAskExistence)),
            _ => RandomTest(random, mayAskExistence),
        };

        IEnumerable<Condition> Parts() =>
            Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomCondition(random, depth - 1, mayAskExistence));
    }

    private static FactTest RandomTest(Random random, bool mayAskExistence) =>
        random.Next(mayAskExistence ? 8 : 6) switch
        {
            0 => new FactTest("territory", FactOperator.EqualTo, [FactValue.Of($"t{random.Next(4)}")]),
            1 => new FactTest("territory", FactOperator.In, [FactValue.Of("t0"), FactValue.Of($"t{random.Next(4)}")]),
            2 => new FactTest("score", FactOperator.AtLeast, [FactValue.Of(random.Next(6))]),
            3 => new FactTest("seenAt", FactOperator.WithinDays, [FactValue.Of(random.Next(1, 4))]),
            4 => new FactTest("interests", FactOperator.Contains, [FactValue.Of($"t{random.Next(4)}")]),
            5 => new FactTest("vip", FactOperator.EqualTo, [FactValue.True]),
            6 => new FactTest("vip", FactOperator.Exists, [FactValue.True]),
            _ => new FactTest("territory", FactOperator.EqualTo, [FactValue.Of("t1")], orMissing: true),
        };
}
