using System.Text.Json;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Audiences;

/// <summary>True of the members of another audience: <c>{audience: big-spenders}</c>. That one is decided before.</summary>
public sealed class AudienceTest(string audience) : Condition
{
    /// <summary>What a condition says that it depends on another audience.</summary>
    public const string FactPrefix = "audience:";

    public string Audience => audience;

    public override IEnumerable<string> Facts => [$"{FactPrefix}{audience}"];

    public override Truth Evaluate(FactSet facts, DateTimeOffset at) =>
        AudienceFacts.IsMemberIn(facts, audience) ? Truth.True : Truth.False;

    public override ConditionTrace Trace(FactSet facts, DateTimeOffset at)
    {
        Truth outcome = Evaluate(facts, at);
        return new ConditionTrace("audience", outcome, [])
        {
            Fact = audience,
            Wanted = [FactValue.True],
            Actual = FactValue.Of(outcome == Truth.True),
        };
    }

    /// <summary>Never by itself: who evaluates one audience evaluates those that ask for it at the same time.</summary>
    public override DateTimeOffset? NextChange(FactSet facts, DateTimeOffset at) => null;

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("audience"u8, audience);
        writer.WriteEndObject();
    }
}
