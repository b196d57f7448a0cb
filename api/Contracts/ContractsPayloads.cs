using System.Text.Json;
using System.Text.Json.Serialization;
using Customer360.Api.Policies;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.Compatibility;
using Customer360.Rules.Events;

namespace Customer360.Api.Contracts;

/// <summary>The contracts in force.</summary>
/// <param name="PolicyVersion">Of <c>contracts.yaml</c>.</param>
/// <param name="Contracts">By type and name.</param>
public sealed record ContractsAnswer(string PolicyVersion, IReadOnlyList<ContractAnswer> Contracts);

/// <summary>What an event, or the traits of a person or an account, must look like.</summary>
/// <param name="Type"><c>track</c>, <c>identify</c>, <c>group</c>, <c>page</c> or <c>screen</c>.</param>
/// <param name="Name">The event's, page's or screen's; null: all of the type.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Covers"><c>part</c>: properties or traits; <c>message</c>: the whole message.</param>
/// <param name="Sources">For which it is; empty: all.</param>
/// <param name="Identifiers">Types of which a message must carry one; empty: any.</param>
/// <param name="Classes">How sensitive fields are, by path.</param>
/// <param name="Versions">The newest first.</param>
public sealed record ContractAnswer(
    string Type,
    string? Name,
    string? Description,
    ContractOwnerAnswer Owner,
    string Covers,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Identifiers,
    IReadOnlyDictionary<string, string> Classes,
    IReadOnlyList<ContractVersionAnswer> Versions
)
{
    internal static ContractAnswer From(EventContract contract, DateTimeOffset now) =>
        new(
            EventKinds.Text(contract.Kind),
            contract.Name,
            contract.Description,
            new ContractOwnerAnswer(contract.Owner.Team, contract.Owner.Contact),
            contract.Covers == ContractCover.Message ? "message" : "part",
            contract.Sources,
            contract.Identifiers,
            contract.Classes.ToDictionary(one => one.Key, one => FieldClasses.Text(one.Value), StringComparer.Ordinal),
            [.. contract.Versions.Select(version => ContractVersionAnswer.From(contract, version, now))]
        );
}

/// <summary>Who answers for a contract.</summary>
public sealed record ContractOwnerAnswer(string Team, string Contact);

/// <summary>One version of a contract.</summary>
/// <param name="Version"><c>MAJOR.MINOR.PATCH</c>.</param>
/// <param name="Status">Today: <c>proposed</c>, <c>active</c>, <c>deprecated</c> or <c>retired</c>.</param>
/// <param name="DeprecatedOn">From that day on it is deprecated, UTC; null: the file names none.</param>
/// <param name="RetiredOn">From that day on it is retired, UTC; null: the file names none.</param>
/// <param name="Required">Members that must be there and not null, beside those of the schema.</param>
/// <param name="Recommended">Members whose absence is told and nothing more.</param>
/// <param name="Schema">JSON Schema.</param>
/// <param name="Breaks">What it may not take of messages that versions before it with the same MAJOR took.</param>
public sealed record ContractVersionAnswer(
    string Version,
    string Status,
    DateOnly? DeprecatedOn,
    DateOnly? RetiredOn,
    IReadOnlyList<string> Required,
    IReadOnlyList<string> Recommended,
    JsonElement Schema,
    IReadOnlyList<ContractBreakAnswer> Breaks
)
{
    internal static ContractVersionAnswer From(EventContract contract, ContractVersion version, DateTimeOffset now)
    {
        using var schema = JsonDocument.Parse(version.SchemaJson);
        return new ContractVersionAnswer(
            version.Version.ToString(),
            JsonNamingPolicy.CamelCase.ConvertName(version.StatusAt(now).ToString()),
            version.DeprecatedOn,
            version.RetiredOn,
            version.Required,
            version.Recommended,
            schema.RootElement.Clone(),
            [
                .. ContractCompatibility
                    .BreaksOf(contract, version)
                    .Select(one => new ContractBreakAnswer(
                        one.Older.ToString(),
                        one.Break.Path,
                        one.Break.Change,
                        one.Break.IsStrictOnly
                    )),
            ]
        );
    }
}

/// <summary>Why a message that an older version took may not be taken.</summary>
/// <param name="Older">That version.</param>
/// <param name="Path">Where in the schema.</param>
/// <param name="Change"><c>required_added</c>, <c>type_narrowed</c>, <c>property_added</c>, …</param>
/// <param name="StrictOnly">True: only who reads open schemas strictly minds, as each new optional property.</param>
public sealed record ContractBreakAnswer(string Older, string Path, string Change, bool StrictOnly);

/// <summary>A page of counts.</summary>
/// <param name="Violations">By source, contract, path and kind.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record ContractViolationsAnswer(IReadOnlyList<ContractViolationAnswer> Violations, string? Next);

/// <summary>How many messages of a source did not keep a contract at a place, in a way.</summary>
/// <param name="Contract">The contract's title; <c>*</c>: an event that nobody has planned.</param>
/// <param name="Path">Where, by names of the schema; <c>*</c> for a name of the sender's; empty: the message as a whole.</param>
/// <param name="Kind">A keyword of JSON Schema, or <c>unplanned_event</c>, <c>unplanned_property</c>, <c>deprecated</c>, …</param>
/// <param name="Count">Messages.</param>
/// <param name="FirstAt">When the first of them was received, UTC.</param>
/// <param name="LastAt">When the last of them was received, UTC.</param>
public sealed record ContractViolationAnswer(
    string Source,
    string Contract,
    string Path,
    string Kind,
    long Count,
    DateTime FirstAt,
    DateTime LastAt
)
{
    internal static ContractViolationAnswer From(string source, ViolationRow row) =>
        new(
            source,
            row.Place.Contract,
            row.Place.Path,
            row.Place.Kind,
            row.Count,
            row.FirstAt.UtcDateTime,
            row.LastAt.UtcDateTime
        );

    /// <summary>By what pages are ordered: no part of it holds a line break.</summary>
    internal string Key => string.Join('\n', Source, Contract, Path, Kind);
}

/// <summary>The shape of a body that asks for contracts.</summary>
/// <param name="Source">Of this source alone; null: of all.</param>
/// <param name="Days">1 to 365; null: 30.</param>
public sealed record ContractInferenceBody(string? Source, int? Days);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(ContractsAnswer))]
[JsonSerializable(typeof(ContractViolationsAnswer))]
[JsonSerializable(typeof(ContractInferenceBody))]
[JsonSerializable(typeof(TriedPolicyBody))]
internal sealed partial class ContractsJson : JsonSerializerContext;
