using System.Collections.Immutable;
using Customer360.Rules.Identity;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Owns which identity rules are in force, and what was before. Key: <see cref="GrainKeys.IdentityRules"/>. It keeps files: who brings one
/// has validated it, and every node reads it for itself. It looks into one only to see whether messages get other anchors.
/// </summary>
[Alias("c360.IIdentityRulesGrain")]
public interface IIdentityRulesGrain : IGrainWithStringKey
{
    /// <summary>The number of the version in force, which rises with every change; 0 while there is none. What nodes poll.</summary>
    [ReadOnly]
    [Alias("GetNumber")]
    Task<long> GetNumber();

    /// <summary>Of the version in force; 0 while there is none.</summary>
    [ReadOnly]
    [Alias("GetAnchorsSince")]
    Task<long> GetAnchorsSince();

    /// <summary>The version in force; null while there is none.</summary>
    [ReadOnly]
    [Alias("GetCurrent")]
    Task<IdentityRulesVersion?> GetCurrent();

    /// <summary>The latest entry of the history with a version; null where there is none.</summary>
    [ReadOnly]
    [Alias("Find")]
    Task<IdentityRulesVersion?> Find(string version);

    /// <summary>Entries of the history, the newest first.</summary>
    [ReadOnly]
    [Alias("GetHistory")]
    Task<IdentityRulesHistory> GetHistory(IdentityRulesHistoryQuery query);

    /// <summary>
    /// Puts a version in force. Repeating it changes nothing: what is in force already, to the byte, is no change.
    /// </summary>
    [Alias("Put")]
    Task<IdentityRulesReply> Put(IdentityRulesChange change);
}

/// <summary>How a version came into force.</summary>
[GenerateSerializer, Alias("c360.IdentityRulesOrigin")]
public enum IdentityRulesOrigin
{
    /// <summary>By <c>PUT /v1/identity/rules</c>.</summary>
    Put = 1,

    /// <summary>A file at a node's start. It comes into force only if the history does not have its version.</summary>
    File = 2,

    /// <summary>By <c>POST /v1/identity/rules:rollback</c>.</summary>
    Rollback = 3,

    /// <summary>By <c>POST /v1/jobs/{id}:apply</c>, with the difference that the rules make.</summary>
    CutOver = 4,

    /// <summary>By <c>POST /v1/jobs/{id}:rollback</c>, with that difference taken back.</summary>
    CutOverRollback = 5,
}

/// <summary>An entry of the history.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Version">The hash of the rules' content. Files that differ in comments only have the same.</param>
/// <param name="Yaml">The file as it came.</param>
/// <param name="By">The name of the key that brought it; of a file <c>file</c>.</param>
/// <param name="AnchorsSince">
/// The number of the version since which every message has the anchor that it has now (<see cref="IdentityRules.AnchorsAs"/>);
/// 0: since ever. It outlives the entries that the history gives up.
/// </param>
[GenerateSerializer, Immutable, Alias("c360.IdentityRulesVersion")]
public sealed record IdentityRulesVersion(
    [property: Id(0)] long Number,
    [property: Id(1)] string Version,
    [property: Id(2)] string Yaml,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] string By,
    [property: Id(5)] IdentityRulesOrigin Origin,
    [property: Id(6)] long AnchorsSince
);

/// <param name="IfCurrent">Only if one of these versions is in force; empty: whatever is.</param>
/// <param name="BuiltIn">The version that counts as in force while the history is empty.</param>
[GenerateSerializer, Immutable, Alias("c360.IdentityRulesChange")]
public sealed record IdentityRulesChange(
    [property: Id(0)] string Version,
    [property: Id(1)] string Yaml,
    [property: Id(2)] string By,
    [property: Id(3)] IdentityRulesOrigin Origin,
    [property: Id(4)] ImmutableArray<string> IfCurrent,
    [property: Id(5)] string BuiltIn
);

/// <param name="Current">What is in force afterwards; null while there is none.</param>
/// <param name="IsRefused">True: another version was in force than the change was meant for.</param>
[GenerateSerializer, Immutable, Alias("c360.IdentityRulesReply")]
public sealed record IdentityRulesReply(
    [property: Id(0)] IdentityRulesVersion? Current,
    [property: Id(1)] bool IsRefused
);

/// <param name="BeforeNumber">Only entries with a lower number; null: from the newest.</param>
/// <param name="Limit">Entries at most.</param>
[GenerateSerializer, Immutable, Alias("c360.IdentityRulesHistoryQuery")]
public sealed record IdentityRulesHistoryQuery([property: Id(0)] long? BeforeNumber, [property: Id(1)] int Limit);

/// <param name="Entries">The newest first, without their files.</param>
/// <param name="HasMore">True: older ones follow.</param>
[GenerateSerializer, Immutable, Alias("c360.IdentityRulesHistory")]
public sealed record IdentityRulesHistory(
    [property: Id(0)] ImmutableArray<IdentityRulesVersion> Entries,
    [property: Id(1)] bool HasMore
);
