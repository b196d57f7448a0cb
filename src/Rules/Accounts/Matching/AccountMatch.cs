using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Accounts;

/// <summary>What links a person to an account, strongest first.</summary>
public enum AccountEvidence
{
    None = 0,

    /// <summary>The CRM says that the person belongs to it.</summary>
    CrmRelation = 1,

    /// <summary>A group call put the person into it.</summary>
    GroupCall = 2,

    /// <summary>The domain of an e-mail address is the account's.</summary>
    EmailDomain = 3,

    /// <summary>The domain of an e-mail address stands under the account's.</summary>
    ParentDomain = 4,
}

/// <summary>What is known of a person that may name an account.</summary>
public sealed record AccountClues
{
    /// <summary>Ids of accounts that a CRM's record of the person holds.</summary>
    public ImmutableArray<string> CrmAccountIds { get; init; } = [];

    public ImmutableArray<string> GroupIds { get; init; } = [];

    public ImmutableArray<string> Emails { get; init; } = [];

    public string? Country { get; init; }

    public string? Territory { get; init; }
}

/// <summary>What matching needs to know of an account.</summary>
public sealed record AccountCard(string Id)
{
    public ImmutableArray<string> CrmIds { get; init; } = [];

    public ImmutableArray<string> GroupIds { get; init; } = [];

    /// <summary>In their one spelling (<see cref="AccountDomains.Normal"/>).</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>Anybody may have stated the domains: another account that states one and is believed has it.</summary>
    public bool AreDomainsClaimed { get; init; }

    public string? Country { get; init; }

    public string? Territory { get; init; }

    public bool HasOpenOpportunity { get; init; }

    public bool IsCustomer { get; init; }

    public bool IsOwnerActive { get; init; }

    /// <summary>1: the first rank of target accounts; null: none.</summary>
    public int? Tier { get; init; }

    public int Contacts { get; init; }

    public DateTimeOffset? LastActivityAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>An account that something names.</summary>
/// <param name="Clue">What names it: an id or a domain.</param>
public sealed record AccountCandidate(string AccountId, AccountEvidence Evidence, string Clue);

/// <summary>A domain of the person that names no account.</summary>
public readonly record struct LeftOutDomain(string Domain, DomainObjection Because);

/// <summary>The account that a person belongs to, and why.</summary>
/// <param name="AccountId">Null: none.</param>
/// <param name="DecidedBy">What decided between accounts of the same evidence; null: there was one.</param>
/// <param name="Candidates">All that something names, the best first.</param>
/// <param name="LeftOut">By domain.</param>
public sealed record AccountMatch(
    string? AccountId,
    AccountEvidence Evidence,
    AccountTieBreaker? DecidedBy,
    ImmutableArray<AccountCandidate> Candidates,
    ImmutableArray<LeftOutDomain> LeftOut
)
{
    /// <summary>
    /// <c>{"account","evidence","decidedBy","candidates":[{"account","evidence","clue"}],"leftOut":[{"domain","because"}]}</c>; what does
    /// not apply is left out.
    /// </summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (AccountId is not null)
        {
            writer.WriteString("account"u8, AccountId);
            writer.WriteString("evidence"u8, Word(Evidence));
        }

        if (DecidedBy is { } breaker)
        {
            writer.WriteString("decidedBy"u8, Word(breaker));
        }

        writer.WriteStartArray("candidates"u8);
        foreach (AccountCandidate candidate in Candidates)
        {
            writer.WriteStartObject();
            writer.WriteString("account"u8, candidate.AccountId);
            writer.WriteString("evidence"u8, Word(candidate.Evidence));
            writer.WriteString("clue"u8, candidate.Clue);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("leftOut"u8);
        foreach (LeftOutDomain domain in LeftOut)
        {
            writer.WriteStartObject();
            writer.WriteString("domain"u8, domain.Domain);
            writer.WriteString("because"u8, Word(domain.Because));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = AnswerJson.Encoder };

    /// <summary>What <see cref="WriteJson"/> wrote, without the person's ids and domains that name accounts.</summary>
    public static ReadOnlyMemory<byte> WithoutClues(ReadOnlyMemory<byte> json)
    {
        JsonObject match = JsonNode.Parse(json.Span)!.AsObject();
        foreach (JsonNode? candidate in match["candidates"]!.AsArray())
        {
            candidate!.AsObject().Remove("clue");
        }

        match.Remove("leftOut");
        return Encoding.UTF8.GetBytes(match.ToJsonString(s_relaxed));
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
