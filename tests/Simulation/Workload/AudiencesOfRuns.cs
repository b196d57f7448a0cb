using Customer360.Rules.Audiences;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Simulation.Workload;

/// <summary>The audiences of runs that have some: a count, a sequence, a window, a trait, a consent, and one that is made of others.</summary>
internal static class AudiencesOfRuns
{
    /// <summary>How long after the first event of the sequence the second may come.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(30);

    /// <summary>How long an event counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private const string Yaml = """
        owner: {team: simulation, contact: simulation}
        audiences:
          - name: many-alone
            purpose: profiling
            if: {all: [{audience: many}, {not: {audience: followed}}]}
          - name: many
            purpose: profiling
            if: {event: event 1, count: {atLeast: 2}}
          - name: followed
            purpose: profiling
            if: {sequence: [{event: event 1}, {event: event 2, within: 30m}]}
          - name: recent
            purpose: profiling
            if: {event: event 0, within: 1h}
          - name: third-plan
            purpose: profiling
            if: {fact: custom.plan, equals: plan 2}
          - name: agreed
            purpose: profiling
            if: {fact: consent.profiling, equals: granted}
        examples:
          - input: {events: [{event: event 1}, {event: event 1}]}
            expect: {in: [many, many-alone]}
        """;

    private static readonly FixedPolicy<AudiencePolicy> s_policy = Read();

    public static void AddTo(IServiceCollection services) => services.AddSingleton<IPolicy<AudiencePolicy>>(s_policy);

    private static FixedPolicy<AudiencePolicy> Read()
    {
        PolicyReading<AudiencePolicy> reading = PolicyServices.KnownKinds().Read<AudiencePolicy>(Yaml);
        return reading is { IsValid: true, Body: { } body }
            ? new FixedPolicy<AudiencePolicy>(body.Base, body.Version)
            : throw new InvalidOperationException(string.Join('\n', reading.Faults));
    }
}
