using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Customer360.Api.Http;

namespace Customer360.Api.Audiences;

/// <summary>All audiences.</summary>
/// <param name="PolicyVersion">By what they are decided.</param>
/// <param name="Audiences">By name.</param>
/// <param name="Traits">The names of the computed traits.</param>
public sealed record AudiencesAnswer(
    string PolicyVersion,
    IReadOnlyList<AudienceAnswer> Audiences,
    IReadOnlyList<string> Traits
);

/// <summary>An audience.</summary>
public sealed record AudienceAnswer
{
    public required string Name { get; init; }

    public required string? Description { get; init; }

    public required AudienceOwnerAnswer Owner { get; init; }

    /// <summary>What members must have consented to before anything of it is delivered.</summary>
    public required string Purpose { get; init; }

    /// <summary>How soon a change is to be known to whoever is told of it.</summary>
    public required long FreshnessSeconds { get; init; }

    /// <summary>Whoever has entered stays so long at least.</summary>
    public required long MinimumStaySeconds { get; init; }

    /// <summary>Percent of the members that are held out.</summary>
    public required int HoldoutPercent { get; init; }

    /// <summary>Names the definition: it changes with the condition.</summary>
    public required string Definition { get; init; }

    /// <summary>How many are in it, those held out among them.</summary>
    public required long Members { get; init; }

    public required long HeldOut { get; init; }
}

/// <summary>Who answers for an audience.</summary>
public sealed record AudienceOwnerAnswer(string Team, string Contact);

/// <summary>How large an audience is and was.</summary>
/// <param name="Members">Now.</param>
/// <param name="Samples">The oldest first: by the hour for two weeks, before that by the day.</param>
public sealed record AudienceSizeAnswer(string Audience, long Members, IReadOnlyList<AudienceSampleAnswer> Samples);

/// <param name="At">UTC.</param>
public sealed record AudienceSampleAnswer(DateTime At, long Members);

/// <summary>How far two audiences are the same people.</summary>
/// <param name="Both">How many are in both.</param>
/// <param name="Jaccard">Those in both of those in either, 0 to 1.</param>
public sealed record AudienceOverlapAnswer(
    string Audience,
    long Members,
    string Other,
    long OtherMembers,
    long Both,
    double Jaccard
);

/// <summary>A page of members.</summary>
/// <param name="Members">By customer id.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record AudienceMembersAnswer(string Audience, IReadOnlyList<AudienceMemberAnswer> Members, string? Next);

/// <param name="Since">UTC.</param>
/// <param name="IsHeldOut">Nothing of it is delivered: the person is in the holdout.</param>
public sealed record AudienceMemberAnswer(string CustomerId, DateTime Since, bool IsHeldOut);

/// <summary>Why a person is in an audience or not.</summary>
public sealed record AudienceWhyAnswer
{
    public required string Audience { get; init; }

    public required string CustomerId { get; init; }

    public required bool IsMember { get; init; }

    /// <summary>UTC; null: it is not in it.</summary>
    public required DateTime? Since { get; init; }

    /// <summary>What made it enter: <c>message:PARTITION/POSITION</c>, <c>time:TICKS</c>, <c>identity:ID</c>, <c>definition:VERSION</c> or another word.</summary>
    public required string? Cause { get; init; }

    public required bool IsHeldOut { get; init; }

    /// <summary>When a comparison changes by itself next, UTC; null: nothing does without a message.</summary>
    public required DateTime? ChangesAt { get; init; }

    /// <summary>The definition is new, and the person's events are not counted by it yet.</summary>
    public required bool IsToBeCounted { get; init; }

    /// <summary>The condition with every value that was compared.</summary>
    public required RawJson<ConditionAnswer> If { get; init; }
}

/// <summary>A condition and what it came to.</summary>
public sealed record ConditionAnswer
{
    /// <summary><c>all</c>, <c>any</c>, <c>not</c>, or how it compares.</summary>
    public required string Form { get; init; }

    /// <summary><c>true</c>, <c>false</c> or <c>unknown</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Of <c>all</c>, <c>any</c> and <c>not</c>.</summary>
    public IReadOnlyList<JsonObject>? Parts { get; init; }

    /// <summary>Of a comparison: what is compared.</summary>
    public string? Fact { get; init; }

    /// <summary>What is asked for.</summary>
    public JsonArray? Wanted { get; init; }

    /// <summary>What it is.</summary>
    public JsonNode? Actual { get; init; }

    /// <summary>Why it is unknown.</summary>
    public string? Because { get; init; }

    /// <summary>When it may come to something else by itself, UTC.</summary>
    public string? ChangesAt { get; init; }
}

/// <summary>What a person is shown.</summary>
/// <param name="CustomerId">Who it is; null: nobody is known by this.</param>
/// <param name="Fields">What the caller may see of the profile, by name.</param>
/// <param name="Audiences">Those that may be used for the purpose, by name.</param>
/// <param name="Choices">Of each placement.</param>
public sealed record DecideAnswer(
    string? CustomerId,
    RawJson<JsonObject> Fields,
    IReadOnlyList<string> Audiences,
    IReadOnlyList<ChoiceAnswer> Choices
);

/// <summary>What is shown at a place.</summary>
public sealed record ChoiceAnswer
{
    public required string Placement { get; init; }

    public required string Variant { get; init; }

    /// <summary>The rule that decided; null: none did.</summary>
    public required string? Rule { get; init; }

    /// <summary>The person is in the control group: it is what everybody would see without rules.</summary>
    public required bool IsControl { get; init; }

    /// <summary>With <c>explain=true</c>: each rule up to the one that decided.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChoiceRuleAnswer>? Rules { get; init; }
}

/// <summary>A rule and what its condition came to.</summary>
public sealed record ChoiceRuleAnswer(string Rule, RawJson<ConditionAnswer> If);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(AudiencesAnswer))]
[JsonSerializable(typeof(AudienceAnswer))]
[JsonSerializable(typeof(AudienceSizeAnswer))]
[JsonSerializable(typeof(AudienceOverlapAnswer))]
[JsonSerializable(typeof(AudienceMembersAnswer))]
[JsonSerializable(typeof(AudienceWhyAnswer))]
[JsonSerializable(typeof(ConditionAnswer))]
[JsonSerializable(typeof(DecideAnswer))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class AudiencesJson : JsonSerializerContext;
