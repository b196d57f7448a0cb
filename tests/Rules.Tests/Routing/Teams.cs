using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Routing;

/// <summary>Teams and routing policies in a line.</summary>
internal static class Teams
{
    public static ImmutableDictionary<string, PoolLedger> NoPools => ImmutableDictionary<string, PoolLedger>.Empty;

    public static SalesPerson Person(string id, params string[] territories) =>
        new(id, WorkingCalendar.Always) { Territories = territories.ToFrozenSet() };

    public static TeamState State(params SalesPerson[] people) =>
        new(new SalesTeam(people), new Dictionary<string, int>());

    /// <summary>A policy whose owner, queue and last answer are said already.</summary>
    public static RoutingPolicy Policy(string sections)
    {
        var kind = new RoutingPolicyKind();
        string text = $"owner: {{team: ops, contact: ops}}\nqueues: [triage, overflow]\n{sections}";
        Customer360.Rules.Policies.PolicyReading<RoutingPolicy> reading = kind.ReadFile(text, SmallYaml.Instance);
        Assert.Empty(reading.Faults);
        return reading.Body!.Base;
    }

    /// <summary>Open from nine to five on weekdays, UTC.</summary>
    public static WorkingCalendar OfficeHours()
    {
        ImmutableArray<HoursSpan> day = [new HoursSpan(540, 1020)];
        return new WorkingCalendar(
            TimeZoneInfo.Utc,
            [
                [],
                day,
                day,
                day,
                day,
                day,
                [],
            ],
            ImmutableSortedDictionary<DateOnly, ImmutableArray<HoursSpan>>.Empty
        );
    }
}
