using System.Collections.Immutable;

namespace Customer360.Rules.Profiles.Tallies;

/// <summary>
/// What is kept of the events that one selector meets: how many there were ever, the first, the latest one by one, and of older ones
/// how many each day had. Immutable and order-free: the same events give the same tally in whatever order and grouping they come.
/// </summary>
/// <remarks>
/// An event falls out of the latest only where so many later ones are known, and none of these ever goes; so it would fall out in every
/// order, and what is kept by day is exactly all events but the latest. The same holds for the days.
/// </remarks>
public sealed class Tally : IEquatable<Tally>
{
    /// <summary>Events that are kept one by one: conditions up to this count are exact to the instant.</summary>
    public const int MomentsMax = 64;

    /// <summary>Days that are kept: a little more than the longest window has.</summary>
    public const int DaysMax = 750;

    private Tally(
        string selector,
        long count,
        decimal sum,
        Moment first,
        ImmutableArray<Moment> moments,
        ImmutableArray<DayTally> days
    )
    {
        (Selector, Count, Sum, First, Moments, Days) = (selector, count, sum, first, moments, days);
    }

    /// <summary>The id of the selector whose events they are.</summary>
    public string Selector { get; }

    /// <summary>How many there were ever.</summary>
    public long Count { get; }

    /// <summary>The sum of their amounts.</summary>
    public decimal Sum { get; }

    public Moment First { get; }

    /// <summary>The latest, rising; never empty.</summary>
    public ImmutableArray<Moment> Moments { get; }

    /// <summary>Those before, by day, rising.</summary>
    public ImmutableArray<DayTally> Days { get; }

    /// <summary>The tally of one event.</summary>
    public static Tally Of(string selector, Moment moment) => new(selector, 1, moment.Amount, moment, [moment], []);

    /// <summary>What was stored; the reader sees to it that it is of this form.</summary>
    internal static Tally Of(
        string selector,
        long count,
        decimal sum,
        Moment first,
        ImmutableArray<Moment> moments,
        ImmutableArray<DayTally> days
    ) => new(selector, count, sum, first, moments, days);

    /// <summary>The tally with one more event in it. The caller sees to it that none comes twice.</summary>
    public Tally With(Moment moment) => Join(this, Of(Selector, moment));

    /// <summary>The tally of the events of both, which are of one selector. Commutative and associative.</summary>
    public static Tally Join(Tally left, Tally right)
    {
        ImmutableArray<Moment> all = Merge(left.Moments, right.Moments);
        ImmutableArray<DayTally> days = left.Days.IsEmpty ? right.Days : AddAll(left.Days, right.Days);
        int excess = all.Length - MomentsMax;
        if (excess > 0)
        {
            days = AddAll(days, [.. all[..excess].Select(DayOf)]);
            all = all[excess..];
        }

        return new Tally(
            left.Selector,
            left.Count + right.Count,
            left.Sum + right.Sum,
            left.First <= right.First ? left.First : right.First,
            all,
            days.Length > DaysMax ? days[^DaysMax..] : days
        );
    }

    /// <summary>The tally with other words in it: where what they say of somebody is erased.</summary>
    internal Tally WithWords(Func<string, string?> change)
    {
        Moment Changed(Moment moment) => moment.Word is { } word ? moment with { Word = change(word) } : moment;
        return new Tally(Selector, Count, Sum, Changed(First), [.. Moments.Select(Changed)], Days);
    }

    public bool Equals(Tally? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Selector == other.Selector
            && Count == other.Count
            && Sum == other.Sum
            && First == other.First
            && Moments.AsSpan().SequenceEqual(other.Moments.AsSpan())
            && Days.AsSpan().SequenceEqual(other.Days.AsSpan())
        );

    public override bool Equals(object? obj) => Equals(obj as Tally);

    public override int GetHashCode() => HashCode.Combine(Selector, Count, First);

    private static DayTally DayOf(Moment moment) => new((int)(moment.Ticks / TimeSpan.TicksPerDay), 1, moment.Amount);

    private static ImmutableArray<Moment> Merge(ImmutableArray<Moment> left, ImmutableArray<Moment> right)
    {
        // Mostly one event that is later than all others.
        if (right.Length == 1 && left[^1] < right[0])
        {
            return left.Add(right[0]);
        }

        var merged = ImmutableArray.CreateBuilder<Moment>(left.Length + right.Length);
        int other = 0;
        foreach (Moment moment in left)
        {
            while (other < right.Length && right[other] < moment)
            {
                merged.Add(right[other++]);
            }

            merged.Add(moment);
        }

        merged.AddRange(right.AsSpan()[other..]);
        return merged.DrainToImmutable();
    }

    private static ImmutableArray<DayTally> AddAll(ImmutableArray<DayTally> left, ImmutableArray<DayTally> right) =>
        [
            .. left.Concat(right)
                .GroupBy(one => one.Day)
                .OrderBy(day => day.Key)
                .Select(day => new DayTally(day.Key, day.Sum(one => one.Count), day.Sum(one => one.Sum))),
        ];
}
