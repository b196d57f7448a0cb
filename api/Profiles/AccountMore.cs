using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;

namespace Customer360.Api.Profiles;

/// <summary>
/// A company's domains and deals, as a caller sees them. To the access policy they are fields of the company (<c>company.domains</c>,
/// <c>company.opportunities</c>); who takes part in a deal is seen by whoever sees members.
/// </summary>
internal static class AccountMore
{
    /// <param name="show">A person as the caller sees her; null: not at all.</param>
    public static JsonObject Of(AccountReply account, Func<Identifier, Identifier?> show, AccessRight right)
    {
        ImmutableArray<Opportunity> opportunities = OpportunitiesOf(account);
        var more = new JsonObject
        {
            ["domains"] = new JsonArray([
                .. (account.Domains.IsDefault ? [] : account.Domains).Select(domain => JsonValue.Create(domain)),
            ]),
            ["opportunities"] = new JsonArray([.. opportunities.Select(one => Of(one, show, right))]),
        };
        if (right.Fields.Table is { } table)
        {
            using var document = JsonDocument.Parse(more.ToJsonString());
            more = JsonNode.Parse(table.ShowMembers(document.RootElement, FieldScope.Company))!.AsObject();
        }

        if (right.Fields.Show(FieldSets.Members))
        {
            more["buyingGroup"] = BuyingGroup(opportunities, show);
        }

        return more;
    }

    /// <summary>Those that there are, the open ones first, then the latest.</summary>
    public static ImmutableArray<Opportunity> OpportunitiesOf(AccountReply account)
    {
        if (account.OpportunitiesJson.IsEmpty)
        {
            return [];
        }

        using var document = JsonDocument.Parse(account.OpportunitiesJson);
        return
        [
            .. OpportunityJson
                .Read(document.RootElement)
                .Where(one => !one.Facts.IsDeleted)
                .OrderByDescending(one => one.Facts.IsOpen)
                .ThenByDescending(one => one.At),
        ];
    }

    /// <summary>Who takes part in open deals, each person once.</summary>
    private static JsonArray BuyingGroup(
        ImmutableArray<Opportunity> opportunities,
        Func<Identifier, Identifier?> show
    ) =>
        new([
            .. opportunities
                .Where(one => one.Facts.IsOpen)
                .SelectMany(one => one.Facts.Contacts.Select(contact => (one.Id, Contact: contact)))
                .GroupBy(one => one.Contact.Identifier)
                .Select(person => (Shown: show(person.Key), person))
                .Where(one => one.Shown is not null)
                .Select(one => new JsonObject
                {
                    ["type"] = one.Shown!.Value.Type,
                    ["value"] = one.Shown.Value.Value,
                    ["roles"] = new JsonArray([
                        .. one
                            .person.Select(deal => deal.Contact.Role)
                            .OfType<string>()
                            .Distinct(StringComparer.Ordinal)
                            .Select(role => JsonValue.Create(role)),
                    ]),
                    ["opportunities"] = new JsonArray([.. one.person.Select(deal => JsonValue.Create(deal.Id))]),
                }),
        ]);

    private static JsonObject Of(Opportunity opportunity, Func<Identifier, Identifier?> show, AccessRight right)
    {
        OpportunityFacts facts = opportunity.Facts;
        var json = new JsonObject
        {
            ["id"] = opportunity.Id,
            ["source"] = opportunity.Source,
            ["status"] =
                facts.IsOpen ? "open"
                : facts.IsWon ? "won"
                : "lost",
        };
        Add(json, "name", facts.Name);
        Add(json, "stage", facts.Stage);
        if (facts.Money is { } money)
        {
            json["amount"] = new JsonObject { ["minor"] = money.Minor, ["currency"] = money.Currency };
        }
        else
        {
            // Without a currency it is no sum of money, and is shown as the CRM has it.
            Add(json, "amountText", facts.AmountText);
        }

        Add(json, "closeDate", facts.CloseDate);
        Add(json, "owner", facts.Owner);
        json["changedAt"] = opportunity.At.UtcDateTime;
        if (right.Fields.Show(FieldSets.Members))
        {
            json["contacts"] = new JsonArray([
                .. facts
                    .Contacts.Select(contact => (contact, Shown: show(contact.Identifier)))
                    .Where(one => one.Shown is not null)
                    .Select(one => ContactOf(one.contact with { Identifier = one.Shown!.Value })),
            ]);
        }

        return json;
    }

    private static JsonObject ContactOf(OpportunityContact contact)
    {
        var json = new JsonObject { ["type"] = contact.Identifier.Type, ["value"] = contact.Identifier.Value };
        Add(json, "role", contact.Role);
        if (contact.IsPrimary)
        {
            json["isPrimary"] = true;
        }

        return json;
    }

    private static void Add(JsonObject json, string name, string? text)
    {
        if (text is not null)
        {
            json[name] = text;
        }
    }
}
