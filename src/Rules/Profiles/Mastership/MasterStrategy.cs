namespace Customer360.Rules.Profiles.Mastership;

/// <summary>
/// How one value is chosen from the candidates of a field. A candidate is the latest word of one source that may write
/// the field; a source's earlier words are not kept, so no strategy sees them.
/// </summary>
public enum MasterStrategy
{
    /// <summary>The word of the latest time.</summary>
    Latest,

    /// <summary>The word of the earliest time.</summary>
    First,

    /// <summary>The word of the source that is ranked highest; of sources without a rank, the latest.</summary>
    SourcePriority,

    /// <summary>The value that most sources hold. It counts sources, not messages.</summary>
    MostFrequent,

    /// <summary>The greatest value (<see cref="TraitValueOrder"/>).</summary>
    Max,

    /// <summary>The smallest value (<see cref="TraitValueOrder"/>).</summary>
    Min,
}

/// <summary>The words for strategies in <c>mastership.yaml</c>.</summary>
public static class MasterStrategies
{
    private static readonly string[] s_words = ["latest", "first", "source-priority", "most-frequent", "max", "min"];

    /// <summary>All of them, as a list for people.</summary>
    public static string Known { get; } = string.Join(", ", s_words);

    /// <summary>For example <c>source-priority</c>.</summary>
    public static string Text(MasterStrategy strategy) => s_words[(int)strategy];

    public static bool TryParse(string? word, out MasterStrategy strategy)
    {
        int index = Array.IndexOf(s_words, word);
        strategy = (MasterStrategy)Math.Max(index, 0);
        return index >= 0;
    }
}
