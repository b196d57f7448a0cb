using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Crm.HubSpot;

/// <summary>The members of an event that all kinds have, in one vocabulary for both that HubSpot writes.</summary>
/// <param name="Json">The event.</param>
/// <param name="Noun">The kind of record, <c>contact</c>, <c>company</c>, <c>deal</c> …; of custom objects their type's id.</param>
/// <param name="Verb">What happened: <c>creation</c>, <c>propertyChange</c> …</param>
/// <param name="Account">The account (portal).</param>
/// <param name="ObjectId">The record; unique within the account and the kind only.</param>
/// <param name="At">When it happened.</param>
/// <param name="Key">What a repeat has in common with it. HubSpot says itself that its <c>eventId</c> is not unique.</param>
internal sealed record HubSpotEvent(
    JsonElement Json,
    string Noun,
    string Verb,
    string Account,
    string ObjectId,
    DateTimeOffset At,
    string Key
)
{
    public const string Contact = "contact";
    public const string Company = "company";
    public const string Deal = "deal";

    private static readonly ImmutableDictionary<string, string> s_nouns = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["0-1"] = Contact,
        ["0-2"] = Company,
        ["0-3"] = Deal,
        ["0-5"] = "ticket",
        ["0-7"] = "product",
        ["0-8"] = "line_item",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Reads them; else says which member is missing or can't be read.</summary>
    public static HubSpotEvent? Read(JsonElement json, out WebhookFaulty? fault)
    {
        fault = null;
        // HubSpot's table of members calls it eventType; what it sends is called subscriptionType.
        string? type = CrmJson.Text(json, "subscriptionType") ?? CrmJson.Text(json, "eventType");
        int dot = type?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot <= 0)
        {
            fault = Fault(json, "subscriptionType");
            return null;
        }

        string noun = type![..dot];
        string verb = type[(dot + 1)..];
        if (noun == "object")
        {
            noun = NounOf(CrmJson.Text(json, "objectTypeId") ?? CrmJson.Text(json, "fromObjectTypeId")) ?? "";
        }

        string? account = CrmJson.Digits(json, "portalId");
        string? eventId = CrmJson.Text(json, "eventId");
        string? id =
            CrmJson.Digits(json, "objectId")
            ?? CrmJson.Digits(json, "fromObjectId")
            ?? CrmJson.Digits(json, "primaryObjectId");
        DateTimeOffset? at = CrmJson.Milliseconds(json, "occurredAt");
        string? missing =
            account is null ? "portalId"
            : noun.Length == 0 ? "objectTypeId"
            : eventId is null ? "eventId"
            : at is null ? "occurredAt"
            // A conversation has a thread in the place of a record.
            : id is null && noun != "conversation" ? "objectId"
            : null;
        if (missing is not null)
        {
            fault = Fault(json, missing);
            return null;
        }

        string key = string.Join(
            ':',
            new[]
            {
                "hubspot",
                account,
                CrmJson.Digits(json, "subscriptionId"),
                type,
                id,
                eventId,
                CrmJson.Text(json, "occurredAt"),
                CrmJson.Digits(json, "toObjectId"),
                CrmJson.Text(json, "propertyName"),
            }.Where(part => part is not null)
        );
        return new HubSpotEvent(json, noun, verb, account!, id ?? "", at!.Value, key);
    }

    /// <summary>The kind of record that a type's number stands for; of one that is not known the number.</summary>
    public static string? NounOf(string? typeId) => typeId is null ? null : s_nouns.GetValueOrDefault(typeId, typeId);

    public CrmId ContactId(string id) => new(CrmIdentifiers.HubSpotContact, $"{Account}:{id}");

    public CrmId CompanyId(string id) => new(CrmIdentifiers.HubSpotCompany, $"{Account}:{id}");

    public static WebhookFaulty Fault(JsonElement json, string member) =>
        new(
            CrmJson.Member(json, member) is null ? FaultReasons.MemberMissing : FaultReasons.MemberInvalid,
            member,
            CrmJson.Bytes(json)
        );
}
