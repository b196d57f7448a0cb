using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;
using Customer360.Silo.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Simulation.Workload;

/// <summary>
/// The policies of runs that keep leads. One event in a few brings a lead to sales, who are three people of different weights: one pool
/// deals all, and one of the three has few places.
/// </summary>
internal static class SalesPolicies
{
    public const string Pool = "all";

    public static readonly string[] People = ["ann", "bob", "cy"];

    private const string Owner = "owner: {team: simulation, contact: simulation}\n";

    private const string Lifecycle =
        Owner
        + """
            begins: {fact: email, exists: true}
            stages: [lead, mql, sal]
            exits: {disqualified: [spam]}
            route: [mql]
            reject: [not-mine]
            moves:
              - {name: hot, from: [lead], to: mql, if: {fact: score, atLeast: 40}}
            examples:
              - input: {stage: lead, lead: {score: 50}}
                expect: {stage: mql}
            """;

    private const string Scoring =
        Owner
        + """
            groups: {intent: {max: 100}}
            rules:
              - {name: demo, group: intent, points: 50, event: event 1, countMax: 1}
              - {name: call, group: intent, points: 45, event: event 2, countMax: 1}
            tiers: {hot: 40}
            examples:
              - input: {events: [{event: event 1}]}
                expect: {points: 50}
            """;

    private const string Routing =
        Owner
        + """
            queues: [overflow]
            pools:
              all: {members: [ann, bob, cy]}
            answers:
              duplicate: continue
              openOpportunity: continue
              territoryMissing: continue
              ownerAway: {queue: overflow}
              noCapacity: {queue: overflow}
              outsideHours: assign
              otherwise: {queue: overflow}
            sla: {minutes: 100000}
            rules:
              - name: demo
                if: {fact: stage, equals: mql}
                then: {pool: all}
                examples: [{facts: {stage: mql}, fires: true}]
            examples:
              - input: {lead: {stage: mql}}
                expect: {to: person ann}
            """;

    private const string Team =
        Owner
        + """
            calendars:
              all:
                zone: Etc/UTC
                week: {sun: ["00:00-24:00"], mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"]}
            people:
              ann: {calendar: all, weight: 2}
              bob: {calendar: all, capacity: 1}
              cy: {calendar: all}
            examples:
              - input: {person: ann, at: "2026-11-27T09:00:00Z"}
                expect: {availability: available}
            """;

    private static readonly PolicyKinds s_kinds = PolicyServices.KnownKinds();
    private static readonly FixedPolicy<LifecyclePolicy> s_lifecycle = Read<LifecyclePolicy>(Lifecycle);
    private static readonly FixedPolicy<ScoringPolicy> s_scoring = Read<ScoringPolicy>(Scoring);
    private static readonly FixedPolicy<RoutingPolicy> s_routing = Read<RoutingPolicy>(Routing);
    private static readonly FixedPolicy<SalesTeam> s_team = Read<SalesTeam>(Team);

    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IPolicy<LifecyclePolicy>>(s_lifecycle);
        services.AddSingleton<IPolicy<ScoringPolicy>>(s_scoring);
        services.AddSingleton<IPolicy<RoutingPolicy>>(s_routing);
        services.AddSingleton<IPolicy<SalesTeam>>(s_team);
    }

    private static FixedPolicy<T> Read<T>(string yaml)
        where T : class
    {
        PolicyReading<T> reading = s_kinds.Read<T>(yaml);
        return reading is { IsValid: true, Body: { } body }
            ? new FixedPolicy<T>(body.Base, body.Version)
            : throw new InvalidOperationException(string.Join('\n', reading.Faults));
    }
}
