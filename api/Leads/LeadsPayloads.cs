using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Customer360.Api.Http;
using Customer360.Grains.Contracts;
using Customer360.Rules.Leads;

namespace Customer360.Api.Leads;

/// <summary>A page of leads.</summary>
/// <param name="Leads">The newest first.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record LeadsAnswer(IReadOnlyList<LeadRowAnswer> Leads, string? Next);

/// <summary>A lead in a list.</summary>
/// <param name="LeadId">Its id.</param>
/// <param name="CustomerId">Whose it was when it was last looked at.</param>
/// <param name="Stage">Of the lifecycle.</param>
/// <param name="Status"><c>new</c>, <c>held</c>, <c>queued</c>, <c>offered</c>, <c>accepted</c>, <c>rejected</c>, <c>timedOut</c>, <c>closed</c> or <c>duplicate</c>.</param>
/// <param name="Owner">Who has it; null: nobody.</param>
/// <param name="Queue">The queue that it lies in; null: none.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="DueAt">When its time is over, UTC; null: no clock runs.</param>
public sealed record LeadRowAnswer(
    string LeadId,
    string CustomerId,
    string Stage,
    string Status,
    string? Owner,
    string? Queue,
    DateTime CreatedAt,
    DateTime? DueAt
)
{
    internal static LeadRowAnswer From(LeadListRow row) =>
        new(
            row.LeadId,
            row.CustomerId,
            row.Stage,
            row.Status,
            row.OwnerId,
            row.Queue,
            row.CreatedAt.UtcDateTime,
            row.DueAt?.UtcDateTime
        );
}

/// <summary>A lead: where it stands, who had it, and what happened.</summary>
public sealed record LeadAnswer
{
    public required string LeadId { get; init; }

    /// <summary>Whose it was when it was last looked at.</summary>
    public required string CustomerId { get; init; }

    /// <summary>Of the lifecycle.</summary>
    public required string Stage { get; init; }

    /// <summary>As in lists.</summary>
    public required string Status { get; init; }

    public required string? Owner { get; init; }

    public required string? Queue { get; init; }

    public required decimal Score { get; init; }

    public required string? Tier { get; init; }

    /// <summary>The lead that it doubles; null: none.</summary>
    public required string? DuplicateOf { get; init; }

    /// <summary>Of a closed lead: why.</summary>
    public required string? ClosedCode { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Until when it waits for somebody's hours, UTC; null: it does not.</summary>
    public required DateTime? HeldUntil { get; init; }

    /// <summary>What was said of its stages, by time.</summary>
    public required IReadOnlyList<LeadStageAnswer> Stages { get; init; }

    /// <summary>Each time that it was given to somebody, in order.</summary>
    public required IReadOnlyList<LeadHandoffAnswer> Handoffs { get; init; }

    /// <summary>What happened, in order.</summary>
    public required IReadOnlyList<LeadEventAnswer> Events { get; init; }

    internal static LeadAnswer From(LeadFile file) =>
        new()
        {
            LeadId = file.Lead.LeadId,
            CustomerId = file.CustomerId,
            Stage = file.Stage,
            Status = file.Lead.DuplicateOf is null ? LeadFileRules.WordOf(file.Lead.Status) : "duplicate",
            Owner = file.Lead.OwnerId,
            Queue = file.Lead.Status == LeadStatus.Queued ? file.Lead.Queue : null,
            Score = file.Score,
            Tier = file.Tier,
            DuplicateOf = file.Lead.DuplicateOf?.LeadId,
            ClosedCode = file.Lead.ClosedCode,
            CreatedAt = file.Lead.CreatedAt.UtcDateTime,
            HeldUntil = file.Lead.Status == LeadStatus.Held ? file.Lead.HeldUntil?.UtcDateTime : null,
            Stages = [.. file.History.Entries.Select(LeadStageAnswer.From)],
            Handoffs = [.. file.Lead.Handoffs.Select(LeadHandoffAnswer.From)],
            Events = [.. file.Events.Select(LeadEventAnswer.From)],
        };
}

/// <summary>Somebody said that the lead entered a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="At">UTC.</param>
/// <param name="By">The move of the policy, the CRM or the person; empty: it began there.</param>
/// <param name="Code">Of an exit: why.</param>
public sealed record LeadStageAnswer(string Stage, DateTime At, string By, string? Code)
{
    internal static LeadStageAnswer From(StageEntry entry) =>
        new(entry.Stage, entry.At.UtcDateTime, entry.By, entry.Code);
}

/// <summary>One time that the lead was given to somebody.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="Person">Who.</param>
/// <param name="Rule">The rule; empty where an answer or a person chose.</param>
/// <param name="By"><c>routing</c>, or who gave it.</param>
/// <param name="At">UTC.</param>
/// <param name="Status"><c>offered</c>, <c>accepted</c>, <c>rejected</c>, <c>timedOut</c> or <c>reassigned</c>.</param>
/// <param name="EndedAt">UTC; null: it has not been answered.</param>
/// <param name="Code">Of a rejection: why.</param>
/// <param name="SlaMinutes">Until when it had to be accepted; null: there is no limit.</param>
/// <param name="UsedMinutes">What the clock showed at the end.</param>
/// <param name="IsLate">True where it was accepted after its time.</param>
public sealed record LeadHandoffAnswer(
    int Attempt,
    string Person,
    string Rule,
    string By,
    DateTime At,
    string Status,
    DateTime? EndedAt,
    string? Code,
    int? SlaMinutes,
    decimal UsedMinutes,
    bool IsLate
)
{
    internal static LeadHandoffAnswer From(Handoff one) =>
        new(
            one.Attempt,
            one.PersonId,
            one.Rule,
            one.By,
            one.At.UtcDateTime,
            LeadWords.Of(one.Status),
            one.EndedAt?.UtcDateTime,
            one.Code,
            one.Sla?.Minutes,
            LeadWords.MinutesOf(one.Used),
            one.IsLate
        );
}

/// <summary>Something that happened.</summary>
/// <param name="Kind"><c>offered</c>, <c>queued</c>, <c>held</c>, <c>accepted</c>, <c>rejected</c>, <c>timedOut</c>, <c>reassigned</c>, <c>reminded</c>, <c>escalated</c>, <c>writtenToCrm</c>, <c>refusedByCrm</c>, <c>closed</c>, <c>closedAsDuplicate</c>, <c>clockAdopted</c>, <c>restored</c> or <c>clockReleased</c>.</param>
/// <param name="At">UTC.</param>
/// <param name="By">Who.</param>
/// <param name="Attempt">Which time it was given to somebody; 0: it is not about one.</param>
/// <param name="Person">Whom it is about.</param>
/// <param name="Code">Why.</param>
/// <param name="Target">The queue, CRM, manager or other lead.</param>
/// <param name="UsedMinutes">What the clock showed.</param>
public sealed record LeadEventAnswer(
    string Kind,
    DateTime At,
    string By,
    int Attempt,
    string? Person,
    string? Code,
    string? Target,
    decimal UsedMinutes
)
{
    internal static LeadEventAnswer From(LeadEvent one) =>
        new(
            LeadWords.Of(one.Kind),
            one.At.UtcDateTime,
            one.By,
            one.Attempt,
            one.PersonId,
            one.Code,
            one.Target,
            LeadWords.MinutesOf(one.Used)
        );
}

/// <summary>A lead, and why it is where it is.</summary>
/// <param name="Lead">The lead.</param>
/// <param name="Decision">The last decision, with all that it was made from; null: none was made.</param>
/// <param name="Score">How the score came about; null: it was not scored.</param>
/// <param name="Withheld">Facts that the caller's role is not told, whether or not they are known. What they compared is <c>unknown</c>.</param>
public sealed record LeadExplanation(
    LeadAnswer Lead,
    RawJson<LeadDecisionAnswer>? Decision,
    RawJson<LeadScoreAnswer>? Score,
    IReadOnlyList<string> Withheld
);

/// <summary>A decision and its inputs, as they were stored with it.</summary>
/// <param name="Attempt">Which time the lead was to be given to somebody.</param>
/// <param name="At">UTC.</param>
/// <param name="PolicyVersion">Of <c>routing.yaml</c>.</param>
/// <param name="TeamVersion">Of <c>sales-team.yaml</c>.</param>
/// <param name="Facts">What was known, by name.</param>
/// <param name="Decision">As <c>POST /v1/routing:decide</c> answers it.</param>
public sealed record LeadDecisionAnswer(
    int Attempt,
    DateTime At,
    string PolicyVersion,
    string TeamVersion,
    JsonObject Facts,
    Routing.RoutingDecisionAnswer Decision
);

/// <summary>A score and what it is made of.</summary>
/// <param name="Points">All together.</param>
/// <param name="Tier">Left out below all bars.</param>
/// <param name="Groups">Points by group, within its limits.</param>
/// <param name="Lines">What each rule and each event gives.</param>
public sealed record LeadScoreAnswer(
    decimal Points,
    string? Tier,
    JsonObject Groups,
    IReadOnlyList<LeadScoreLineAnswer> Lines
);

/// <summary>What a rule or an event gives.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Group">Its group.</param>
/// <param name="At">Of an event: when, UTC; left out of what is known of the lead.</param>
/// <param name="Message">Of an event: its message.</param>
/// <param name="Given">Points that the rule gives.</param>
/// <param name="Left">Points that count now.</param>
/// <param name="Because">Why nothing is left: <c>decayed</c>, <c>overCount</c>, <c>beforeRule</c> or <c>future</c>; left out otherwise.</param>
public sealed record LeadScoreLineAnswer(
    string Rule,
    string Group,
    DateTime? At,
    string? Message,
    int Given,
    decimal Left,
    string? Because
);

/// <summary>How pools have dealt.</summary>
/// <param name="Pools">By name.</param>
public sealed record FairnessAnswer(IReadOnlyList<PoolFairnessAnswer> Pools);

/// <summary>How a pool has dealt.</summary>
/// <param name="Pool">Its name.</param>
/// <param name="Turns">Turns that were dealt, those taken back included.</param>
/// <param name="Returned">Turns that were taken back.</param>
/// <param name="People">By id.</param>
public sealed record PoolFairnessAnswer(
    string Pool,
    long Turns,
    long Returned,
    IReadOnlyList<PersonFairnessAnswer> People
)
{
    internal static PoolFairnessAnswer From(string pool, PoolFairness report) =>
        new(
            pool,
            report.Turns,
            report.Returned,
            [
                .. report.People.Select(one => new PersonFairnessAnswer(
                    one.PersonId,
                    decimal.Round(one.Expected, 3),
                    one.Got,
                    decimal.Round(one.Owed, 3)
                )),
            ]
        );
}

/// <summary>How a person of a pool stands.</summary>
/// <param name="Person">The id.</param>
/// <param name="Expected">The ideal share of the leads that the person could have had, in turns.</param>
/// <param name="Got">Turns that the person had and keeps.</param>
/// <param name="Owed">Expected less got.</param>
public sealed record PersonFairnessAnswer(string Person, decimal Expected, long Got, decimal Owed);

/// <summary>Values as answers write them.</summary>
internal static class LeadWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static decimal MinutesOf(TimeSpan time) => decimal.Round((decimal)time.TotalMinutes, 1);
}

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(LeadsAnswer))]
[JsonSerializable(typeof(SalesTeamAnswer))]
[JsonSerializable(typeof(LeadAnswer))]
[JsonSerializable(typeof(LeadExplanation))]
[JsonSerializable(typeof(LeadDecisionAnswer))]
[JsonSerializable(typeof(LeadScoreAnswer))]
[JsonSerializable(typeof(FairnessAnswer))]
internal sealed partial class LeadsJson : JsonSerializerContext;
