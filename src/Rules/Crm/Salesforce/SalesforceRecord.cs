using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Salesforce;

/// <summary>What is said of one record, however it was said.</summary>
/// <param name="Object">The kind of record: <c>Lead</c>.</param>
/// <param name="Id">18 characters.</param>
/// <param name="At">When it changed; null: the notice does not say.</param>
/// <param name="Key">What a repeat has in common with it.</param>
/// <param name="Fields">By Salesforce's names, in their order.</param>
internal sealed record SalesforceRecord(
    string Object,
    string Id,
    DateTimeOffset? At,
    string Key,
    ImmutableArray<CrmField> Fields
)
{
    public const string Lead = "Lead";
    public const string Contact = "Contact";
    public const string Account = "Account";
    public const string Opportunity = "Opportunity";
    public const string ContactRole = "OpportunityContactRole";

    /// <summary>What Salesforce keeps for itself: it says nothing of a person.</summary>
    private static readonly ImmutableArray<string> s_system =
    [
        "Id",
        "LastModifiedById",
        "LastModifiedDate",
        "LastReferencedDate",
        "LastViewedDate",
        "SystemModstamp",
    ];

    /// <summary>True where records of the kind say something of persons or companies.</summary>
    public static bool IsUsed(string kind) => kind is Lead or Contact or Account or Opportunity or ContactRole;

    /// <summary>The identifier of a record of a person or a company; null for another kind.</summary>
    public static CrmId? IdOf(string kind, string id) =>
        kind switch
        {
            Lead => new CrmId(CrmIdentifiers.SalesforceLead, id),
            Contact => new CrmId(CrmIdentifiers.SalesforceContact, id),
            Account => new CrmId(CrmIdentifiers.SalesforceAccount, id),
            _ => null,
        };

    /// <summary>What the record's values come to.</summary>
    public WebhookTaken ToTaken(CrmFieldNames names) =>
        Object switch
        {
            Lead => new WebhookTaken { Messages = [.. OfLead(names)] },
            Contact => new WebhookTaken { Messages = [.. OfContact(names)] },
            Account => new WebhookTaken { Messages = [OfAccount(names)] },
            // A deal names its company only when that changes, and its contacts never: reading it shows both.
            ContactRole when IdIn("OpportunityId") is { } deal => new WebhookTaken { Reads = [ToRead(deal)] },
            Opportunity => new WebhookTaken { Reads = [ToRead(Id)] },
            _ => new WebhookTaken { Reads = [new ReadRequest(Object, Id, ReadReason.Changed, At)] },
        };

    private IEnumerable<CrmMessage> OfLead(CrmFieldNames names)
    {
        CrmId lead = IdOf(Lead, Id)!.Value;
        string? contact = IdIn("ConvertedContactId");
        string? account = IdIn("ConvertedAccountId");
        string? deal = IdIn("ConvertedOpportunityId");
        ImmutableArray<CrmId> ids = contact is null
            ? [lead]
            : [new CrmId(CrmIdentifiers.SalesforceContact, contact), lead];
        yield return new CrmMessage(EventKind.Identify, Key)
        {
            At = At,
            Ids = ids,
            Fields = Traits(names),
        };
        if (contact is null && account is null)
        {
            yield break;
        }

        if (account is not null)
        {
            yield return Belongs(ids, account);
        }

        // A lead is converted once, however often and on whatever way it is told.
        yield return new CrmMessage(EventKind.Track, $"salesforce:{Id}:converted")
        {
            At = At,
            Ids = ids,
            Event = "CRM Lead Converted",
            Fields =
            [
                CrmField.Of("leadId", Id),
                .. contact is null ? Array.Empty<CrmField>() : [CrmField.Of("contactId", contact)],
                .. account is null ? Array.Empty<CrmField>() : [CrmField.Of("accountId", account)],
                .. deal is null ? Array.Empty<CrmField>() : [CrmField.Of("opportunityId", deal)],
            ],
        };
    }

    private IEnumerable<CrmMessage> OfContact(CrmFieldNames names)
    {
        ImmutableArray<CrmId> ids = [IdOf(Contact, Id)!.Value];
        yield return new CrmMessage(EventKind.Identify, Key)
        {
            At = At,
            Ids = ids,
            Fields = Traits(names),
        };
        if (IdIn("AccountId") is { } account)
        {
            yield return Belongs(ids, account);
        }
    }

    private CrmMessage OfAccount(CrmFieldNames names)
    {
        CrmId account = IdOf(Account, Id)!.Value;
        return new CrmMessage(EventKind.Group, Key)
        {
            At = At,
            Ids = [account],
            GroupId = CrmIdentifiers.GroupIdOf(account),
            Fields = Traits(names),
        };
    }

    private CrmMessage Belongs(ImmutableArray<CrmId> ids, string account) =>
        new(EventKind.Group, Key + ":group")
        {
            At = At,
            Ids = ids,
            GroupId = CrmIdentifiers.GroupIdOf(new CrmId(CrmIdentifiers.SalesforceAccount, account)),
        };

    private ReadRequest ToRead(string deal) => new(Opportunity, deal, ReadReason.Changed, At);

    private ImmutableArray<CrmField> Traits(CrmFieldNames names) =>
        [
            .. Fields
                .Where(field => !s_system.Contains(field.Name, StringComparer.Ordinal))
                .Select(field => (Field: field, Name: names.Find(field.Name)))
                .Where(one => one.Name is not null)
                .Select(one => new CrmField(one.Name!, one.Field.ValueJson)),
        ];

    private string? IdIn(string field)
    {
        ReadOnlySpan<byte> json = Fields.FirstOrDefault(one => one.Name == field).ValueJson.Span;
        return
            json.Length > 2
            && json[0] == (byte)'"'
            && SalesforceId.TryNormalize(System.Text.Encoding.UTF8.GetString(json[1..^1]), out string? id)
            ? id
            : null;
    }
}
