using System.Collections.Immutable;

namespace Customer360.Rules.Retention;

/// <summary><c>retention.yaml</c>, read: until when a person's request must be answered, and how long messages are kept.</summary>
/// <param name="DefaultDays">Of a kind of request that has none of its own.</param>
/// <param name="Days">By the kind's name, whatever its case.</param>
public sealed record RetentionPolicy(int DefaultDays, ImmutableSortedDictionary<string, int> Days)
{
    /// <summary>A month, which the law gives at most without a word to the person.</summary>
    public const int DefaultDaysBuiltIn = 30;

    /// <summary>The law's month and the two by which it can be extended.</summary>
    public const int DaysMax = 90;

    /// <summary>The kinds of request, as files name them.</summary>
    public static ImmutableArray<string> Kinds { get; } =
    ["access", "portability", "rectification", "restriction", "objection", "erasure"];

    /// <summary>How long messages are kept in the log. Default: without end.</summary>
    public MessageRetention Messages { get; init; } = MessageRetention.WithoutEnd;

    /// <param name="kind">A kind of request, whatever its case.</param>
    public int DaysFor(string kind) => Days.GetValueOrDefault(kind, DefaultDays);
}
