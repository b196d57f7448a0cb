using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Crm.HubSpot;

/// <summary>Reads what HubSpot says about which records belong together. It says so from both ends, in either vocabulary.</summary>
internal static class HubSpotAssociations
{
    private const string Between = "_TO_";

    /// <summary>What an event <c>associationChange</c> comes to.</summary>
    public static WebhookItem Read(HubSpotEvent change)
    {
        string? from = CrmJson.Digits(change.Json, "fromObjectId");
        string? to = CrmJson.Digits(change.Json, "toObjectId");
        if (from is null || to is null)
        {
            return HubSpotEvent.Fault(change.Json, from is null ? "fromObjectId" : "toObjectId");
        }

        if (Nouns(change) is not (var one, var other))
        {
            return HubSpotEvent.Fault(change.Json, "associationType");
        }

        if (one == HubSpotEvent.Deal || other == HubSpotEvent.Deal)
        {
            // Who takes part in a deal is read with the deal.
            return new WebhookTaken
            {
                Reads =
                [
                    new ReadRequest(
                        HubSpotEvent.Deal,
                        one == HubSpotEvent.Deal ? from : to,
                        ReadReason.Changed,
                        change.At
                    )
                    {
                        Account = change.Account,
                    },
                ],
            };
        }

        (string Contact, string Company)? pair = (one, other) switch
        {
            (HubSpotEvent.Contact, HubSpotEvent.Company) => (from, to),
            (HubSpotEvent.Company, HubSpotEvent.Contact) => (to, from),
            _ => null,
        };
        if (pair is not (var contact, var company))
        {
            return new WebhookSkipped(SkipReasons.ObjectNotUsed);
        }

        return new WebhookTaken
        {
            Messages =
            [
                CrmJson.IsTrue(change.Json, "associationRemoved")
                    ? Left(change, change.ContactId(contact), change.CompanyId(company))
                    : Belongs(change, change.ContactId(contact), change.CompanyId(company)),
            ],
        };
    }

    /// <summary>The person belongs to the company.</summary>
    public static CrmMessage Belongs(HubSpotEvent change, CrmId contact, CrmId company) =>
        new(EventKind.Group, change.Key + ":group")
        {
            At = change.At,
            Ids = [contact],
            GroupId = CrmIdentifiers.GroupIdOf(company),
        };

    private static CrmMessage Left(HubSpotEvent change, CrmId contact, CrmId company) =>
        new(EventKind.Track, change.Key)
        {
            At = change.At,
            Ids = [contact],
            Event = AccountLeaving.Event,
            GroupId = CrmIdentifiers.GroupIdOf(company),
            Fields = [CrmField.Of("groupId", CrmIdentifiers.GroupIdOf(company))],
        };

    private static (string One, string Other)? Nouns(HubSpotEvent change)
    {
        string? one = HubSpotEvent.NounOf(CrmJson.Text(change.Json, "fromObjectTypeId"));
        string? other = HubSpotEvent.NounOf(CrmJson.Text(change.Json, "toObjectTypeId"));
        if (one is not null && other is not null)
        {
            return (one, other);
        }

        // CONTACT_TO_COMPANY; a label may stand behind: CONTACT_TO_COMPANY_UNLABELED.
        string? type = CrmJson.Text(change.Json, "associationType")?.ToLowerInvariant();
        int at = type?.IndexOf(Between, StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at <= 0)
        {
            return null;
        }

        string second = type![(at + Between.Length)..];
        int label = second.IndexOf("_unlabeled", StringComparison.Ordinal);
        return (type[..at], label < 0 ? second : second[..label]);
    }
}
