using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Customer360.Api.Http;
using Customer360.Grains.Contracts;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Api.Policies;

/// <summary>A version of a policy, as lists show it: without the file.</summary>
public record PolicyEntryAnswer
{
    [SetsRequiredMembers]
    internal PolicyEntryAnswer(PolicyVersion version)
    {
        Kind = version.Kind;
        Version = version.Version;
        Number = version.Number;
        Action = version.Action is { } action ? JsonNamingPolicy.CamelCase.ConvertName(action.ToString()) : "proposed";
        if (version.At != default)
        {
            At = version.At.UtcDateTime;
            By = version.By;
            Replaces = version.Replaces;
            ApprovedBy = version.ApprovedBy;
            ApprovedAt = version.ApprovedAt?.UtcDateTime;
            RollBackTo = version.RollBackTo;
        }
    }

    /// <summary>The kind of policy.</summary>
    public required string Kind { get; init; }

    /// <summary>The hash of what the file says: files that differ in comments only have the same.</summary>
    public required string Version { get; init; }

    /// <summary>From 1, without gaps; 0 of a proposal and of the built-in policy.</summary>
    public required long Number { get; init; }

    /// <summary>
    /// How it came into force: <c>builtIn</c>, <c>file</c>, <c>put</c>, <c>approved</c>, <c>rollBack</c>, <c>cutOver</c>,
    /// <c>cutOverRollBack</c> or <c>release</c>; <c>proposed</c> where it waits for an approval.
    /// </summary>
    public required string Action { get; init; }

    /// <summary>When it came, UTC; null of the built-in policy.</summary>
    public required DateTime? At { get; init; }

    /// <summary>The name of the key that brought it, or <c>file</c>; null of the built-in policy, which nobody has brought.</summary>
    public required string? By { get; init; }

    /// <summary>The version that is, or was, in force; empty where that was not noted. The built-in policy has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Replaces { get; init; }

    /// <summary>The name of the key that approved it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ApprovedBy { get; init; }

    /// <summary>UTC.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? ApprovedAt { get; init; }

    /// <summary>Of a roll back: the number of the entry that it repeats, 0 for the built-in policy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RollBackTo { get; init; }
}

/// <summary>A policy with its file, and what is proposed in its place.</summary>
public sealed record PolicyAnswer : PolicyEntryAnswer
{
    [SetsRequiredMembers]
    internal PolicyAnswer(PolicyVersion version, PolicyReading reading, ImmutableArray<PolicyVersion> proposals)
        : base(version)
    {
        Policy = RawJson<JsonObject>.Of(reading.Json);
        Yaml = version.Text;
        Proposals = [.. proposals.Select(PolicyProposalAnswer.From)];
    }

    /// <summary>What the file says; null where this release can't read it any more.</summary>
    [JsonPropertyOrder(1)]
    public required RawJson<JsonObject>? Policy { get; init; }

    /// <summary>The file as it came.</summary>
    [JsonPropertyOrder(1)]
    public required string Yaml { get; init; }

    /// <summary>The oldest first.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<PolicyProposalAnswer> Proposals { get; init; }
}

/// <summary>A kind of policy and what is in force of it.</summary>
public sealed record PolicyKindAnswer : PolicyEntryAnswer
{
    [SetsRequiredMembers]
    internal PolicyKindAnswer(PolicyKind kind, PolicyVersion current, int proposals)
        : base(current)
    {
        NeedsFourEyes = kind.NeedsFourEyes;
        DryRun = kind.Trial;
        Proposals = proposals;
    }

    /// <summary>True: who proposes a policy may not put it in force.</summary>
    [JsonPropertyOrder(1)]
    public required bool NeedsFourEyes { get; init; }

    /// <summary><c>job</c> where a dry run reads the whole log, else <c>comparison</c>.</summary>
    [JsonPropertyOrder(1)]
    [JsonConverter(typeof(WordConverter<PolicyTrial>))]
    public required PolicyTrial DryRun { get; init; }

    /// <summary>How many proposals are open.</summary>
    [JsonPropertyOrder(1)]
    public required int Proposals { get; init; }
}

/// <summary>The kinds of policy.</summary>
/// <param name="Policies">By name.</param>
public sealed record PolicyKindsAnswer(IReadOnlyList<PolicyKindAnswer> Policies);

/// <summary>A page of the versions that were put in force.</summary>
/// <param name="Versions">The newest first.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record PolicyHistoryAnswer(IReadOnlyList<PolicyEntryAnswer> Versions, string? Next)
{
    internal static PolicyHistoryAnswer From(PolicyHistory history) =>
        new(
            [.. history.Entries.Select(version => new PolicyEntryAnswer(version))],
            history.HasMore ? history.Entries[^1].Number.ToString(CultureInfo.InvariantCulture) : null
        );
}

/// <summary>What waits for an approval.</summary>
/// <param name="Replaces">The version that was in force when it was proposed.</param>
/// <param name="At">UTC.</param>
/// <param name="By">The name of the key that proposed it.</param>
public sealed record PolicyProposalAnswer(string Kind, string Version, string Replaces, DateTime At, string By)
{
    internal static PolicyProposalAnswer From(PolicyVersion proposal) =>
        new(proposal.Kind, proposal.Version, proposal.Replaces, proposal.At.UtcDateTime, proposal.By);
}

/// <summary>How a file, which is valid, differs from what is in force.</summary>
/// <param name="InForce">The version in force.</param>
/// <param name="Version">The file's.</param>
/// <param name="Warnings">What somebody should look at, by line.</param>
/// <param name="Changes">The first 500; null where this release can't read what is in force.</param>
public sealed record PolicyComparisonAnswer(
    string InForce,
    string Version,
    IReadOnlyList<PolicyWarningAnswer> Warnings,
    IReadOnlyList<PolicyChangeAnswer>? Changes
)
{
    internal static PolicyComparisonAnswer From(string inForceVersion, PolicyReading inForce, PolicyReading proposed) =>
        new(
            inForceVersion,
            proposed.Version!,
            [.. proposed.Warnings.Select(PolicyWarningAnswer.From)],
            inForce.IsReadable
                ? [.. PolicyChanges.Between(inForce.Json, proposed.Json).Select(PolicyChangeAnswer.From)]
                : null
        );
}

/// <summary>What somebody should look at in a file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Rule">The part of the file that it is about.</param>
public sealed record PolicyWarningAnswer(int Line, string Rule, string Message)
{
    internal static PolicyWarningAnswer From(ConfigFault warning) => new(warning.Line, warning.Rule, warning.Message);
}

/// <summary>A difference between two versions.</summary>
/// <param name="Path">Where: <c>fields.plan.sources</c>, <c>identifiers[email].limit</c>.</param>
/// <param name="Before">Null where it is new.</param>
/// <param name="After">Null where it is gone.</param>
public sealed record PolicyChangeAnswer(string Path, RawJson<JsonNode>? Before, RawJson<JsonNode>? After)
{
    internal static PolicyChangeAnswer From(PolicyChange change) =>
        new(change.Path, RawJson<JsonNode>.Of(change.Before), RawJson<JsonNode>.Of(change.After));
}

/// <summary>What an approval says: the versions that the approver saw.</summary>
/// <param name="Version">The proposal's.</param>
/// <param name="Replaces">The one that was in force.</param>
public sealed record PolicyApproval(string Version, string Replaces);

/// <summary>What a roll back says.</summary>
/// <param name="Version">A version of the history, or the built-in one.</param>
public sealed record PolicyReturn(string Version);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PolicyAnswer))]
[JsonSerializable(typeof(PolicyKindsAnswer))]
[JsonSerializable(typeof(PolicyHistoryAnswer))]
[JsonSerializable(typeof(PolicyProposalAnswer))]
[JsonSerializable(typeof(PolicyComparisonAnswer))]
[JsonSerializable(typeof(PolicyApproval))]
[JsonSerializable(typeof(PolicyReturn))]
internal sealed partial class PoliciesJson : JsonSerializerContext;
