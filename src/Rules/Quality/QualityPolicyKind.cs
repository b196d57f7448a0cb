using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Audiences;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Quality;

/// <summary><c>quality.yaml</c>: what is watched of the messages that come in, and who is told when it is not good.</summary>
public sealed class QualityPolicyKind() : PolicyKind<QualityPolicy>(KindName, BuiltInFile)
{
    public const string KindName = "quality";

    private const string BuiltInFile = """
        owner: {team: data, contact: data}
        # Everything is counted; nothing is judged until somebody says what is good.
        keep: 60d
        checks: {}
        """;

    public override bool NeedsOwner => true;

    public override bool WantsExamples => true;

    public override int CharactersMax => 256 * 1024;

    protected override QualityPolicy? Read(PolicyFile file) => new QualityPolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, QualityPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteNumber("keepDays"u8, policy.KeepsDays);
        writer.WriteString("runbooks"u8, policy.Runbooks);
        writer.WriteString("repeat"u8, Durations.Text(policy.Repeats));
        writer.WriteStartObject("queues"u8);
        foreach ((string name, QualityQueue queue) in policy.Queues)
        {
            writer.WriteStartObject(name);
            writer.WriteString("team"u8, queue.Owner.Team);
            writer.WriteString("contact"u8, queue.Owner.Contact);
            writer.WriteString("sla"u8, Durations.Text(queue.Sla));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("checks"u8);
        foreach (QualityCheck check in policy.Checks.Values)
        {
            writer.WritePropertyName(check.Id);
            Write(writer, check);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>
    /// <c>input: {check, value?, messages?, usual?: [values of the same hours before]}</c> → <c>expect: {level}</c>: <c>ok</c>,
    /// <c>noData</c>, <c>warning</c>, <c>failing</c>, or <c>none</c> where so few messages say nothing.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(QualityPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("check", "value", "messages", "usual");
        string id = input.RequiredText("check") ?? "";
        if (!policy.Checks.TryGetValue(id, out QualityCheck? check))
        {
            if (id.Length > 0)
            {
                input.Fault("check", "There is no such check.");
            }

            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        ImmutableArray<double> usual =
        [
            .. input.Texts("usual", mayRepeat: true).Select(one => NumberOf(input, "usual", one) ?? 0),
        ];
        QualityVerdict verdict = QualityJudge.Judge(
            check,
            new QualityMeasure(
                input.Find("value") is { } value ? NumberOf(input, "value", value) : null,
                input.Whole("messages", check.Minimum, 0, int.MaxValue)!.Value,
                0
            ),
            usual
        );
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["level"] = verdict.Level is { } level ? QualityLevels.WordOf(level) : "none",
        };
    }

    private static double? NumberOf(ConfigSection input, string name, ConfigNode node)
    {
        if (double.TryParse(node.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return number;
        }

        input.Fault(node.Line, input.PathOf(name), "It must be a number.");
        return null;
    }

    private static void Write(Utf8JsonWriter writer, QualityCheck check)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, QualityKinds.WordOf(check.Kind));
        // Alerts name who answers: another owner is another policy.
        writer.WriteString("team"u8, check.Owner.Team);
        writer.WriteString("contact"u8, check.Owner.Contact);
        Write(writer, "sources", check.Sources);
        writer.WriteString("event"u8, check.Event);
        writer.WriteString("field"u8, check.Field?.Text);
        Write(writer, "values", check.Values);
        writer.WriteString("olderThan"u8, JsonNamingPolicy.CamelCase.ConvertName(check.OlderThan.ToString()));
        Write(writer, "warn", check.Warn);
        Write(writer, "fail", check.Fail);
        if (check.Anomaly is { } anomaly)
        {
            writer.WriteStartObject("anomaly"u8);
            writer.WriteString("season"u8, JsonNamingPolicy.CamelCase.ConvertName(anomaly.Season.ToString()));
            writer.WriteNumber("periods"u8, anomaly.Periods);
            writer.WriteNumber("sensitivity"u8, anomaly.Sensitivity);
            writer.WriteString("direction"u8, JsonNamingPolicy.CamelCase.ConvertName(anomaly.Direction.ToString()));
            writer.WriteNumber("ignoreBelow"u8, anomaly.IgnoreBelow);
            writer.WriteString("level"u8, QualityLevels.WordOf(anomaly.Level));
            writer.WriteEndObject();
        }

        writer.WriteNumber("minimum"u8, check.Minimum);
        writer.WriteNumber("bad"u8, check.OpensAfter);
        writer.WriteNumber("of"u8, check.OpensOf);
        writer.WriteNumber("good"u8, check.ClosesAfter);
        if (check.Objective is { } objective)
        {
            writer.WriteStartObject("objective"u8);
            writer.WriteNumber("target"u8, objective.Target);
            writer.WriteNumber("days"u8, objective.Days);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("mute"u8);
        foreach (QualityMute mute in check.Mutes)
        {
            writer.WriteStartObject();
            writer.WriteString("source"u8, mute.Source);
            writer.WriteString("until"u8, Events.Rfc3339.Text(mute.Until));
            writer.WriteString("why"u8, mute.Why);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("runbook"u8, check.Runbook);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, QualityBound? bound)
    {
        if (bound is null)
        {
            return;
        }

        writer.WriteStartObject(name);
        if (bound.Below is { } below)
        {
            writer.WriteNumber("below"u8, below);
        }

        if (bound.Above is { } above)
        {
            writer.WriteNumber("above"u8, above);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
