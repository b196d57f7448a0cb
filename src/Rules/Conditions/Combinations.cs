using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Conditions;

/// <summary>True where all parts are; without parts it is true.</summary>
public sealed class AllOf(ImmutableArray<Condition> parts) : Condition
{
    public ImmutableArray<Condition> Parts { get; } = parts;

    public override IEnumerable<string> Facts => Parts.SelectMany(part => part.Facts);

    public override Truth Evaluate(FactSet facts, DateTimeOffset at)
    {
        Truth least = Truth.True;
        foreach (Condition part in Parts)
        {
            Truth truth = part.Evaluate(facts, at);
            if (truth == Truth.False)
            {
                return Truth.False;
            }

            least = truth < least ? truth : least;
        }

        return least;
    }

    public override ConditionTrace Trace(FactSet facts, DateTimeOffset at)
    {
        ImmutableArray<ConditionTrace> traces = [.. Parts.Select(one => one.Trace(facts, at))];
        Truth least = traces.Aggregate(Truth.True, (least, part) => part.Outcome < least ? part.Outcome : least);
        return ConditionTrace.Of("all", least, traces);
    }

    public override DateTimeOffset? NextChange(FactSet facts, DateTimeOffset at) =>
        Parts.Aggregate((DateTimeOffset?)null, (next, part) => Earlier(next, part.NextChange(facts, at)));

    public override void WriteJson(Utf8JsonWriter writer) => ConditionJson.Write(writer, "all", Parts);
}

/// <summary>True where one part is; without parts it is false.</summary>
public sealed class AnyOf(ImmutableArray<Condition> parts) : Condition
{
    public ImmutableArray<Condition> Parts { get; } = parts;

    public override IEnumerable<string> Facts => Parts.SelectMany(part => part.Facts);

    public override Truth Evaluate(FactSet facts, DateTimeOffset at)
    {
        Truth most = Truth.False;
        foreach (Condition part in Parts)
        {
            Truth truth = part.Evaluate(facts, at);
            if (truth == Truth.True)
            {
                return Truth.True;
            }

            most = truth > most ? truth : most;
        }

        return most;
    }

    public override ConditionTrace Trace(FactSet facts, DateTimeOffset at)
    {
        ImmutableArray<ConditionTrace> traces = [.. Parts.Select(one => one.Trace(facts, at))];
        Truth most = traces.Aggregate(Truth.False, (most, part) => part.Outcome > most ? part.Outcome : most);
        return ConditionTrace.Of("any", most, traces);
    }

    public override DateTimeOffset? NextChange(FactSet facts, DateTimeOffset at) =>
        Parts.Aggregate((DateTimeOffset?)null, (next, part) => Earlier(next, part.NextChange(facts, at)));

    public override void WriteJson(Utf8JsonWriter writer) => ConditionJson.Write(writer, "any", Parts);
}

/// <summary>True where its part is false; unknown stays unknown.</summary>
public sealed class NotOf(Condition part) : Condition
{
    public Condition Part { get; } = part;

    public override IEnumerable<string> Facts => Part.Facts;

    public override Truth Evaluate(FactSet facts, DateTimeOffset at) => Opposite(Part.Evaluate(facts, at));

    public override ConditionTrace Trace(FactSet facts, DateTimeOffset at)
    {
        ConditionTrace trace = Part.Trace(facts, at);
        return ConditionTrace.Of("not", Opposite(trace.Outcome), [trace]);
    }

    public override DateTimeOffset? NextChange(FactSet facts, DateTimeOffset at) => Part.NextChange(facts, at);

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("not"u8);
        Part.WriteJson(writer);
        writer.WriteEndObject();
    }

    private static Truth Opposite(Truth truth) =>
        truth switch
        {
            Truth.True => Truth.False,
            Truth.False => Truth.True,
            _ => Truth.Unknown,
        };
}
