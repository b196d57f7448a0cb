using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>
/// Numbers of messages by what they were counted as. Counts of two sets of messages are merged by adding, in any order and grouping.
/// </summary>
/// <param name="Numbers">By name: <c>messages</c>, a trait, an age, <c>looked:CHECK</c>, <c>good:CHECK</c>. What is not there is 0.</param>
/// <param name="FirstAt">When the first of them was received, UTC; null: there is none.</param>
/// <param name="LastAt">When the last of them was received, UTC; null: there is none.</param>
public sealed record QualityCounts(
    ImmutableSortedDictionary<string, long> Numbers,
    DateTimeOffset? FirstAt,
    DateTimeOffset? LastAt
)
{
    public const string Messages = "messages";
    public const string Repeats = "repeats";

    private const string LookedMark = "looked:";
    private const string GoodMark = "good:";

    private static readonly QualityTraits[] s_traits =
    [
        .. Enum.GetValues<QualityTraits>().Where(one => one != QualityTraits.None),
    ];

    public static QualityCounts Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal), null, null);

    public long this[string name] => Numbers.GetValueOrDefault(name);

    public long this[QualityTraits trait] => this[NameOf(trait)];

    public long this[MessageAge age] => this[NameOf(age)];

    public long Looked(string check) => this[LookedMark + check];

    public long Good(string check) => this[GoodMark + check];

    /// <summary>Both together.</summary>
    public QualityCounts With(QualityCounts other)
    {
        if (other.Numbers.IsEmpty || Numbers.IsEmpty)
        {
            return Numbers.IsEmpty ? other : this;
        }

        ImmutableSortedDictionary<string, long>.Builder numbers = Numbers.ToBuilder();
        foreach ((string name, long number) in other.Numbers)
        {
            numbers[name] = numbers.GetValueOrDefault(name) + number;
        }

        return new QualityCounts(
            numbers.ToImmutable(),
            FirstAt < other.FirstAt ? FirstAt : other.FirstAt,
            LastAt > other.LastAt ? LastAt : other.LastAt
        );
    }

    /// <summary>Of some messages of a group.</summary>
    public static QualityCounts Of(QualityGroup group, long count)
    {
        ImmutableSortedDictionary<string, long>.Builder numbers = Empty.Numbers.ToBuilder();
        numbers[Messages] = count;
        numbers[NameOf(group.Age)] = count;
        foreach (QualityTraits trait in s_traits)
        {
            if ((group.Traits & trait) != QualityTraits.None)
            {
                numbers[NameOf(trait)] = count;
            }
        }

        foreach (string check in group.Looked)
        {
            numbers[LookedMark + check] = count;
        }

        foreach (string check in group.Good)
        {
            numbers[GoodMark + check] = count;
        }

        return new QualityCounts(numbers.ToImmutable(), group.FirstAt, group.LastAt);
    }

    /// <summary>Of messages that came again.</summary>
    public static QualityCounts OfRepeats(long count, DateTimeOffset at) =>
        new(Empty.Numbers.SetItem(Repeats, count), at, at);

    private static string NameOf(QualityTraits trait) =>
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(trait.ToString());

    private static string NameOf(MessageAge age) =>
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(age.ToString());
}
