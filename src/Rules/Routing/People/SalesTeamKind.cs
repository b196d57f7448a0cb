using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Routing;

/// <summary><c>sales-team.yaml</c>: who takes leads, how many, for what, and when they work. Routing asks it for each lead.</summary>
public sealed class SalesTeamKind() : PolicyKind<SalesTeam>(KindName, BuiltInFile)
{
    public const string KindName = "sales-team";

    /// <summary>Nobody; the hours are for whoever is added first.</summary>
    private const string BuiltInFile = """
        calendars:
          office: {zone: UTC, week: {mon: ["09:00-17:00"], tue: ["09:00-17:00"], wed: ["09:00-17:00"], thu: ["09:00-17:00"], fri: ["09:00-17:00"]}}
        people: {}
        """;

    /// <summary>Thousands of people, with their leave.</summary>
    public override int CharactersMax => 2 * 1024 * 1024;

    protected override SalesTeam? Read(PolicyFile file)
    {
        (SalesTeam? team, var faults) = SalesTeamReader.Read(file.Root);
        file.Faults.AddRange(faults);
        return team;
    }

    protected override void Write(Utf8JsonWriter writer, SalesTeam policy) => SalesTeamJson.Write(writer, policy);

    /// <summary>
    /// <c>input: {person, at, openLeads?}</c> → <c>expect: {availability, opens}</c>: <c>available</c>, <c>inactive</c>, <c>onLeave</c>,
    /// <c>full</c>, <c>outsideHours</c> or <c>unknown</c>, and when the person works next, in UTC; empty where that is never.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(SalesTeam policy, PolicyExample example)
    {
        ConfigSection input = example.Section("person", "at", "openLeads");
        string id = input.RequiredText("person") ?? "";
        DateTimeOffset at = ExampleFacts.ReadTime(input, "at") ?? DateTimeOffset.UnixEpoch;
        int open = input.Whole("openLeads", 0, 0, SalesTeamReader.CapacityMax) ?? 0;
        SalesPerson? person = policy.Find(id);
        var state = new TeamState(policy, new Dictionary<string, int>(StringComparer.Ordinal) { [id] = open });
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["availability"] = JsonNamingPolicy.CamelCase.ConvertName(state.AvailabilityOf(person, at).ToString()),
            ["opens"] =
                person
                    ?.Calendar.NextOpening(at)
                    ?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
                ?? "",
        };
    }
}
