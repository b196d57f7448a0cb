using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Accounts;

/// <summary>
/// Reads what a message says of a deal: the properties <c>recordId</c> (or <c>opportunityId</c>), <c>name</c>, <c>stage</c>,
/// <c>amount</c> (a number, or <c>{"amount","currency"}</c>), <c>currency</c>, <c>closeDate</c>, <c>isClosed</c>, <c>isWon</c>,
/// <c>ownerId</c> and <c>contacts</c> (<c>[{"type","id","role","isPrimary"}]</c>).
/// </summary>
public static class OpportunityReader
{
    /// <summary>Contacts of a deal that are kept.</summary>
    public const int ContactsMax = 100;

    private const int TextLengthMax = 200;

    /// <summary>Null where the message tells of no deal, or does not say of which.</summary>
    public static Opportunity? Read(Envelope envelope, LogPlace place)
    {
        // Whoever reads a web page has its key: what is only claimed makes no deals.
        if (
            envelope.Kind != EventKind.Track
            || !OpportunityEvents.Has(envelope.Name)
            || envelope.Trust == StatementTrust.Claimed
        )
        {
            return null;
        }

        JsonElement? found = EnvelopeProperties.Of(envelope, out JsonDocument document);
        using JsonDocument owned = document;
        if (
            found is not { } properties
            || (RecordId(properties, "recordId") ?? RecordId(properties, "opportunityId")) is not { } id
        )
        {
            return null;
        }

        string? stage = Text(properties, "stage");
        bool? won = Flag(properties, "isWon");
        (string? amount, string? currency) = AmountOf(properties);
        return new Opportunity(
            envelope.Source,
            id,
            envelope.Timestamp,
            Arrival.Of(envelope, place),
            new OpportunityFacts
            {
                Name = Text(properties, "name"),
                Stage = stage,
                AmountText = amount,
                Currency = currency,
                CloseDate = Text(properties, "closeDate"),
                Owner = Id(properties, "ownerId") ?? Id(properties, "owner"),
                IsWon = won ?? (Flag(properties, "isClosed") != false && Letters(stage) is "closedwon"),
                IsClosed =
                    Flag(properties, "isClosed") ?? (won == true || Letters(stage) is "closedwon" or "closedlost"),
                IsDeleted = OpportunityEvents.IsDeletion(envelope.Name),
                Contacts = ContactsOf(properties),
            }
        );
    }

    /// <summary>Who takes part in the deal that a message tells of, whoever sent it; empty where it tells of none.</summary>
    public static ImmutableArray<OpportunityContact> ContactsIn(Envelope envelope)
    {
        if (envelope.Kind != EventKind.Track || !OpportunityEvents.Has(envelope.Name))
        {
            return [];
        }

        JsonElement? properties = EnvelopeProperties.Of(envelope, out JsonDocument document);
        using JsonDocument owned = document;
        return properties is { } found ? ContactsOf(found) : [];
    }

    private static (string? Amount, string? Currency) AmountOf(JsonElement properties)
    {
        string? currency = Text(properties, "currency");
        return CrmJson.Member(properties, "amount") is { ValueKind: JsonValueKind.Object } money
            ? (Text(money, "amount"), Text(money, "currency") ?? currency)
            : (Text(properties, "amount"), currency);
    }

    private static ImmutableArray<OpportunityContact> ContactsOf(JsonElement properties) =>
        CrmJson.Member(properties, "contacts") is { ValueKind: JsonValueKind.Array } contacts
            ?
            [
                .. contacts
                    .EnumerateArray()
                    .Select(ContactOf)
                    .OfType<OpportunityContact>()
                    .DistinctBy(contact => contact.Identifier)
                    .OrderBy(contact => contact.Identifier)
                    .Take(ContactsMax),
            ]
            : [];

    /// <summary>
    /// Records of CRMs only, in their one spelling: whoever is forgotten is found among them by what she is known as.
    /// </summary>
    private static OpportunityContact? ContactOf(JsonElement contact)
    {
        string? id = Text(contact, "type") switch
        {
            CrmIdentifiers.SalesforceContact
            or CrmIdentifiers.SalesforceLead when SalesforceId.TryNormalize(Id(contact, "id"), out string? normal) =>
                normal,
            CrmIdentifiers.HubSpotContact => Id(contact, "id"),
            _ => null,
        };
        return id is null
            ? null
            : new OpportunityContact(
                Identifier.Create(Text(contact, "type")!, id),
                Text(contact, "role"),
                CrmJson.IsTrue(contact, "isPrimary")
            );
    }

    private static string? Text(JsonElement parent, string name) =>
        CrmJson.Text(parent, name) is { Length: <= TextLengthMax } text ? text : null;

    /// <summary>An id in its one spelling.</summary>
    private static string? Id(JsonElement parent, string name) =>
        CrmJson.Id(parent, name) is { Length: <= TextLengthMax } id ? id : null;

    private static string? RecordId(JsonElement parent, string name) =>
        Id(parent, name) is { } id ? NumberOf(id) : null;

    /// <summary>The one spelling of a deal's id: Salesforce's in the form of 18 characters, whichever form the sender had.</summary>
    internal static string NumberOf(string id) =>
        id.StartsWith(SalesforceId.OpportunityPrefix, StringComparison.Ordinal)
        && SalesforceId.TryNormalize(id, out string? normal)
            ? normal
            : id;

    /// <summary>CRMs write flags as JSON has them, or as texts.</summary>
    private static bool? Flag(JsonElement parent, string name) =>
        CrmJson.Member(parent, name) switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { } other when bool.TryParse(CrmJson.Text(other), out bool flag) => flag,
            _ => null,
        };

    /// <summary><c>Closed Won</c> and <c>closedwon</c> are the same stage.</summary>
    private static string? Letters(string? stage) =>
        stage is null ? null : string.Concat(stage.Where(char.IsAsciiLetter)).ToLowerInvariant();
}
