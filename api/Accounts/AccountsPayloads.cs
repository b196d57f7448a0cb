using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Accounts;

/// <summary>An account, as far as the caller may see it: whoever may not see members sees no word of them.</summary>
public sealed record AccountAnswer
{
    /// <summary>As group calls send it.</summary>
    public required string GroupId { get; init; }

    /// <summary>Name to value, as group calls stated them.</summary>
    public required RawJson<JsonObject> Traits { get; init; }

    /// <summary>How many it has; of those that it keeps, where it is truncated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MemberCount { get; init; }

    /// <summary>True where there were more members or traits than an account keeps; otherwise it is left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Truncated { get; init; }

    /// <summary>A page.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AccountMemberAnswer>? Members { get; init; }

    /// <summary>The cursor of the next page; null on the last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<string>? Next { get; init; }

    /// <summary>Grows with each change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Version { get; init; }

    internal static AccountAnswer From(VisibleAccount account, string? next) =>
        new()
        {
            GroupId = account.GroupId,
            Traits = new(account.TraitsJson),
            MemberCount = account is { ShowsMembers: true, ShowsCounts: true } ? account.MemberCount : null,
            Truncated = account is { ShowsMembers: true, IsTruncated: true },
            Members = account.ShowsMembers ? [.. account.Members.Select(AccountMemberAnswer.From)] : null,
            // A last page says so, and an account without members to see has no pages at all. A cursor needs no escape.
            Next = account.ShowsMembers ? RawJson<string>.Of(next is null ? "null" : $"\"{next}\"") : null,
            Version = account is { ShowsMembers: true, ShowsCounts: true } ? account.Version : null,
        };
}

/// <summary>A person that group calls linked to an account.</summary>
/// <param name="Type">The type of the identifier that the calls came with.</param>
/// <param name="Value">Its value, normalized.</param>
/// <param name="FirstAt">The time of the first such call, UTC.</param>
/// <param name="LastAt">The time of the last one, UTC.</param>
public sealed record AccountMemberAnswer(string Type, string Value, DateTime FirstAt, DateTime LastAt)
{
    internal static AccountMemberAnswer From(AccountMember member) =>
        new(member.Identifier.Type, member.Identifier.Value, member.FirstAt.UtcDateTime, member.LastAt.UtcDateTime);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AccountAnswer))]
internal sealed partial class AccountsJson : JsonSerializerContext;
