using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Customer360.Api.Demo;

/// <summary>What the CRM of the demo says of contacts and deals, as its webhooks do. Pure.</summary>
internal sealed class DemoCrm(DemoCompany company, DateTimeOffset until)
{
    public const string HubSpotPath = "/webhooks/hubspot/hubspot";
    public const string DealsPath = "/webhooks/deals";

    /// <summary>As the demo's <c>sources.yaml</c> says.</summary>
    public const string DealsHeader = "X-Demo-Secret";

    private const int Portal = 62515;
    private const int ContactPercent = 30;

    /// <summary>Those whom sales have put into the CRM.</summary>
    public ImmutableArray<DemoPerson> Contacts { get; } =
    [
        .. company.People.Where(one =>
            one is { Email.Length: > 0, Account: not null }
            && new DemoDice(company.Seed, string.Create(CultureInfo.InvariantCulture, $"crm {one.Number}")).Chance(
                ContactPercent
            )
        ),
    ];

    /// <summary>Changes of properties, in HubSpot's form: each says all that is needed, so that nothing has to be read.</summary>
    public ImmutableArray<JsonObject> ContactChanges()
    {
        var changes = ImmutableArray.CreateBuilder<JsonObject>();
        foreach (DemoPerson person in Contacts)
        {
            DateTimeOffset at = until.AddDays(-20).AddMinutes(person.Number);
            (string Name, string Value)[] properties =
            [
                ("email", person.Email),
                ("firstname", person.FirstName),
                ("lastname", person.LastName),
                ("jobtitle", person.Title),
            ];
            for (int index = 0; index < properties.Length; index++)
            {
                changes.Add(
                    new JsonObject
                    {
                        ["eventId"] = (person.Number * 10) + index + 1,
                        ["subscriptionId"] = 7,
                        ["portalId"] = Portal,
                        ["occurredAt"] = at.AddSeconds(index).ToUnixTimeMilliseconds(),
                        ["subscriptionType"] = "contact.propertyChange",
                        ["objectId"] = 1_000 + person.Number,
                        ["propertyName"] = properties[index].Name,
                        ["propertyValue"] = properties[index].Value,
                    }
                );
            }
        }

        return changes.DrainToImmutable();
    }

    /// <summary>Deals as the generic source of the demo's <c>sources.yaml</c> reads them.</summary>
    public ImmutableArray<JsonObject> Deals() =>
        [
            .. company
                .Deals(until)
                .Select(deal => new JsonObject
                {
                    ["id"] = deal.Id,
                    ["email"] = deal.Person.Email,
                    ["account"] = deal.Person.Account!.Id,
                    ["owner"] = deal.Owner,
                    ["stage"] = deal.Stage,
                    ["open"] = deal.Stage == "proposal",
                    ["won"] = deal.Stage == "won",
                    ["lost"] = deal.Stage == "lost",
                    ["amount"] = deal.Amount.ToString(CultureInfo.InvariantCulture),
                    ["currency"] = "EUR",
                    ["at"] = deal.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                }),
        ];
}
