using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Routing;

/// <summary>
/// The team of an example: whoever the policy or the lead names, with every skill and the lead's territory, at work at any time; but
/// those of whom the example says otherwise.
/// </summary>
internal sealed class ExampleTeam
{
    public ExampleTeam(RoutingPolicy policy, FactSet facts, ConfigSection input, DateTimeOffset at)
    {
        HashSet<string> onLeave = Names(input, "onLeave");
        HashSet<string> inactive = Names(input, "inactive");
        HashSet<string> full = Names(input, "full");
        HashSet<string> outside = Names(input, "outsideHours");
        FrozenSet<string> skills = policy.Pools.SelectMany(pool => pool.Skills).ToFrozenSet(StringComparer.Ordinal);
        FrozenSet<string> territories = facts[RoutingFacts.Territory] is { Kind: FactKind.Text } territory
            ? [territory.Text]
            : [];
        WorkingCalendar closed = ClosedUntil(at);
        IEnumerable<string> people = policy
            .Rules.Select(rule => rule.Then)
            .Concat(Enum.GetValues<RoutingSituation>().Select(policy.Answers.Of))
            .Where(action => action.Kind == RoutingActionKind.Owner)
            .Select(action => action.Name)
            .Concat(policy.Pools.SelectMany(pool => pool.Members))
            .Concat(
                new[] { RoutingFacts.AccountOwner, RoutingFacts.OpportunityOwner, RoutingFacts.DuplicateOwner }
                    .Select(fact => facts[fact])
                    .Where(value => value.Kind == FactKind.Text)
                    .Select(value => value.Text)
            )
            .Concat(Names(input, "people"))
            .Distinct(StringComparer.Ordinal);
        var team = new SalesTeam(
            people.Select(id => new SalesPerson(id, outside.Contains(id) ? closed : WorkingCalendar.Always)
            {
                IsActive = !inactive.Contains(id),
                Leave = onLeave.Contains(id) ? [new LeaveSpan(at, at.AddDays(1))] : [],
                Capacity = full.Contains(id) ? 0 : null,
                Skills = skills,
                Territories = territories,
            })
        );
        State = new TeamState(team, ImmutableDictionary<string, int>.Empty);
    }

    public TeamState State { get; }

    private static HashSet<string> Names(ConfigSection input, string name) =>
        input.Texts(name).Select(text => text.Text).ToHashSet(StringComparer.Ordinal);

    /// <summary>A calendar of somebody who does not work on that day, but on the next.</summary>
    private static WorkingCalendar ClosedUntil(DateTimeOffset at) =>
        new(
            WorkingCalendar.Always.Zone,
            WorkingCalendar.Always.Week,
            ImmutableSortedDictionary<DateOnly, ImmutableArray<HoursSpan>>.Empty.Add(
                DateOnly.FromDateTime(at.UtcDateTime),
                []
            )
        );
}
