using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Http;

/// <summary>A span of event time: from its beginning up to, not including, its end.</summary>
internal readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    // Well inside what a DateTimeOffset holds, so that whoever adds or takes a little away never overflows.
    public static DateTimeOffset Earliest { get; } = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static DateTimeOffset Latest { get; } = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads two parameters; the one that is absent sets no bound.</summary>
    public static Outcome<TimeRange> Read(IQueryCollection query, string from, string to)
    {
        Outcome<DateTimeOffset> first = QueryValues.Time(query, from, Earliest);
        if (!first.Succeeded)
        {
            return first.Refusal;
        }

        Outcome<DateTimeOffset> last = QueryValues.Time(query, to, Latest);
        if (!last.Succeeded)
        {
            return last.Refusal;
        }

        return first.Value < last.Value
            ? new TimeRange(first.Value, last.Value)
            : new ParameterInvalid(to, $"it must be later than '{from}'");
    }
}
