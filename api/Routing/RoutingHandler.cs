using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Policies;
using Customer360.Api.Problems;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Routing;

/// <summary><c>POST /v1/routing:decide</c>: who would get a lead of these facts, with every rule and why it counted or not.</summary>
/// <remarks>Nothing is dealt, stored or told to anybody. Pools answer as if they had dealt nothing yet.</remarks>
internal sealed class RoutingHandler(
    IPolicy<RoutingPolicy> policy,
    IPolicy<SalesTeam> team,
    RoutingPolicyKind policyKind,
    SalesTeamKind teamKind,
    IConfigFormat format,
    TimeProvider time
)
{
    public async Task<Results<Answer<RawJson<RoutingAnswer>>, ProblemResult>> Decide(HttpRequest request)
    {
        Outcome<RoutingBody> asked = await RoutingBody.ReadAsync(request);
        if (!asked.Succeeded)
        {
            return new ProblemResult(asked.Refusal);
        }

        Outcome<ReadOnlyMemory<byte>> decided = DryRun(asked.Value);
        return decided.Succeeded
            ? new Answer<RawJson<RoutingAnswer>>(new(decided.Value))
            : new ProblemResult(decided.Refusal);
    }

    /// <summary>The decision as JSON (<see cref="RoutingAnswer"/>).</summary>
    public Outcome<ReadOnlyMemory<byte>> DryRun(RoutingBody body)
    {
        Outcome<PolicyBody<RoutingPolicy>> rules = Read(policyKind, policy, body.Policy);
        if (!rules.Succeeded)
        {
            return rules.Refusal;
        }

        Outcome<PolicyBody<SalesTeam>> people = Read(teamKind, team, body.Team);
        if (!people.Succeeded)
        {
            return people.Refusal;
        }

        DateTimeOffset at = body.At ?? time.GetUtcNow();
        RoutingDecision decision = Router.Decide(
            rules.Value.Base,
            body.Facts,
            new TeamState(people.Value.Base, body.OpenLeads),
            ImmutableDictionary<string, PoolLedger>.Empty,
            at,
            body.Excluded
        );
        return Render(decision, rules.Value.Version, people.Value.Version);
    }

    /// <summary>What is in force, or the file that the caller proposes.</summary>
    private Outcome<PolicyBody<T>> Read<T>(PolicyKind<T> kind, IPolicy<T> inForce, string? proposed)
        where T : class
    {
        if (proposed is null)
        {
            return inForce.InForce.Body;
        }

        PolicyReading<T> reading = kind.ReadFile(proposed, format);
        return reading is { IsValid: true, Body: { } body } ? body : new PolicyInvalid(reading.Faults);
    }

    private static ReadOnlyMemory<byte> Render(RoutingDecision decision, string policyVersion, string teamVersion)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("policyVersion"u8, policyVersion);
            writer.WriteString("teamVersion"u8, teamVersion);
            writer.WriteTime("at"u8, decision.At);
            writer.WritePropertyName("decision"u8);
            decision.Trace().WriteJson(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
