using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Retention;

/// <summary>
/// <c>retention.yaml</c>: <c>deadlines: {default, access, erasure, …}</c>, asked when a request begins, and <c>messages:
/// {default, kinds, events}</c>, asked when the log is trimmed; all in days.
/// </summary>
public sealed class RetentionPolicyKind() : PolicyKind<RetentionPolicy>(KindName, "deadlines:\n  default: 30\n")
{
    public const string KindName = "retention";

    private const string Deadlines = "deadlines";
    private const string Default = "default";

    public override ImmutableArray<string> Overridable => [MessageRetentionReader.Messages];

    protected override RetentionPolicy? Read(PolicyFile file)
    {
        ConfigSection root = file.Section(Deadlines, MessageRetentionReader.Messages);
        var deadlines = new ConfigSection(
            Deadlines,
            root.Find(Deadlines),
            file.Faults,
            [Default, .. RetentionPolicy.Kinds]
        );
        int standard = Days(deadlines, Default);
        var days = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (ConfigMember member in deadlines.Members.Where(member => member.Name != Default))
        {
            days[member.Name] = Days(deadlines, member.Name);
        }

        MessageRetention messages = new MessageRetentionReader(file.Faults).Read(root);
        return file.Faults.Count > 0 ? null : new RetentionPolicy(standard, days.ToImmutable()) { Messages = messages };
    }

    protected override void Write(Utf8JsonWriter writer, RetentionPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(Deadlines);
        writer.WriteNumber(Default, policy.DefaultDays);
        foreach ((string kind, int days) in policy.Days)
        {
            writer.WriteNumber(kind, days);
        }

        writer.WriteEndObject();
        if (!policy.Messages.IsEmpty)
        {
            MessageRetentionReader.Write(writer, policy.Messages);
        }

        writer.WriteEndObject();
    }

    /// <summary>
    /// <c>input: {request}</c>, a kind of request → <c>expect: {days}</c>; or <c>input: {kind, event?, class?}</c>, a message or its
    /// fields of a class → <c>expect: {days, rule}</c>, where days may be <c>keep</c>.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(RetentionPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("request", "kind", "event", "class");
        return input.Find("kind") is null ? DecideRequest(policy, input) : DecideMessage(policy.Messages, input);
    }

    private static Dictionary<string, string> DecideRequest(RetentionPolicy policy, ConfigSection input)
    {
        string request = input.RequiredText("request") ?? "";
        if (request.Length > 0 && !RetentionPolicy.Kinds.Contains(request, StringComparer.Ordinal))
        {
            input.Fault(
                "request",
                $"There is no such kind of request. Known: {string.Join(", ", RetentionPolicy.Kinds)}."
            );
        }

        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["days"] = policy.DaysFor(request).ToString(CultureInfo.InvariantCulture),
        };
    }

    private static Dictionary<string, string> DecideMessage(MessageRetention messages, ConfigSection input)
    {
        EventKind? kind = MessageRetentionReader.KindOf(input.RequiredText("kind") ?? "");
        if (kind is null)
        {
            input.Fault("kind", MessageRetentionReader.UnknownKind);
        }

        string? name = input.Find("event") is { IsNothing: false } named ? named.Text : null;
        FieldClass? of = null;
        if (input.Find("class") is { IsNothing: false } classed)
        {
            of = MessageRetentionReader.ClassOf(classed.Text);
            if (of is null)
            {
                input.Fault("class", MessageRetentionReader.UnknownClass);
            }
        }

        RetentionTerm? whole = messages.TermOf(kind ?? EventKind.Track, name);
        RetentionTerm? fields = of is { } one ? messages.TermOf(kind ?? EventKind.Track, name, one) : null;
        // Fields go with their message at the latest.
        RetentionTerm? first = fields is null || (whole is not null && whole.Days < fields.Days) ? whole : fields;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["days"] = first?.Days.ToString(CultureInfo.InvariantCulture) ?? MessageRetentionReader.Keep,
            ["rule"] = first?.Rule ?? "",
        };
    }

    private static int Days(ConfigSection deadlines, string name) =>
        deadlines.Whole(name, RetentionPolicy.DefaultDaysBuiltIn, 1, RetentionPolicy.DaysMax)!.Value;
}
