using System.Collections.Immutable;
using Customer360.Rules.Accounts;
using Customer360.Rules.Crm.HubSpot;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Reads;

/// <summary>Whom a deal is about.</summary>
internal sealed record HubSpotParties(ImmutableArray<string> Contacts, ImmutableArray<string> Companies)
{
    public static HubSpotParties None { get; } = new([], []);
}

/// <summary>
/// What HubSpot's records say, in the messages that its events become. Their ids are made of the record and its version, so that
/// the same version counts once, however often it is read.
/// </summary>
internal static class HubSpotMessages
{
    /// <summary>The messages of a record.</summary>
    /// <param name="asked">The id that was asked for, which may have been merged into the record; null: the record's own.</param>
    /// <param name="isTold">Its end was told by its notice, which stands in the log already.</param>
    /// <param name="parties">Of a deal: whom it is about.</param>
    public static ImmutableArray<CrmMessage> Of(
        HubSpotObject record,
        string noun,
        string account,
        CrmFieldNames names,
        string? asked,
        bool isTold,
        HubSpotParties parties
    )
    {
        string what = record.IsArchived ? "deleted" : "read";
        var change = new HubSpotEvent(
            record.Json,
            noun,
            what,
            account,
            record.Id,
            record.At,
            $"hubspot:{account}:{noun}:{record.Id}:{record.Version}:{what}"
        );
        return noun switch
        {
            HubSpotEvent.Deal => OfDeal(change, record, names, parties),
            _ when record.IsArchived => isTold ? [] : [Deleted(change)],
            HubSpotEvent.Company => [OfCompany(change, record, names, asked)],
            _ => OfContact(change, record, names, asked),
        };
    }

    private static ImmutableArray<CrmMessage> OfContact(
        HubSpotEvent change,
        HubSpotObject record,
        CrmFieldNames names,
        string? asked
    )
    {
        CrmId contact = change.ContactId(record.Id);
        ImmutableArray<CrmId> more =
        [
            .. record.List(HubSpotObject.AdditionalEmails).Select(email => new CrmId(CrmIdentifiers.Email, email)),
            .. Merged(record, asked).Select(change.ContactId),
        ];
        ImmutableArray<CrmMessage> messages = [.. HubSpotDecoder.Linked(change, contact, more, record.Fields(names))];
        return CrmJson.Digits(record.Property(HubSpotObject.CompanyId)) is { } company
            ? messages.Add(HubSpotAssociations.Belongs(change, contact, change.CompanyId(company)))
            : messages;
    }

    private static CrmMessage OfCompany(HubSpotEvent change, HubSpotObject record, CrmFieldNames names, string? asked)
    {
        CrmId company = change.CompanyId(record.Id);
        return new CrmMessage(EventKind.Group, change.Key)
        {
            At = change.At,
            Ids = [company, .. Merged(record, asked).Select(change.CompanyId).Take(HubSpotDecoder.IdsMax)],
            GroupId = CrmIdentifiers.GroupIdOf(company),
            Fields = record.Fields(names),
        };
    }

    /// <summary>What happened to the deal, to each person and each company that takes part: one by one, since they are not the same.</summary>
    private static ImmutableArray<CrmMessage> OfDeal(
        HubSpotEvent change,
        HubSpotObject record,
        CrmFieldNames names,
        HubSpotParties parties
    ) =>
        [
            .. CrmParty.Tell(
                parties.Contacts.Select(id => new CrmParty(change.ContactId(id), Role: null, IsPrimary: false)),
                parties.Companies.Select(change.CompanyId),
                record.IsArchived ? OpportunityEvents.DealDeleted : OpportunityEvents.DealChanged,
                about => $"{change.Key}:{about.Type}:{about.Value}",
                change.At,
                [CrmField.Of("recordId", record.Id), .. record.Fields(names)]
            ),
        ];

    private static CrmMessage Deleted(HubSpotEvent change) =>
        new(EventKind.Track, change.Key)
        {
            At = change.At,
            Ids =
            [
                change.Noun == HubSpotEvent.Company
                    ? change.CompanyId(change.ObjectId)
                    : change.ContactId(change.ObjectId),
            ],
            Event = change.Noun == HubSpotEvent.Company ? "CRM Company Deleted" : "CRM Contact Deleted",
            Fields = [CrmField.Of("recordId", change.ObjectId)],
        };

    private static IEnumerable<string> Merged(HubSpotObject record, string? asked) =>
        record
            .List(HubSpotObject.MergedIds)
            .Append(asked)
            .OfType<string>()
            .Where(id => id.Length > 0 && id.All(char.IsAsciiDigit) && id != record.Id)
            .Distinct(StringComparer.Ordinal);
}
