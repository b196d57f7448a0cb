using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Audiences;

/// <summary>What of the events in a window is compared.</summary>
public enum EventMeasure
{
    /// <summary>How many there are.</summary>
    Count = 1,

    /// <summary>The sum of a property.</summary>
    Sum = 2,

    /// <summary>A property of the latest.</summary>
    Latest = 3,

    /// <summary>A property of the first.</summary>
    First = 4,

    /// <summary>The value of a property that most have, of the latest 64; of two the later one.</summary>
    MostFrequent = 5,
}

/// <summary>The events of one selector in a window, and what is made of them.</summary>
public sealed record EventValue(EventSelector Selector, EventWindow Window, EventMeasure Measure)
{
    /// <summary>How people read it: <c>count of Order Completed within 30d</c>.</summary>
    public string Title
    {
        get
        {
            string of = (Selector.AmountOf, Measure) switch
            {
                ({ } amount, EventMeasure.Sum) => $"{amount} of ",
                _ when Measure >= EventMeasure.Latest => $"{Selector.WordOf} of ",
                _ => "",
            };
            string window = Window.ToString();
            return $"{JsonNamingPolicy.CamelCase.ConvertName(Measure.ToString())} of {of}{Selector.Title}{(window.Length > 0 ? " " : "")}{window}";
        }
    }

    /// <summary>The value at a time; missing where a word is asked of no event.</summary>
    public FactValue Of(Tally? tally, DateTimeOffset at)
    {
        if (tally is null)
        {
            return Measure is EventMeasure.Count or EventMeasure.Sum ? FactValue.Of(0m) : FactValue.Missing;
        }

        if (Window == EventWindow.Ever && Measure <= EventMeasure.Sum)
        {
            return FactValue.Of(Ever(tally, at.UtcTicks));
        }

        if (Window == EventWindow.Ever && Measure == EventMeasure.First)
        {
            return tally.First.Ticks <= at.UtcTicks ? WordOf(tally.First.Word) : FactValue.Missing;
        }

        return Of(Stay.AllOf(tally, Window), at.UtcTicks);
    }

    /// <summary>The next time after <paramref name="at"/> at which the value may be another by itself; null: never.</summary>
    public DateTimeOffset? NextChange(Tally? tally, DateTimeOffset at)
    {
        if (tally is null)
        {
            return null;
        }

        long next = Stay.Changes(Stay.AllOf(tally, Window), at.UtcTicks).FirstOrDefault(long.MaxValue);
        return next == long.MaxValue ? null : new DateTimeOffset(next, TimeSpan.Zero);
    }

    /// <summary>The value at each time at which it changes by itself, rising.</summary>
    internal IEnumerable<(long Ticks, FactValue Value)> Coming(Tally tally, DateTimeOffset at)
    {
        if (Window == EventWindow.Ever && Measure <= EventMeasure.Sum)
        {
            // Only what is in the future is to come.
            return tally
                .Moments.Where(moment => moment.Ticks > at.UtcTicks)
                .Select(moment => (moment.Ticks, FactValue.Of(Ever(tally, moment.Ticks))));
        }

        List<Stay> stays = Stay.AllOf(tally, Window);
        return Measure <= EventMeasure.Sum
            ? Sums(stays, at.UtcTicks)
            : Stay.Changes(stays, at.UtcTicks).Select(ticks => (ticks, Of(stays, ticks)));
    }

    /// <summary>Walks along the times with a running sum: asked anew at each, many events would cost their square.</summary>
    private IEnumerable<(long Ticks, FactValue Value)> Sums(List<Stay> stays, long at)
    {
        decimal now = stays.Where(stay => stay.Has(at)).Sum(Amount);
        IEnumerable<(long Ticks, decimal Change)> changes = stays
            .SelectMany(stay =>
                new[] { (Ticks: stay.From, Change: Amount(stay)), (Ticks: stay.Until, Change: -Amount(stay)) }
            )
            .Where(change => change.Ticks > at && change.Ticks != long.MaxValue);
        foreach (
            IGrouping<long, (long Ticks, decimal Change)> time in changes
                .GroupBy(change => change.Ticks)
                .OrderBy(one => one.Key)
        )
        {
            now += time.Sum(change => change.Change);
            yield return (time.Key, FactValue.Of(now));
        }
    }

    private decimal Amount(Stay stay) => Measure == EventMeasure.Count ? stay.Count : stay.Sum;

    private decimal Ever(Tally tally, long at)
    {
        decimal all = Measure == EventMeasure.Count ? tally.Count : tally.Sum;
        for (int index = tally.Moments.Length - 1; index >= 0 && tally.Moments[index].Ticks > at; index--)
        {
            all -= Measure == EventMeasure.Count ? 1 : tally.Moments[index].Amount;
        }

        return all;
    }

    private FactValue Of(List<Stay> stays, long at)
    {
        switch (Measure)
        {
            case EventMeasure.Count or EventMeasure.Sum:
                return FactValue.Of(stays.Where(stay => stay.Has(at)).Sum(Amount));
            case EventMeasure.Latest:
                return WordOf(stays.FindLast(stay => stay.Has(at)).Word);
            case EventMeasure.First:
                return WordOf(stays.Find(stay => stay.Has(at)).Word);
            default:
                return WordOf(
                    stays
                        .Select((stay, index) => (stay, index))
                        .Where(one => one.stay.Has(at) && one.stay.Word is not null)
                        .GroupBy(one => one.stay.Word!, StringComparer.Ordinal)
                        .OrderByDescending(group => group.Count())
                        .ThenByDescending(group => group.Max(one => one.index))
                        .FirstOrDefault()
                        ?.Key
                );
        }
    }

    private static FactValue WordOf(string? word) => word is null ? FactValue.Missing : FactValue.Of(word);

    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteString("measure"u8, JsonNamingPolicy.CamelCase.ConvertName(Measure.ToString()));
        writer.WritePropertyName("of"u8);
        Selector.WriteJson(writer);
        Window.WriteJson(writer);
    }
}

/// <summary>A comparison of what happened in a window: <c>{event: Order Completed, within: 30d, count: {atLeast: 3}}</c>.</summary>
/// <param name="value">What is compared.</param>
/// <param name="test">How. Its fact is of no account.</param>
/// <param name="countsNever">
/// True (<c>ever: false</c>): who never did it counts as having done it no times. False: of such a person a condition that no event can
/// only be true is unknown.
/// </param>
public sealed class EventTest(EventValue value, FactTest test, bool countsNever) : Condition
{
    /// <summary>What a condition says that it depends on these events.</summary>
    public const string FactPrefix = "event:";

    public EventValue Value => value;

    public bool CountsNever => countsNever;

    public override IEnumerable<string> Facts => [$"{FactPrefix}{value.Selector.Id}"];

    public override Truth Evaluate(FactSet facts, DateTimeOffset at)
    {
        Tally? tally = AudienceFacts.TallyIn(facts, value.Selector.Id);
        return Judge(tally, value.Of(tally, at), at);
    }

    public override ConditionTrace Trace(FactSet facts, DateTimeOffset at)
    {
        Tally? tally = AudienceFacts.TallyIn(facts, value.Selector.Id);
        FactValue actual = value.Of(tally, at);
        Truth outcome = Judge(tally, actual, at);
        return new ConditionTrace(FactOperators.TextOf(test.Operator), outcome, [])
        {
            Fact = value.Title,
            Wanted = test.Wanted,
            Actual = actual,
            Doubt = outcome == Truth.Unknown ? ConditionDoubt.Missing : ConditionDoubt.None,
            ChangesAt = NextChange(facts, at),
        };
    }

    public override DateTimeOffset? NextChange(FactSet facts, DateTimeOffset at)
    {
        if (AudienceFacts.TallyIn(facts, value.Selector.Id) is not { } tally)
        {
            return null;
        }

        Truth now = Judge(tally, value.Of(tally, at), at);
        DateTimeOffset? first = null;
        if (tally.First.Ticks > at.UtcTicks)
        {
            // From then on the person has done it once, also where a window does not have it yet.
            var begins = new DateTimeOffset(tally.First.Ticks, TimeSpan.Zero);
            first = Judge(tally, value.Of(tally, begins), begins) != now ? begins : null;
        }

        foreach ((long ticks, FactValue coming) in value.Coming(tally, at))
        {
            var then = new DateTimeOffset(ticks, TimeSpan.Zero);
            if (Judge(tally, coming, then) != now)
            {
                return Earlier(first, then);
            }
        }

        return first;
    }

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        value.WriteJson(writer);
        writer.WritePropertyName("is"u8);
        test.WriteJson(writer);
        if (countsNever)
        {
            writer.WriteBoolean("ever"u8, false);
        }

        writer.WriteEndObject();
    }

    private Truth Judge(Tally? tally, FactValue actual, DateTimeOffset at)
    {
        Truth truth = test.Compare(actual, at);
        bool hasEver = tally is not null && tally.First.Ticks <= at.UtcTicks;
        return truth == Truth.True && !hasEver && !countsNever ? Truth.Unknown : truth;
    }
}
