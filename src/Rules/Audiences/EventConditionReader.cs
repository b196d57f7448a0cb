using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Audiences;

/// <summary>
/// Reads the forms of conditions that only audiences have:
/// <c>{event: NAME, where?: {…}, within?: 30d, before?: 7d, since?: month, zone?: Europe/Berlin, count?|sum?|latest?|first?|mostFrequent?: {of?, OPERATOR}, ever?: false}</c>,
/// <c>page</c> and <c>screen</c> likewise; <c>{sequence: [{event}, {event, within?, without?}, {not: {event}, within}], same?, within?, …}</c>;
/// and <c>{audience: NAME}</c>.
/// </summary>
internal sealed class EventConditionReader(List<ConfigFault> faults)
{
    private const int StepsMax = 8;
    private const int NameLengthMax = 255;
    private const string Value = "value";

    private static readonly string[] s_kinds = ["event", "page", "screen"];
    private static readonly FactTest s_once = new(Value, FactOperator.AtLeast, [FactValue.Of(1m)]);
    private static readonly string[] s_window = ["within", "before", "since", "zone"];

    private static readonly (string Word, EventMeasure Measure)[] s_measures =
    [
        ("count", EventMeasure.Count),
        ("sum", EventMeasure.Sum),
        ("latest", EventMeasure.Latest),
        ("first", EventMeasure.First),
        ("mostFrequent", EventMeasure.MostFrequent),
    ];

    /// <summary>The forms, for <see cref="ConditionReader"/>.</summary>
    public ImmutableArray<ConditionForm> Forms =>
        [
            new("sequence", ReadSequence),
            new("audience", ReadAudience),
            .. s_kinds.Select(kind => new ConditionForm(kind, ReadEvent)),
        ];

    /// <summary>What a computed trait is worked out of: <c>{event, where?, of?, within?, …}</c>.</summary>
    public EventValue? ReadValue(ConfigNode node, string path, EventMeasure measure)
    {
        int before = faults.Count;
        var section = new ConfigSection(path, node, faults, [.. s_kinds, "where", "of", .. s_window]);
        string? of = ReadOf(section, measure);
        EventSelector? selector = ReadSelector(section, measure, of);
        EventWindow window = ReadWindow(section);
        return faults.Count == before ? new EventValue(selector!, window, measure) : null;
    }

    private EventTest? ReadEvent(ConfigNode node, string path)
    {
        int before = faults.Count;
        var section = new ConfigSection(
            path,
            node,
            faults,
            [.. s_kinds, "where", .. s_window, .. s_measures.Select(one => one.Word), "ever"]
        );
        (string Word, EventMeasure Measure)[] measures =
        [
            .. s_measures.Where(one => section.Find(one.Word) is not null),
        ];
        if (measures.Length > 1)
        {
            section.Fault(measures[1].Word, "One thing is compared in a condition.");
        }

        (string word, EventMeasure measure) = measures.Length == 0 ? ("count", EventMeasure.Count) : measures[0];
        ConfigNode? compared = section.Find(word);
        string? of = compared is null
            ? null
            : ReadOf(new ConfigSection(section.PathOf(word), compared, faults), measure);
        EventSelector? selector = ReadSelector(section, measure, of);
        EventWindow window = ReadWindow(section);
        FactTest? test = compared is null ? s_once : ReadTest(compared, section.PathOf(word), measure);
        bool countsNever = !section.Flag("ever", otherwise: true);
        return faults.Count == before
            ? new EventTest(new EventValue(selector!, window, measure), test!, countsNever)
            : null;
    }

    private SequenceTest? ReadSequence(ConfigNode node, string path)
    {
        int before = faults.Count;
        var section = new ConfigSection(path, node, faults, ["sequence", "same", .. s_window]);
        ConfigNode list = section.Find("sequence")!;
        if (list.Kind != ConfigKind.List || list.Items.Length is < 2 or > StepsMax)
        {
            section.Fault(
                "sequence",
                string.Create(CultureInfo.InvariantCulture, $"It must be a list of 2 to {StepsMax} steps.")
            );
            return null;
        }

        string? same = section.Find("same") is null ? null : section.RequiredText("same");
        var steps = ImmutableArray.CreateBuilder<SequenceStep>(list.Items.Length);
        for (int index = 0; index < list.Items.Length; index++)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{section.PathOf("sequence")}[{index}]");
            if (ReadStep(list.Items[index], place, same, index, index == list.Items.Length - 1) is { } step)
            {
                steps.Add(step);
            }
        }

        EventWindow window = ReadWindow(section);
        return faults.Count == before ? new SequenceTest(steps.ToImmutable(), window, same is not null) : null;
    }

    private SequenceStep? ReadStep(ConfigNode node, string path, string? same, int index, bool isLast)
    {
        int before = faults.Count;
        var section = new ConfigSection(path, node, faults, [.. s_kinds, "where", "not", "within", "without"]);
        ConfigNode? not = section.Find("not");
        if (not is not null && (!isLast || index == 0 || section.Find("within") is null))
        {
            section.Fault(
                "not",
                "Only the last step may be one that does not happen, and it must say within which time."
            );
        }

        if (index == 0 && (section.Find("within") is not null || section.Find("without") is not null))
        {
            section.Fault("sequence", "The first step follows none: within and without are for those behind it.");
        }

        EventSelector? selector = ReadSelector(
            not is null ? section : new ConfigSection(section.PathOf("not"), not, faults, [.. s_kinds, "where"]),
            EventMeasure.Latest,
            same
        );
        EventSelector? without = section.Find("without") is { } other
            ? ReadSelector(
                new ConfigSection(section.PathOf("without"), other, faults, [.. s_kinds, "where"]),
                EventMeasure.Latest,
                same
            )
            : null;
        TimeSpan? within = Durations.Read(section, "within");
        return faults.Count == before ? new SequenceStep(selector!, within, without, not is not null) : null;
    }

    private AudienceTest? ReadAudience(ConfigNode node, string path)
    {
        var section = new ConfigSection(path, node, faults, "audience");
        return section.RequiredText("audience") is { } name ? new AudienceTest(name) : null;
    }

    private EventSelector? ReadSelector(ConfigSection section, EventMeasure measure, string? of)
    {
        string[] kinds = [.. s_kinds.Where(kind => section.Find(kind) is not null)];
        if (kinds.Length != 1)
        {
            section.Fault("event", "It must name one event, page or screen.");
            return null;
        }

        string? name = section.RequiredText(kinds[0]);
        if (name is { Length: > NameLengthMax })
        {
            section.Fault(
                kinds[0],
                string.Create(CultureInfo.InvariantCulture, $"It has over {NameLengthMax} characters.")
            );
        }

        Condition? where = section.Find("where") is { } node
            ? new ConditionReader(LeadFacts.Properties, faults).Read(node, section.PathOf("where"))
            : Condition.Always;
        if (name is null || where is null)
        {
            return null;
        }

        EventKind kind = kinds[0] switch
        {
            "page" => EventKind.Page,
            "screen" => EventKind.Screen,
            _ => EventKind.Track,
        };
        return new EventSelector(
            kind,
            name,
            where,
            measure == EventMeasure.Sum ? of : null,
            measure >= EventMeasure.Latest ? of : null
        );
    }

    /// <summary>The property that is looked at; a count has none, all others need one.</summary>
    private static string? ReadOf(ConfigSection section, EventMeasure measure)
    {
        if (measure != EventMeasure.Count)
        {
            return section.RequiredText("of");
        }

        if (section.Find("of") is not null)
        {
            section.Fault("of", "A count looks at no property; 'where' says which events count.");
        }

        return null;
    }

    private FactTest? ReadTest(ConfigNode node, string path, EventMeasure measure)
    {
        var fact = new ConfigMember("fact", node.Line, new ConfigNode(ConfigKind.Text, node.Line) { Text = Value });
        ConfigNode asTest = node with { Members = [fact, .. node.Members.Where(member => member.Name != "of")] };
        FactKind kind = measure <= EventMeasure.Sum ? FactKind.Number : FactKind.Text;
        return new ConditionReader(new FactCatalog([new(Value, kind)], open: null), faults).Read(asTest, path)
            as FactTest;
    }

    private static EventWindow ReadWindow(ConfigSection section)
    {
        TimeSpan? within = Durations.Read(section, "within");
        TimeSpan? before = Durations.Read(section, "before");
        if (before is { } least && within is { } most && least >= most)
        {
            section.Fault("before", "It must be shorter than 'within', or nothing is between them.");
        }

        if (section.Find("since") is null)
        {
            if (section.Find("zone") is not null)
            {
                section.Fault("zone", "It is for windows of the calendar: 'since'.");
            }

            return within is null && before is null
                ? EventWindow.Ever
                : new EventWindow(within, before ?? TimeSpan.Zero, null, TimeZoneInfo.Utc);
        }

        if (within is not null || before is not null)
        {
            section.Fault("since", "A window of the calendar has no other limits.");
        }

        CalendarPeriod period = section.Word("since", CalendarPeriod.Day);
        TimeZoneInfo zone = TimeZoneInfo.Utc;
        if (section.Find("zone") is null)
        {
            section.Fault("zone", "A window of the calendar must say in which time zone: Europe/Berlin.");
        }
        else if (section.RequiredText("zone") is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!))
        {
            section.Fault("zone", "There is no such time zone. Name one as Europe/Berlin.");
            zone = TimeZoneInfo.Utc;
        }

        return new EventWindow(null, TimeSpan.Zero, period, zone);
    }
}
