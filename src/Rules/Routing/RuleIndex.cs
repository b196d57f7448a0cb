using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Routing;

/// <summary>
/// Leaves out rules that can't count, before any is asked: a rule that needs a text fact to be one of some values stands under
/// these values. What is left is asked in the rules' order, so the index changes no decision.
/// </summary>
internal sealed class RuleIndex
{
    private const int WordBits = 64;

    private readonly ImmutableArray<KeyedFact> _facts;

    public RuleIndex(ImmutableArray<RoutingRule> rules)
    {
        Words = (rules.Length + WordBits - 1) / WordBits;
        var all = new ulong[Words];
        for (int rule = 0; rule < rules.Length; rule++)
        {
            all[rule / WordBits] |= 1UL << rule;
        }

        All = [.. all];
        FactTest[][] keys = [.. rules.Select(rule => KeysOf(rule.If))];
        _facts =
        [
            .. keys.SelectMany(tests => tests.Select(test => test.Fact))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(fact => KeyedFact.Of(fact, keys, Words)),
        ];
    }

    /// <summary>How many words the set of rules has.</summary>
    public int Words { get; }

    /// <summary>All rules, a bit each.</summary>
    public ImmutableArray<ulong> All { get; }

    /// <summary>Writes the rules that may count.</summary>
    /// <param name="candidates">Of <see cref="Words"/> words.</param>
    public void Find(FactSet facts, Span<ulong> candidates)
    {
        All.AsSpan().CopyTo(candidates);
        foreach (KeyedFact fact in _facts)
        {
            FactValue actual = facts[fact.Name];

            // Of a list one item may be wanted: then the fact leaves nothing out.
            if (actual.Kind == FactKind.List)
            {
                continue;
            }

            ulong[] may = actual.Kind == FactKind.Text ? fact.Of(actual.Text) : fact.Others;
            for (int word = 0; word < candidates.Length; word++)
            {
                candidates[word] &= may[word];
            }
        }
    }

    /// <summary>The tests that must be true for the rule to count, of those that name texts.</summary>
    private static FactTest[] KeysOf(Condition condition) =>
        condition switch
        {
            FactTest test when IsKey(test) => [test],
            AllOf all => [.. all.Parts.OfType<FactTest>().Where(IsKey).DistinctBy(test => test.Fact)],
            _ => [],
        };

    private static bool IsKey(FactTest test) =>
        test is { Operator: FactOperator.EqualTo or FactOperator.In, OrMissing: false, IgnoresCase: false }
        && test.Wanted.All(value => value.Kind == FactKind.Text);

    private sealed record KeyedFact(string Name, FrozenDictionary<string, ulong[]> ByText, ulong[] Others)
    {
        public static KeyedFact Of(string name, FactTest[][] keys, int words)
        {
            var others = new ulong[words];
            var byText = new Dictionary<string, ulong[]>(StringComparer.Ordinal);
            for (int rule = 0; rule < keys.Length; rule++)
            {
                FactTest? test = Array.Find(keys[rule], one => one.Fact == name);
                if (test is null)
                {
                    others[rule / WordBits] |= 1UL << rule;
                    continue;
                }

                foreach (FactValue value in test.Wanted)
                {
                    if (!byText.TryGetValue(value.Text, out ulong[]? own))
                    {
                        byText[value.Text] = own = new ulong[words];
                    }

                    own[rule / WordBits] |= 1UL << rule;
                }
            }

            foreach (ulong[] own in byText.Values)
            {
                for (int word = 0; word < words; word++)
                {
                    own[word] |= others[word];
                }
            }

            return new KeyedFact(name, byText.ToFrozenDictionary(StringComparer.Ordinal), others);
        }

        public ulong[] Of(string text) => ByText.GetValueOrDefault(text) ?? Others;
    }
}
