using Customer360.Rules.Conditions;

namespace Customer360.Rules.Audiences;

/// <summary>What conditions are made of.</summary>
internal static class ConditionParts
{
    /// <summary>The selectors that a condition asks for; one may be there twice.</summary>
    public static IEnumerable<EventSelector> SelectorsOf(Condition condition) =>
        LeavesOf(condition)
            .SelectMany(leaf =>
                leaf switch
                {
                    EventTest test => [test.Value.Selector],
                    SequenceTest sequence => sequence.Selectors,
                    _ => Array.Empty<EventSelector>(),
                }
            );

    /// <summary>The comparisons in it.</summary>
    public static IEnumerable<Condition> LeavesOf(Condition condition) =>
        condition switch
        {
            AllOf all => all.Parts.SelectMany(LeavesOf),
            AnyOf any => any.Parts.SelectMany(LeavesOf),
            NotOf not => LeavesOf(not.Part),
            _ => [condition],
        };

    /// <summary>The audiences that it asks for.</summary>
    public static IEnumerable<string> AudiencesOf(Condition condition) =>
        LeavesOf(condition).OfType<AudienceTest>().Select(leaf => leaf.Audience);
}
