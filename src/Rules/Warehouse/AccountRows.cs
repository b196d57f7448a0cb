using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Accounts;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Leads;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Warehouse;

/// <summary>The tables of companies and of their deals. Money is in minor units.</summary>
public static class AccountRows
{
    private const string Deals = "opportunities";

    public static MirrorTable Accounts { get; } =
        new(
            "accounts",
            "Each account as it stands, by the group id that messages name it by.",
            [
                new("account_id", MirrorKind.Text, "The group id."),
                new("part_of", MirrorKind.Text, "The account by whose company it is known since a merge."),
                new("name", MirrorKind.Text, "Its name."),
                new("domains", MirrorKind.Json, "The domains that its sources state."),
                new("owner", MirrorKind.Text, "Whose account it is, by the CRM's id of the sales person."),
                new("segment", MirrorKind.Text, "Its segment."),
                new("traits", MirrorKind.Json, "All that is said of it, as the mastership policy chooses."),
                new("open_opportunities", MirrorKind.Number, "Deals that are neither won nor lost."),
                new("is_truncated", MirrorKind.Flag, "There was more than an account keeps."),
            ]
        )
        {
            Key = ["account_id"],
        };

    public static MirrorTable Opportunities { get; } =
        new(
            "opportunities",
            "Each deal of each account, by the latest word of its source; what it was before stands in events.",
            [
                new("account_id", MirrorKind.Text, "The account."),
                new("source", MirrorKind.Text, "Which CRM says so."),
                new("opportunity_id", MirrorKind.Text, "The CRM's id of the deal; external_id of conversions."),
                new("name", MirrorKind.Text, "Its name."),
                new("status", MirrorKind.Text, "open, won or lost."),
                new("stage", MirrorKind.Text, "The stage, as the CRM calls it."),
                new(
                    "amount_minor",
                    MirrorKind.Number,
                    "What it is worth, in minor units; missing: no currency says so."
                ),
                new("currency", MirrorKind.Text, "Of the amount."),
                new("amount_text", MirrorKind.Text, "Where it is no sum of money: the amount as the CRM has it."),
                new("close_date", MirrorKind.Text, "As the CRM has it, mostly a date."),
                new("owner", MirrorKind.Text, "The CRM's id of the sales person."),
                new("changed_at", MirrorKind.Time, "Of when the CRM's record is."),
            ]
        )
        {
            Key = ["account_id", "source", "opportunity_id"],
            LoadedAt = "changed_at",
        };

    /// <summary>True where something of deals is shown.</summary>
    public static bool ShowsDeals(VisibleFields fields) =>
        fields.Show(FieldSets.Companies) && (fields.Table is not { } table || Sees(table, "id"));

    /// <summary>Adds an account and its deals; nothing for who may not see companies.</summary>
    /// <param name="partOf">The account that it became part of; null: none.</param>
    public static void Add(
        MirrorRows accounts,
        MirrorRows opportunities,
        string groupId,
        string? partOf,
        AccountFold fold,
        MastershipPolicy policy,
        VisibleFields fields
    )
    {
        if (!fields.Show(FieldSets.Companies))
        {
            return;
        }

        byte[] traits = AccountTraits.Json(fold, policy);
        if (fields.Table is { } table)
        {
            using var all = JsonDocument.Parse(traits);
            traits = table.ShowMembers(all.RootElement, FieldScope.Company);
        }

        using var shown = JsonDocument.Parse(traits);
        Opportunity[] deals = [.. fold.Opportunities.Where(one => !one.Facts.IsDeleted)];
        (_, string[] owner) = LeadFactReader.TraitsOf("accountOwner");
        accounts.Add([
            groupId,
            partOf,
            TextOf(shown.RootElement, ["name"]),
            fields.Table is { } fieldsOf && !fieldsOf.Of("company.domains").IsShown
                ? default
                : MirrorValue.OfTexts(AccountDomains.OfTraits(fold.Traits, out _)),
            TextOf(shown.RootElement, owner),
            TextOf(shown.RootElement, ["segment"]),
            MirrorValue.Json(traits),
            ShowsDeals(fields) ? deals.Count(one => one.Facts.IsOpen) : (long?)null,
            fold.IsTruncated,
        ]);
        if (ShowsDeals(fields))
        {
            foreach (Opportunity deal in deals)
            {
                Add(opportunities, groupId, deal, fields.Table);
            }
        }
    }

    private static void Add(MirrorRows opportunities, string groupId, in Opportunity deal, FieldTable? table)
    {
        OpportunityFacts facts = deal.Facts;
        MoneyValue? money = Shown(table, "amount", facts.AmountText) is null ? null : facts.Money;
        opportunities.Add([
            groupId,
            deal.Source,
            deal.Id,
            Shown(table, "name", facts.Name),
            facts.IsOpen ? "open"
            : facts.IsWon ? "won"
            : "lost",
            Shown(table, "stage", facts.Stage),
            money?.Minor,
            money?.Currency,
            facts.Money is null ? Shown(table, "amountText", facts.AmountText) : null,
            Shown(table, "closeDate", facts.CloseDate),
            Shown(table, "owner", facts.Owner),
            deal.At,
        ]);
    }

    private static string? Shown(FieldTable? table, string field, string? value) =>
        table is null || Sees(table, field) ? value : null;

    /// <summary>Deals are fields of the company, and what is said of one is inside of them, as answers about accounts have it.</summary>
    private static bool Sees(FieldTable table, string field) =>
        table.Of($"company.{Deals}").IsShown && table.Of($"company.{Deals}.{field}").IsShown;

    private static string? TextOf(JsonElement traits, string[] names)
    {
        foreach (string name in names)
        {
            if (traits.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
            {
                return value.ToString();
            }
        }

        return null;
    }
}
