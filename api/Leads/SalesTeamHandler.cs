using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Policies;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Leads;

/// <summary>
/// <c>/v1/sales-team</c>: the directory of sales people as it is now. It is the policy <c>sales-team</c>, so a change of it is a change of
/// that policy.
/// </summary>
internal sealed class SalesTeamHandler(
    IGrainFactory grains,
    IPolicy<SalesTeam> team,
    PoliciesHandler policies,
    TimeProvider time
)
{
    /// <summary>The name of the policy.</summary>
    private const string Kind = "sales-team";

    private const int AtOnce = 100;

    public async Task<Answer<SalesTeamAnswer>> Get()
    {
        DateTimeOffset at = time.GetUtcNow();
        SalesTeam current = team.Current;
        List<SalesPersonAnswer> people = new(current.People.Length);
        foreach (SalesPerson[] some in current.People.Chunk(AtOnce))
        {
            int[] open = await Task.WhenAll(
                some.Select(async person => (await grains.GetGrain<ISalesPersonGrain>(person.Id).GetLeads()).Length)
            );
            people.AddRange(some.Zip(open).Select(one => SalesPersonAnswer.From(one.First, one.Second, at)));
        }

        return new Answer<SalesTeamAnswer>(new SalesTeamAnswer(people));
    }

    public Task<Results<Answer<PolicyAnswer>, AcceptedAnswer<PolicyProposalAnswer>, ProblemResult>> Put(
        HttpRequest request,
        CallerName caller
    ) => policies.Put(Kind, request, caller);
}

/// <summary>The directory of sales people.</summary>
/// <param name="People">By id.</param>
public sealed record SalesTeamAnswer(IReadOnlyList<SalesPersonAnswer> People);

/// <summary>Somebody who takes leads.</summary>
public sealed record SalesPersonAnswer
{
    /// <summary>As the CRM's owner field has it.</summary>
    public required string Person { get; init; }

    /// <summary>Now: <c>available</c>, <c>inactive</c>, <c>onLeave</c>, <c>full</c> or <c>outsideHours</c>.</summary>
    public required string Availability { get; init; }

    /// <summary>When the person's hours begin, UTC; now, where they are open. Null: not within ten years.</summary>
    public required DateTime? Opens { get; init; }

    public required int OpenLeads { get; init; }

    /// <summary>Open leads at most; null: any number.</summary>
    public required int? Capacity { get; init; }

    /// <summary>The share of a pool's leads, against the others' weights.</summary>
    public required int Weight { get; init; }

    public required IReadOnlyList<string> Skills { get; init; }

    public required IReadOnlyList<string> Territories { get; init; }

    /// <summary>Who is told when a lead is late; null: nobody.</summary>
    public required string? Manager { get; init; }

    /// <summary>IANA time zone of the hours.</summary>
    public required string Zone { get; init; }

    public required IReadOnlyList<LeaveAnswer> Leave { get; init; }

    internal static SalesPersonAnswer From(SalesPerson person, int openLeads, DateTimeOffset at)
    {
        var state = new TeamState(
            new SalesTeam([person]),
            new Dictionary<string, int>(StringComparer.Ordinal) { [person.Id] = openLeads }
        );
        return new SalesPersonAnswer
        {
            Person = person.Id,
            Availability = JsonNamingPolicy.CamelCase.ConvertName(state.AvailabilityOf(person, at).ToString()),
            Opens = person.Calendar.NextOpening(at)?.UtcDateTime,
            OpenLeads = openLeads,
            Capacity = person.Capacity,
            Weight = person.Weight,
            Skills = [.. person.Skills.Order(StringComparer.Ordinal)],
            Territories = [.. person.Territories.Order(StringComparer.Ordinal)],
            Manager = person.Manager,
            Zone = person.Calendar.Zone.Id,
            Leave = [.. person.Leave.Select(span => new LeaveAnswer(span.From.UtcDateTime, span.Until.UtcDateTime))],
        };
    }
}

/// <summary>Days off.</summary>
/// <param name="From">UTC.</param>
/// <param name="Until">UTC; not in it.</param>
public sealed record LeaveAnswer(DateTime From, DateTime Until);
