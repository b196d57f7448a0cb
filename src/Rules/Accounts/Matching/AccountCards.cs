using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Crm;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Accounts;

/// <summary>What is known of an account.</summary>
/// <param name="GroupIds">By which group calls name it.</param>
/// <param name="TraitsJson">A JSON object in UTF-8; empty: nothing is known.</param>
/// <param name="Contacts">Its members.</param>
/// <param name="FirstAt">When somebody was first seen in it; null: nobody was.</param>
public sealed record AccountFacts(
    string Id,
    ImmutableArray<string> GroupIds,
    ReadOnlyMemory<byte> TraitsJson,
    ImmutableArray<string> Domains,
    bool AreDomainsClaimed,
    ImmutableArray<Opportunity> Opportunities,
    int Contacts,
    DateTimeOffset? FirstAt,
    DateTimeOffset? LastAt
);

/// <summary>What matching needs to know of accounts, from their traits.</summary>
public static class AccountCards
{
    /// <summary>What names a person's accounts.</summary>
    /// <param name="groupIds">What group calls name: a CRM's record of a company, or a group.</param>
    /// <param name="emails">The person's addresses.</param>
    public static AccountClues CluesOf(IReadOnlyCollection<string> groupIds, IEnumerable<string> emails) =>
        new()
        {
            CrmAccountIds = [.. groupIds.Where(IsOfCrm)],
            GroupIds = [.. groupIds.Where(id => !IsOfCrm(id))],
            Emails = [.. emails],
        };

    /// <param name="known">What is known of it.</param>
    public static AccountCard Of(AccountFacts known, SalesTeam team)
    {
        using var document = JsonDocument.Parse(known.TraitsJson.IsEmpty ? "{}"u8.ToArray() : known.TraitsJson);
        JsonElement traits = document.RootElement;
        string? owner = Text(traits, "owner") ?? Text(traits, "ownerId");
        return new AccountCard(known.Id)
        {
            CrmIds = [.. known.GroupIds.Where(IsOfCrm)],
            GroupIds = [.. known.GroupIds.Where(id => !IsOfCrm(id))],
            Domains = known.Domains,
            AreDomainsClaimed = known.AreDomainsClaimed,
            Country = Text(traits, "country"),
            Territory = Text(traits, "territory"),
            HasOpenOpportunity = IsTrue(traits, "openOpportunity") || known.Opportunities.Any(one => one.Facts.IsOpen),
            IsCustomer =
                IsTrue(traits, "opportunityWon")
                || known.Opportunities.Any(one => one.Facts is { IsWon: true, IsDeleted: false }),
            IsOwnerActive = owner is not null && team.Find(owner) is { IsActive: true },
            Tier =
                traits.TryGetProperty("tier"u8, out JsonElement tier)
                && tier.ValueKind == JsonValueKind.Number
                && tier.TryGetInt32(out int rank)
                    ? rank
                    : null,
            Contacts = known.Contacts,
            CreatedAt = known.FirstAt ?? DateTimeOffset.MaxValue,
            LastActivityAt = known.LastAt,
        };
    }

    private static bool IsOfCrm(string groupId) =>
        CrmIdentifiers.All.Any(type =>
            groupId.StartsWith(type, StringComparison.Ordinal)
            && groupId.Length > type.Length
            && groupId[type.Length] == ':'
        );

    private static string? Text(JsonElement traits, string name) =>
        traits.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static bool IsTrue(JsonElement traits, string name) =>
        traits.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
