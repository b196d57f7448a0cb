using System.Text.Json;
using Customer360.Rules.Crm;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Accounts;

/// <summary>What matching needs to know of accounts, from their traits.</summary>
public static class AccountCards
{
    /// <summary>What a person's group calls name: a CRM's record of a company, or a group.</summary>
    public static AccountClues CluesOf(IReadOnlyCollection<string> groupIds) =>
        new() { CrmAccountIds = [.. groupIds.Where(IsOfCrm)], GroupIds = [.. groupIds.Where(id => !IsOfCrm(id))] };

    /// <param name="traitsJson">A JSON object in UTF-8; empty: nothing is known.</param>
    public static AccountCard Of(string groupId, ReadOnlyMemory<byte> traitsJson, int contacts, SalesTeam team)
    {
        using var document = JsonDocument.Parse(traitsJson.IsEmpty ? "{}"u8.ToArray() : traitsJson);
        JsonElement traits = document.RootElement;
        string? owner = Text(traits, "owner") ?? Text(traits, "ownerId");
        return new AccountCard(groupId)
        {
            CrmIds = IsOfCrm(groupId) ? [groupId] : [],
            GroupIds = IsOfCrm(groupId) ? [] : [groupId],
            Country = Text(traits, "country"),
            Territory = Text(traits, "territory"),
            HasOpenOpportunity = IsTrue(traits, "openOpportunity"),
            IsCustomer = IsTrue(traits, "opportunityWon"),
            IsOwnerActive = owner is not null && team.Find(owner) is { IsActive: true },
            Tier =
                traits.TryGetProperty("tier"u8, out JsonElement tier)
                && tier.ValueKind == JsonValueKind.Number
                && tier.TryGetInt32(out int rank)
                    ? rank
                    : null,
            Contacts = contacts,
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
