using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Privacy;

/// <summary><c>retention.yaml</c>: <c>deadlines: {default, access, erasure, …}</c> in days. It is asked when a request begins.</summary>
public sealed class RetentionPolicyKind() : PolicyKind<RetentionPolicy>(KindName, "deadlines:\n  default: 30\n")
{
    public const string KindName = "retention";

    private const string Deadlines = "deadlines";
    private const string Default = "default";

    protected override RetentionPolicy? Read(PolicyFile file)
    {
        ConfigSection root = file.Section(Deadlines);
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

        return file.Faults.Count > 0 ? null : new RetentionPolicy(standard, days.ToImmutable());
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
        writer.WriteEndObject();
    }

    /// <summary><c>input: {request}</c>, a kind of request → <c>expect: {days}</c>.</summary>
    protected override IReadOnlyDictionary<string, string> Decide(RetentionPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("request");
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

    private static int Days(ConfigSection deadlines, string name) =>
        deadlines.Whole(name, RetentionPolicy.DefaultDaysBuiltIn, 1, RetentionPolicy.DaysMax)!.Value;
}
