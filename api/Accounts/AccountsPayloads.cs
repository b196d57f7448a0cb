using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Accounts;

/// <summary>An account, as far as the caller may see it: whoever may not see members sees no word of them.</summary>
public sealed record AccountAnswer
{
    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = AnswerJson.Encoder };

    /// <summary>As group calls send it; of several the first.</summary>
    public required string GroupId { get; init; }

    /// <summary>All group ids of the company: a CRM's record of it is one, too.</summary>
    public required IReadOnlyList<string> GroupIds { get; init; }

    /// <summary>Name to value, as group calls stated them.</summary>
    public required RawJson<JsonObject> Traits { get; init; }

    /// <summary>By which people with an e-mail address belong to it: what sources state as its <c>domain</c>, <c>domains</c> or <c>website</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<IReadOnlyList<string>>? Domains { get; init; }

    /// <summary>Its deals, the open ones first, then the latest.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<IReadOnlyList<OpportunityAnswer>>? Opportunities { get; init; }

    /// <summary>Who takes part in its open deals, each person once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<IReadOnlyList<BuyerAnswer>>? BuyingGroup { get; init; }

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
            GroupIds = account.GroupIds,
            Traits = new(account.TraitsJson),
            Domains = RawJson<IReadOnlyList<string>>.Of(account.More["domains"]?.ToJsonString(s_relaxed)),
            Opportunities = RawJson<IReadOnlyList<OpportunityAnswer>>.Of(
                account.More["opportunities"]?.ToJsonString(s_relaxed)
            ),
            BuyingGroup = RawJson<IReadOnlyList<BuyerAnswer>>.Of(account.More["buyingGroup"]?.ToJsonString(s_relaxed)),
            MemberCount = account is { ShowsMembers: true, ShowsCounts: true } ? account.MemberCount : null,
            Truncated = account is { ShowsMembers: true, IsTruncated: true },
            Members = account.ShowsMembers ? [.. account.Members.Select(AccountMemberAnswer.From)] : null,
            // A last page says so, and an account without members to see has no pages at all. A cursor needs no escape.
            Next = account.ShowsMembers ? RawJson<string>.Of(next is null ? "null" : $"\"{next}\"") : null,
            Version = account is { ShowsMembers: true, ShowsCounts: true } ? account.Version : null,
        };
}

/// <summary>A page of accounts.</summary>
/// <param name="Accounts">By their group ids. A page may be short, or empty, where many accounts have another name; <c>next</c> says whether there are more.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record AccountsAnswer(IReadOnlyList<AccountRowAnswer> Accounts, string? Next);

/// <summary>What messages say under one group id, as far as the caller may see it.</summary>
public sealed record AccountRowAnswer
{
    public required string GroupId { get; init; }

    /// <summary>The group id of the company that it belongs to since a merge; left out where that is its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PartOf { get; init; }

    /// <summary>Left out where it has none, or the caller may not see it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<string>? Name { get; init; }

    /// <summary>What its sources state.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Domains { get; init; }

    /// <summary>Deals that are neither won nor lost.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OpenDeals { get; init; }

    /// <summary>Identifiers that group calls link to it; one person may have several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Linked { get; init; }

    internal static AccountRowAnswer From(VisibleAccountRow row) =>
        new()
        {
            GroupId = row.GroupId,
            PartOf = row.PartOf,
            Name = row.NameJson is { } name ? RawJson<string>.Of(name) : null,
            Domains = row.Domains,
            OpenDeals = row.OpenDeals,
            Linked = row.Linked,
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

/// <summary>A deal of an account, as its CRM last told of it. What the CRM does not say is left out.</summary>
public sealed record OpportunityAnswer
{
    /// <summary>The CRM's.</summary>
    public required string Id { get; init; }

    /// <summary>Who told of it.</summary>
    public required string Source { get; init; }

    /// <summary><c>open</c>, <c>won</c> or <c>lost</c>.</summary>
    public required string Status { get; init; }

    public string? Name { get; init; }

    /// <summary>As the CRM has it.</summary>
    public string? Stage { get; init; }

    public MoneyAnswer? Amount { get; init; }

    /// <summary>The amount as the CRM has it, where it names no currency.</summary>
    public string? AmountText { get; init; }

    /// <summary>As the CRM has it, mostly a date.</summary>
    public string? CloseDate { get; init; }

    /// <summary>The CRM's id of the sales person.</summary>
    public string? Owner { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime ChangedAt { get; init; }

    /// <summary>Who takes part, for whoever may see members.</summary>
    public IReadOnlyList<OpportunityContactAnswer>? Contacts { get; init; }
}

/// <summary>A sum of money.</summary>
/// <param name="Minor">Whole minor units: cents.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record MoneyAnswer(long Minor, string Currency);

/// <summary>Somebody who takes part in a deal.</summary>
/// <param name="Type">The type of the CRM's record.</param>
/// <param name="Value">The record's id.</param>
/// <param name="Role">As the CRM has it.</param>
/// <param name="IsPrimary">True of the deal's first contact; otherwise left out.</param>
public sealed record OpportunityContactAnswer(string Type, string Value, string? Role, bool? IsPrimary);

/// <summary>Somebody who takes part in open deals of an account.</summary>
/// <param name="Type">The type of the CRM's record.</param>
/// <param name="Value">The record's id.</param>
/// <param name="Roles">In all of these deals.</param>
/// <param name="Opportunities">The deals' ids.</param>
public sealed record BuyerAnswer(
    string Type,
    string Value,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Opportunities
);

/// <summary>Asks for a merge of companies.</summary>
/// <param name="With">A group id of the other company.</param>
/// <param name="Reason">1 to 500 characters, for the record.</param>
public sealed record AccountMergeBody(string With, string Reason);

/// <summary>Asks for a split of a company.</summary>
/// <param name="GroupIds">What leaves: 1 to 100 group ids of the company.</param>
/// <param name="Reason">1 to 500 characters, for the record.</param>
public sealed record AccountSplitBody(IReadOnlyList<string> GroupIds, string Reason);

/// <summary>A company after a merge or a split.</summary>
/// <param name="GroupIds">All group ids by which it is known, in order.</param>
public sealed record CompanyAnswer(IReadOnlyList<string> GroupIds);

/// <summary>To which account a person belongs, and why.</summary>
public sealed record AccountMatchAnswer
{
    /// <summary>The account's id; left out where there is none.</summary>
    public string? Account { get; init; }

    /// <summary><c>crmRelation</c>, <c>groupCall</c>, <c>emailDomain</c> or <c>parentDomain</c>.</summary>
    public string? Evidence { get; init; }

    /// <summary>Which tie-breaker of the policy decided between accounts of the same evidence; left out where there was one.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>All that something names, the best first.</summary>
    public required IReadOnlyList<AccountCandidateAnswer> Candidates { get; init; }

    /// <summary>Domains of the person that name no account; left out for who does not see every field.</summary>
    public IReadOnlyList<LeftOutDomainAnswer>? LeftOut { get; init; }
}

/// <summary>An account that something names.</summary>
/// <param name="Account">Its id.</param>
/// <param name="Evidence">As in the match.</param>
/// <param name="Clue">What names it: an id, or a domain; left out for who does not see every field.</param>
public sealed record AccountCandidateAnswer(string Account, string Evidence, string? Clue);

/// <summary>A domain that names no account.</summary>
/// <param name="Domain">In its one spelling.</param>
/// <param name="Because"><c>noDomain</c>, <c>freeMail</c>, <c>disposable</c> or <c>suffix</c>.</param>
public sealed record LeftOutDomainAnswer(string Domain, string Because);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AccountAnswer))]
[JsonSerializable(typeof(AccountsAnswer))]
[JsonSerializable(typeof(RawJson<AccountMatchAnswer>))]
[JsonSerializable(typeof(AccountMergeBody))]
[JsonSerializable(typeof(AccountSplitBody))]
[JsonSerializable(typeof(CompanyAnswer))]
internal sealed partial class AccountsJson : JsonSerializerContext;
