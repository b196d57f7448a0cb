using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Accounts;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Reads;

/// <summary>A record as a query shows it.</summary>
/// <param name="Json">All of it; it outlives the answer.</param>
/// <param name="At">When it changed last, or was deleted.</param>
/// <param name="MasterId">Into which it was merged; null: into none.</param>
internal sealed record SalesforceObject(
    JsonElement Json,
    string Kind,
    string Id,
    DateTimeOffset At,
    bool IsDeleted,
    string? MasterId
)
{
    /// <summary>What a query shows beside the record's fields.</summary>
    private static readonly ImmutableArray<string> s_system = ["attributes", "IsDeleted", "MasterRecordId"];

    /// <summary>Reads it; null where it is none.</summary>
    public static SalesforceObject? Read(string kind, JsonElement json) =>
        SalesforceId.TryNormalize(CrmJson.Text(json, "Id"), out string? id)
        && CrmJson.Text(json, "SystemModstamp") is { } stamp
        && Rfc3339.TryParse(Encoding.UTF8.GetBytes(stamp), out DateTimeOffset at)
            ? new SalesforceObject(
                json.Clone(),
                kind,
                id,
                at,
                CrmJson.IsTrue(json, "IsDeleted"),
                IdIn(json, "MasterRecordId")
            )
            : null;

    public string Key => $"salesforce:{Id}:{Rfc3339.Text(At)}";

    /// <summary>An id of another record that a field holds.</summary>
    public string? IdIn(string field) => IdIn(Json, field);

    /// <summary>The contacts that take part in a deal.</summary>
    public IEnumerable<CrmParty> Contacts =>
        CrmJson.Member(Json, "OpportunityContactRoles") is { } roles
        && CrmJson.Member(roles, "records") is { ValueKind: JsonValueKind.Array } records
            ? records
                .EnumerateArray()
                .Select(role =>
                    IdIn(role, "ContactId") is { } id
                        ? new CrmParty(
                            new CrmId(CrmIdentifiers.SalesforceContact, id),
                            CrmJson.Text(role, "Role"),
                            CrmJson.IsTrue(role, "IsPrimary")
                        )
                        : null
                )
                .OfType<CrmParty>()
                .DistinctBy(party => party.Id)
            : [];

    /// <summary>
    /// Its values by Salesforce's names. An empty one is left out: whether it was emptied or never filled a query does not say, and to
    /// have none is no statement that would count against another source's.
    /// </summary>
    public ImmutableArray<CrmField> Fields =>
        [
            .. Json.EnumerateObject()
                .Where(member =>
                    !s_system.Contains(member.Name, StringComparer.Ordinal)
                    && member.Value.ValueKind
                        is JsonValueKind.String
                            or JsonValueKind.Number
                            or JsonValueKind.True
                            or JsonValueKind.False
                )
                .Select(member => CrmField.Of(member.Name, member.Value)),
        ];

    private static string? IdIn(JsonElement json, string field) =>
        SalesforceId.TryNormalize(CrmJson.Text(json, field), out string? id) ? id : null;
}

/// <summary>
/// What Salesforce's records say, in the messages that its change events become. Their ids are made of the record and its version,
/// so that the same version counts once, however often it is read.
/// </summary>
internal static class SalesforceMessages
{
    /// <summary>What a record comes to: messages, and records that have to be read, too.</summary>
    /// <param name="reason">Why it was read; null: all of its kind are.</param>
    public static WebhookTaken Of(SalesforceObject record, CrmFieldNames names, ReadReason? reason)
    {
        if (record.Kind == SalesforceRecord.Opportunity)
        {
            return new WebhookTaken { Messages = [.. OfDeal(record, names)] };
        }

        if (record.Kind == SalesforceRecord.ContactRole)
        {
            // Who takes part in a deal is told with the deal, also when somebody does not any more.
            return record.IdIn("OpportunityId") is { } deal
                ? new WebhookTaken
                {
                    Reads = [new ReadRequest(SalesforceRecord.Opportunity, deal, ReadReason.Changed, record.At)],
                }
                : new WebhookTaken();
        }

        if (!record.IsDeleted)
        {
            return new SalesforceRecord(record.Kind, record.Id, record.At, $"{record.Key}:read", record.Fields).ToTaken(
                names
            );
        }

        return record.MasterId is { } master ? Merged(record, master, reason)
            // Its end was told by its notice, which stands in the log already.
            : reason == ReadReason.Deleted ? new WebhookTaken()
            : new WebhookTaken { Messages = [Deleted(record)] };
    }

    private static WebhookTaken Merged(SalesforceObject record, string master, ReadReason? reason)
    {
        CrmId winner = SalesforceRecord.IdOf(record.Kind, master)!.Value;
        CrmId loser = SalesforceRecord.IdOf(record.Kind, record.Id)!.Value;
        bool isCompany = record.Kind == SalesforceRecord.Account;
        return new WebhookTaken
        {
            Messages =
            [
                new CrmMessage(isCompany ? EventKind.Group : EventKind.Identify, $"{record.Key}:merged")
                {
                    At = record.At,
                    Ids = [winner, loser],
                    GroupId = isCompany ? CrmIdentifiers.GroupIdOf(winner) : null,
                },
            ],
            // What the merge changed of the winner may have come by no notice. A winner is not followed further: records that
            // name each other as masters would never end.
            Reads = reason is null or ReadReason.Merged
                ? []
                : [new ReadRequest(record.Kind, master, ReadReason.Merged, record.At)],
        };
    }

    private static CrmMessage Deleted(SalesforceObject record) =>
        new(EventKind.Track, $"{record.Key}:deleted")
        {
            At = record.At,
            Ids = [SalesforceRecord.IdOf(record.Kind, record.Id)!.Value],
            Event = $"CRM {record.Kind} Deleted",
            Fields = [CrmField.Of("recordId", record.Id)],
        };

    /// <summary>What happened to the deal, to each person that takes part and to the company: one by one, since they are not the same.</summary>
    private static IEnumerable<CrmMessage> OfDeal(SalesforceObject record, CrmFieldNames names)
    {
        string what = record.IsDeleted ? "deleted" : "read";
        ImmutableArray<CrmField> fields =
        [
            CrmField.Of("recordId", record.Id),
            .. record
                .Fields.Where(field => field.Name is not ("Id" or "SystemModstamp"))
                .Select(field => (Name: names.Find(field.Name), field.ValueJson))
                .Where(field => field.Name is not null)
                .Select(field => new CrmField(field.Name!, field.ValueJson)),
        ];
        CrmParty[] contacts = [.. record.Contacts];
        CrmId[] companies = record.IdIn("AccountId") is { } account
            ? [new CrmId(CrmIdentifiers.SalesforceAccount, account)]
            : [];
        string name = record.IsDeleted ? OpportunityEvents.OpportunityDeleted : OpportunityEvents.OpportunityChanged;
        return CrmParty.Tell(
            contacts,
            companies,
            name,
            about => $"{record.Key}:{what}:{about.Value}",
            record.At,
            fields
        );
    }
}
