using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Audiences;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Quality;

/// <summary>Reads <c>quality.yaml</c>.</summary>
internal sealed class QualityPolicyReader(PolicyFile file)
{
    private const int ChecksMax = 200;
    private const int NameLengthMax = 63;
    private const int SourcesMax = 100;
    private const int ValuesMax = 200;
    private const int TextLengthMax = 500;

    private static readonly string[] s_members =
    [
        "owner",
        "kind",
        "sources",
        "event",
        "field",
        "values",
        "olderThan",
        "warn",
        "fail",
        "anomaly",
        "minimum",
        "open",
        "close",
        "objective",
        "mute",
        "runbook",
    ];

    /// <summary>The policy; null after a fault.</summary>
    public QualityPolicy? Read()
    {
        ConfigSection root = file.Section("keep", "runbooks", "alerts", "queues", "checks");
        TimeSpan keep = Durations.Read(root, "keep") ?? TimeSpan.FromDays(60);
        if (keep < TimeSpan.FromDays(2) || keep > TimeSpan.FromDays(400))
        {
            root.Fault("keep", "Hours are kept for 2 to 400 days: 60d.");
        }

        string runbooks = TextOf(root, "runbooks") ?? "docs/runbooks";
        var alerts = new ConfigSection("alerts", root.Find("alerts"), file.Faults, "repeat");
        TimeSpan repeat = Durations.Read(alerts, "repeat") ?? TimeSpan.FromDays(1);
        var all = new ConfigSection("checks", root.Find("checks"), file.Faults);
        ConfigMember[] members = [.. all.Members];
        if (members.Length > ChecksMax)
        {
            all.Fault(
                all.Line,
                "checks",
                string.Create(CultureInfo.InvariantCulture, $"There may be {ChecksMax} at most.")
            );
        }

        var checks = ImmutableSortedDictionary.CreateBuilder<string, QualityCheck>(StringComparer.Ordinal);
        foreach (ConfigMember member in members.Take(ChecksMax))
        {
            if (Read(all, member) is { } check)
            {
                checks[check.Id] = check;
            }
        }

        CheckProbes(all, checks);
        ImmutableSortedDictionary<string, QualityQueue> queues = ReadQueues(root);
        return file.Faults.Count > 0
            ? null
            : new QualityPolicy(checks.ToImmutable())
            {
                KeepsDays = (int)keep.TotalDays,
                Runbooks = runbooks.TrimEnd('/'),
                Repeats = repeat,
                Queues = queues,
            };
    }

    private ImmutableSortedDictionary<string, QualityQueue> ReadQueues(ConfigSection root)
    {
        var all = new ConfigSection("queues", root.Find("queues"), file.Faults, [.. QualityQueues.All]);
        var queues = ImmutableSortedDictionary.CreateBuilder<string, QualityQueue>(StringComparer.Ordinal);
        foreach (ConfigMember member in all.Members)
        {
            var section = new ConfigSection(all.PathOf(member.Name), member.Value, file.Faults, "owner", "sla");
            TimeSpan sla = Durations.Read(section, "sla") ?? QualityQueues.SlaOf(member.Name);
            if (file.OwnerOf(section) is { } owner)
            {
                queues[member.Name] = new QualityQueue(owner, sla);
            }
        }

        return queues.ToImmutable();
    }

    private QualityCheck? Read(ConfigSection all, ConfigMember member)
    {
        int before = file.Faults.Count;
        string path = all.PathOf(member.Name);
        if (!IsName(member.Name))
        {
            all.Fault(
                member.Line,
                path,
                "A name has lower case letters, digits and hyphens, and begins with a letter: 63 at most."
            );
        }

        var section = new ConfigSection(path, member.Value, file.Faults, s_members);
        if (section.Find("kind") is null)
        {
            section.Fault("kind", "It is missing.");
        }

        QualityKind kind = section.Word("kind", QualityKind.Volume);
        PolicyOwner? owner = file.OwnerOf(section);
        QualityBound? warn = ReadBound(section, "warn", kind);
        QualityBound? fail = ReadBound(section, "fail", kind);
        QualityAnomaly? anomaly = ReadAnomaly(section, kind);
        if (warn is null && fail is null && anomaly is null)
        {
            section.Fault("fail", "It must say what is not good: warn, fail or anomaly.");
        }

        (int opensAfter, int opensOf) = ReadOpen(section);
        var close = new ConfigSection(section.PathOf("close"), section.Find("close"), file.Faults, "good");
        QualityCheck check = new(member.Name, kind, owner ?? new PolicyOwner("", ""))
        {
            Sources = ReadTexts(section, "sources", SourcesMax),
            Event = TextOf(section, "event"),
            Field = ReadField(section, kind),
            Values = ReadValues(section, kind),
            OlderThan = ReadAge(section, kind),
            Warn = warn,
            Fail = fail,
            Anomaly = anomaly,
            Minimum = section.Whole("minimum", 20, 1, 1_000_000)!.Value,
            OpensAfter = opensAfter,
            OpensOf = opensOf,
            ClosesAfter = close.Whole("good", 1, 1, 24)!.Value,
            Objective = ReadObjective(section),
            Mutes = ReadMutes(section),
            Runbook = TextOf(section, "runbook"),
        };
        return file.Faults.Count > before ? null : check;
    }

    private QualityBound? ReadBound(ConfigSection check, string name, QualityKind kind)
    {
        if (check.Find(name) is not { } node)
        {
            return null;
        }

        int before = file.Faults.Count;
        var section = new ConfigSection(check.PathOf(name), node, file.Faults, "below", "above");
        double max = QualityKinds.IsShare(kind) && kind != QualityKind.Repeats ? 1 : 1_000_000_000;
        var bound = new QualityBound(ReadNumber(section, "below", 0, max), ReadNumber(section, "above", 0, max));
        if (bound is { Below: null, Above: null } && file.Faults.Count == before)
        {
            section.Fault("below", "It must say 'below' or 'above'.");
        }

        if (bound.Below > bound.Above)
        {
            section.Fault("below", "It lies over 'above': no value would be good.");
        }

        return bound;
    }

    private QualityAnomaly? ReadAnomaly(ConfigSection check, QualityKind kind)
    {
        if (check.Find("anomaly") is not { } node)
        {
            return null;
        }

        var section = new ConfigSection(
            check.PathOf("anomaly"),
            node,
            file.Faults,
            "season",
            "periods",
            "sensitivity",
            "direction",
            "ignoreBelow",
            "level"
        );
        if (kind == QualityKind.Freshness)
        {
            check.Fault("anomaly", "A freshness has bounds only: the same hour a week ago says nothing of it.");
        }

        QualitySeason season = section.Word("season", QualitySeason.HourOfWeek);
        QualityLevel level = section.Word("level", QualityLevel.Warning);
        if (level < QualityLevel.Warning)
        {
            section.Fault("level", "It must be one of: warning, failing.");
        }

        return new QualityAnomaly(
            season,
            section.Whole("periods", season == QualitySeason.HourOfWeek ? 6 : 14, SeasonalAnomaly.HoursMin, 28)!.Value,
            ReadNumber(section, "sensitivity", 1, 100) ?? 3.5,
            section.Word("direction", kind == QualityKind.Volume ? QualityDirection.Drop : QualityDirection.Both),
            ReadNumber(section, "ignoreBelow", 0, 10) ?? 0.2,
            level
        );
    }

    private (int After, int Of) ReadOpen(ConfigSection check)
    {
        var section = new ConfigSection(check.PathOf("open"), check.Find("open"), file.Faults, "bad", "of");
        int after = section.Whole("bad", 1, 1, 24)!.Value;
        int of = section.Whole("of", after, 1, 24)!.Value;
        if (after > of)
        {
            section.Fault("bad", "There can't be more bad hours than there are hours.");
        }

        return (after, of);
    }

    private QualityObjective? ReadObjective(ConfigSection check)
    {
        if (check.Find("objective") is not { } node)
        {
            return null;
        }

        var section = new ConfigSection(check.PathOf("objective"), node, file.Faults, "target", "days");
        double? target = ReadNumber(section, "target", 0.5, 0.99999);
        if (target is null)
        {
            section.Fault("target", "It must be a share below 1: 99.5%.");
        }

        return new QualityObjective(target ?? 0.99, section.Whole("days", 28, 1, 90)!.Value);
    }

    private ImmutableArray<QualityMute> ReadMutes(ConfigSection check)
    {
        if (check.Find("mute") is not { } node)
        {
            return [];
        }

        ConfigNode[] items = node.Kind == ConfigKind.List ? [.. node.Items] : [node];
        var mutes = ImmutableArray.CreateBuilder<QualityMute>();
        foreach (ConfigNode item in items)
        {
            var section = new ConfigSection(check.PathOf("mute"), item, file.Faults, "source", "until", "why");
            string? until = section.RequiredText("until");
            string? why = section.RequiredText("why");
            if (
                DateTimeOffset.TryParse(
                    until,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                    out DateTimeOffset end
                )
            )
            {
                mutes.Add(new QualityMute(TextOf(section, "source"), end, why ?? ""));
            }
            else if (until is not null)
            {
                section.Fault("until", "It must be a time, UTC: 2026-12-01T08:00:00Z.");
            }
        }

        return mutes.ToImmutable();
    }

    private static FieldPath? ReadField(ConfigSection check, QualityKind kind)
    {
        if (check.Find("field") is null)
        {
            if (QualityKinds.HasField(kind))
            {
                check.Fault("field", "It must name the field: properties.total.");
            }

            return null;
        }

        FieldPath? path = check.RequiredText("field") is { } text ? FieldPath.Parse(text) : null;
        if (path is null || !QualityKinds.HasField(kind))
        {
            check.Fault(
                "field",
                path is null
                    ? "It must be a path below properties, traits or context: properties.total."
                    : "Such a check looks at no field."
            );
        }

        return path;
    }

    private static ImmutableArray<string> ReadValues(ConfigSection check, QualityKind kind)
    {
        ImmutableArray<string> values = ReadTexts(check, "values", ValuesMax);
        if (values.IsEmpty == (kind == QualityKind.AcceptedValues))
        {
            check.Fault("values", values.IsEmpty ? "It must name the values." : "Such a check has no values.");
        }

        return values;
    }

    private static MessageAge ReadAge(ConfigSection check, QualityKind kind)
    {
        if (check.Find("olderThan") is not { } node)
        {
            return MessageAge.OlderThanMonth;
        }

        MessageAge? age = node.Text switch
        {
            "1h" => MessageAge.OlderThanHour,
            "1d" => MessageAge.OlderThanDay,
            "30d" => MessageAge.OlderThanMonth,
            _ => null,
        };
        if (age is null || kind != QualityKind.ClockSkew)
        {
            check.Fault("olderThan", "It must be one of: 1h, 1d, 30d, and belongs to clockSkew.");
        }

        return age ?? MessageAge.OlderThanMonth;
    }

    /// <summary>A number, or a share as a percentage; null where it is missing, and after a fault.</summary>
    private static double? ReadNumber(ConfigSection section, string name, double min, double max)
    {
        if (section.Find(name) is not { } node)
        {
            return null;
        }

        bool isPercent = node.Text.EndsWith('%');
        if (
            node.Kind == ConfigKind.Text
            && decimal.TryParse(
                isPercent ? node.Text[..^1] : node.Text,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out decimal number
            )
            && (double)(isPercent ? number / 100 : number) is var value
            && value >= min
            && value <= max
        )
        {
            return value;
        }

        section.Fault(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"It must be a number from {min} to {max}, or a percentage: 99.5%."
            )
        );
        return null;
    }

    private static ImmutableArray<string> ReadTexts(ConfigSection section, string name, int max)
    {
        ImmutableArray<ConfigNode> texts = section.Texts(name);
        if (texts.Length > max)
        {
            section.Fault(name, string.Create(CultureInfo.InvariantCulture, $"There may be {max} at most."));
        }

        return [.. texts.Select(text => text.Text)];
    }

    private static string? TextOf(ConfigSection section, string name)
    {
        if (section.Find(name) is null)
        {
            return null;
        }

        string? text = section.RequiredText(name);
        if (text?.Length > TextLengthMax)
        {
            section.Fault(
                name,
                string.Create(CultureInfo.InvariantCulture, $"It has over {TextLengthMax} characters.")
            );
        }

        return text;
    }

    /// <summary>What is looked for in a message must have its bit.</summary>
    private static void CheckProbes(ConfigSection all, ImmutableSortedDictionary<string, QualityCheck>.Builder checks)
    {
        QualityCheck[] ofFields = [.. checks.Values.Where(check => QualityKinds.HasField(check.Kind))];
        int ofAll = ofFields.Count(check => check.Event is null);
        IEnumerable<int> counts = ofFields
            .Where(check => check.Event is not null)
            .CountBy(check => check.Event!)
            .Select(one => one.Value);
        if (ofAll + counts.DefaultIfEmpty().Max() > QualityPolicy.ProbesMax)
        {
            all.Fault(
                all.Line,
                "checks",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Over {QualityPolicy.ProbesMax} of them look at fields of one event."
                )
            );
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax
        && char.IsAsciiLetterLower(name[0])
        && name.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-');
}
