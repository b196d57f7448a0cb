using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Audiences;

/// <summary>A step of a sequence.</summary>
/// <param name="Selector">The event.</param>
/// <param name="Within">How long after the step before at most; of a step that is absent it is needed. Null: no limit.</param>
/// <param name="Without">What must not happen between the step before and this one; null: anything may.</param>
/// <param name="IsAbsent">The event must not happen for so long: <c>{not: {event: Order Completed}, within: 1h}</c>. Only the last step.</param>
public sealed record SequenceStep(EventSelector Selector, TimeSpan? Within, EventSelector? Without, bool IsAbsent);

/// <summary>
/// "Did A, then B within three days, and not C between them": by time, then by place in the log; each step may follow any earlier event of
/// the step before. It looks at the latest 64 events of each.
/// </summary>
/// <param name="steps">Two at least.</param>
/// <param name="window">When the last step has to have happened.</param>
/// <param name="hasSameWord">The events must have the same value of the property that their selectors keep.</param>
public sealed class SequenceTest(ImmutableArray<SequenceStep> steps, EventWindow window, bool hasSameWord) : Condition
{
    public ImmutableArray<SequenceStep> Steps => steps;

    public override IEnumerable<string> Facts =>
        steps
            .SelectMany(step => step.Without is { } without ? [step.Selector, without] : new[] { step.Selector })
            .Select(selector => $"{EventTest.FactPrefix}{selector.Id}");

    /// <summary>The selectors that it asks for.</summary>
    public IEnumerable<EventSelector> Selectors =>
        steps.SelectMany(step => step.Without is { } without ? [step.Selector, without] : new[] { step.Selector });

    public override Truth Evaluate(FactSet facts, DateTimeOffset at) =>
        IsTrue(StaysIn(facts), at.UtcTicks) ? Truth.True : Truth.False;

    public override ConditionTrace Trace(FactSet facts, DateTimeOffset at) =>
        new("sequence", Evaluate(facts, at), [])
        {
            Fact = string.Join(" → ", steps.Select(TitleOf)),
            Wanted = [FactValue.True],
            Actual = FactValue.Of(Evaluate(facts, at) == Truth.True),
            ChangesAt = NextChange(facts, at),
        };

    public override DateTimeOffset? NextChange(FactSet facts, DateTimeOffset at)
    {
        List<Stay> stays = StaysIn(facts);
        bool now = IsTrue(stays, at.UtcTicks);
        foreach (long ticks in Stay.Changes(stays, at.UtcTicks))
        {
            if (IsTrue(stays, ticks) != now)
            {
                return new DateTimeOffset(ticks, TimeSpan.Zero);
            }
        }

        return null;
    }

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("sequence"u8);
        foreach (SequenceStep step in steps)
        {
            writer.WriteStartObject();
            writer.WritePropertyName(step.IsAbsent ? "not"u8 : "of"u8);
            step.Selector.WriteJson(writer);
            if (step.Within is { } within)
            {
                writer.WriteNumber("withinSeconds"u8, (long)within.TotalSeconds);
            }

            if (step.Without is { } without)
            {
                writer.WritePropertyName("without"u8);
                without.WriteJson(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("same"u8, hasSameWord);
        window.WriteJson(writer);
        writer.WriteEndObject();
    }

    private static string TitleOf(SequenceStep step) =>
        string.Concat(
            step.IsAbsent ? "no " : "",
            step.Selector.Title,
            step.Within is { } within ? $" within {Durations.Text(within)}" : "",
            step.Without is { } without ? $" without {without.Title}" : ""
        );

    private static bool IsTrue(List<Stay> stays, long at) => stays.Exists(stay => stay.Has(at));

    /// <summary>The sequences that are complete, or will be where nothing comes between, each while it counts.</summary>
    private List<Stay> StaysIn(FactSet facts)
    {
        ImmutableArray<Moment> reached = MomentsIn(facts, steps[0].Selector);
        foreach (SequenceStep step in steps.AsSpan()[1..])
        {
            ImmutableArray<Moment> without = step.Without is { } selector ? MomentsIn(facts, selector) : [];
            ImmutableArray<Moment> next = MomentsIn(facts, step.Selector);
            reached = step.IsAbsent
                ?
                [
                    .. reached
                        .Where(from => !next.Any(to => Follows(from, to, step, without)))
                        .Select(from => Ended(from, step)),
                ]
                : [.. next.Where(to => reached.Any(from => Follows(from, to, step, without)))];
        }

        return
        [
            .. reached.Select(moment =>
            {
                (long from, long until) = window.CountsFrom(moment.Ticks);
                return new Stay(from, until, 1, 0, null);
            }),
        ];
    }

    private bool Follows(Moment from, Moment to, SequenceStep step, ImmutableArray<Moment> without) =>
        from < to
        && (step.Within is not { } within || to.Ticks - from.Ticks <= within.Ticks)
        && (!hasSameWord || (from.Word is not null && from.Word == to.Word))
        && !without.Any(between => from < between && between < to && (!hasSameWord || between.Word == from.Word));

    /// <summary>When the time is over in which the event would have had to come.</summary>
    private static Moment Ended(Moment start, SequenceStep step) =>
        start with
        {
            Ticks = start.Ticks + step.Within!.Value.Ticks + 1,
        };

    private static ImmutableArray<Moment> MomentsIn(FactSet facts, EventSelector selector) =>
        AudienceFacts.TallyIn(facts, selector.Id)?.Moments ?? [];
}
