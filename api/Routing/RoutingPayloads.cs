using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Customer360.Api.Http;

namespace Customer360.Api.Routing;

/// <summary>The shape of a dry decision, which the rules write.</summary>
/// <param name="PolicyVersion">The version of <c>routing.yaml</c> that decided.</param>
/// <param name="TeamVersion">The version of <c>sales-team.yaml</c> that was asked.</param>
/// <param name="At">As of when, UTC.</param>
/// <param name="Decision">Who gets the lead, and why.</param>
public sealed record RoutingAnswer(
    string PolicyVersion,
    string TeamVersion,
    DateTime At,
    RoutingDecisionAnswer Decision
);

/// <summary>Who gets a lead. What does not apply is left out.</summary>
public sealed record RoutingDecisionAnswer
{
    /// <summary><c>assigned</c>, <c>queued</c> or <c>held</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Who has it, or will have it where it waits for that person.</summary>
    public string? Person { get; init; }

    /// <summary>The pool that dealt it.</summary>
    public string? Pool { get; init; }

    /// <summary>Why it is that person's turn: <c>onlyOne</c>, <c>earliestDeadline</c>, <c>mostOwed</c>, <c>longestAgo</c> or <c>firstId</c>.</summary>
    public string? Turn { get; init; }

    public string? Queue { get; init; }

    /// <summary>Until when it waits, UTC.</summary>
    public DateTime? HeldUntil { get; init; }

    /// <summary>The rule that decided; left out where the answer to a situation did.</summary>
    public string? Rule { get; init; }

    /// <summary>The situations that the policy answered, in order.</summary>
    public required IReadOnlyList<RoutingSituationAnswer> Answers { get; init; }

    /// <summary>Every rule in its order, with the values that were compared.</summary>
    public required IReadOnlyList<RoutingRuleAnswer> Rules { get; init; }
}

/// <summary>A situation and the policy's answer to it.</summary>
/// <param name="Situation"><c>duplicate</c>, <c>openOpportunity</c>, <c>territoryMissing</c>, <c>ownerAway</c>, <c>noCapacity</c>, <c>outsideHours</c> or <c>otherwise</c>.</param>
/// <param name="Answer">The action.</param>
/// <param name="Name">The owner, pool or queue that it names.</param>
/// <param name="Person">Of whom it is.</param>
/// <param name="Because">Why that person can't have it: <c>unknown</c>, <c>inactive</c>, <c>onLeave</c>, <c>full</c> or <c>outsideHours</c>.</param>
public sealed record RoutingSituationAnswer(
    string Situation,
    string Answer,
    string? Name,
    string? Person,
    string? Because
);

/// <summary>A rule and what became of it.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Outcome"><c>fired</c>, <c>false</c>, <c>unknown</c>, <c>noOwner</c> or <c>notAsked</c>.</param>
/// <param name="If">Its condition: <c>form</c>, <c>outcome</c>, and <c>parts</c> or <c>fact</c>, <c>wanted</c>, <c>actual</c>, <c>because</c>.</param>
public sealed record RoutingRuleAnswer(string Rule, string Outcome, JsonObject If);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RawJson<RoutingAnswer>))]
[JsonSerializable(typeof(RoutingAnswer))]
[JsonSerializable(typeof(BackTestDifferences))]
[JsonSerializable(typeof(BackTestDifference))]
internal sealed partial class RoutingJson : JsonSerializerContext;
