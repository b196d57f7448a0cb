using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm.HubSpot;

/// <summary>
/// Reads the events that HubSpot posts: an array of changes, in no certain order, some of them twice. Each is decided by itself,
/// so that the order does not matter and a bad one spoils no other.
/// </summary>
/// <remarks>
/// <para>
/// A merge (since January 2025) makes a new record; the ones that were merged keep their ids as forwards. HubSpot also sends a
/// deletion of each of them, before or after. So a deletion is only ever something that happened to one id of a person: nobody is
/// lost by it, and the merge links the ids whenever it comes.
/// </para>
/// <para>A privacy deletion comes with a deletion, too. It is the one that erases.</para>
/// </remarks>
public static class HubSpotDecoder
{
    /// <summary>Ids of one message; the identity rules look at 32 at most.</summary>
    internal const int IdsMax = 30;

    private const string Redacted = "REDACTED";

    /// <summary>Kinds of records of the classic vocabulary, beside contacts, companies and deals.</summary>
    private static readonly ImmutableArray<string> s_unused = ["ticket", "product", "line_item", "conversation"];

    /// <summary>Reads a body; a <see cref="WebhookUnreadable"/> where it is no list of events.</summary>
    public static Outcome<WebhookReading> Read(ReadOnlyMemory<byte> body, HubSpotSource source)
    {
        using JsonDocument? document = CrmJson.Parse(body);
        if (document is null)
        {
            return new WebhookUnreadable("it is no JSON");
        }

        // One event by itself is what is read again after its fault was mended.
        return document.RootElement switch
        {
            { ValueKind: JsonValueKind.Array } events => new WebhookReading([
                .. events.EnumerateArray().Select(one => Read(one, source)),
            ]),
            { ValueKind: JsonValueKind.Object } one => new WebhookReading([Read(one, source)]),
            _ => new WebhookUnreadable("it must be a list of events"),
        };
    }

    private static WebhookItem Read(JsonElement json, HubSpotSource source)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new WebhookFaulty(FaultReasons.NotAnObject, Place: null, CrmJson.Bytes(json));
        }

        if (HubSpotEvent.Read(json, out WebhookFaulty? fault) is not { } change)
        {
            return fault!;
        }

        if (!source.Accounts.IsEmpty && !source.Accounts.Contains(change.Account, StringComparer.Ordinal))
        {
            return new WebhookSkipped(SkipReasons.OtherAccount);
        }

        // A person who must be forgotten must be forgotten whoever asked for it.
        bool isOwn =
            change.Verb != "privacyDeletion"
            && source.OwnApp is { } own
            && CrmJson.Text(json, "changeSource") == "INTEGRATION"
            && CrmJson.Text(json, "sourceId") == own;
        return isOwn ? new WebhookSkipped(SkipReasons.OwnEcho) : Of(change, source);
    }

    private static WebhookItem Of(HubSpotEvent change, HubSpotSource source) =>
        (change.Noun, change.Verb) switch
        {
            (_, "associationChange") => HubSpotAssociations.Read(change),
            (HubSpotEvent.Contact, "propertyChange") => OfProperty(change, source),
            (HubSpotEvent.Company, "propertyChange") => OfProperty(change, source),
            (HubSpotEvent.Contact or HubSpotEvent.Company, "merge") => OfMerge(change),
            (HubSpotEvent.Contact, "privacyDeletion") => new WebhookTaken
            {
                Erasures = [new ErasureCall(change.ContactId(change.ObjectId), change.Key)],
            },
            (HubSpotEvent.Contact, "creation") => Happened(change, "CRM Contact Created", ReadReason.Created),
            (HubSpotEvent.Contact, "deletion") => Happened(change, "CRM Contact Deleted", read: null),
            (HubSpotEvent.Contact, "restore") => Happened(change, "CRM Contact Restored", ReadReason.Restored),
            (HubSpotEvent.Company, "creation") => Happened(change, "CRM Company Created", ReadReason.Created),
            (HubSpotEvent.Company, "deletion") => Happened(change, "CRM Company Deleted", read: null),
            (HubSpotEvent.Company, "restore") => Happened(change, "CRM Company Restored", ReadReason.Restored),
            // A deal names neither a person nor a company: both are its associations, which only reading it shows.
            (HubSpotEvent.Deal, "creation") => ReadAgain(change, ReadReason.Created),
            (HubSpotEvent.Deal, "propertyChange") => ReadAgain(change, ReadReason.Changed),
            (HubSpotEvent.Deal, "merge") => ReadAgain(change, ReadReason.Merged),
            (HubSpotEvent.Deal, "restore") => ReadAgain(change, ReadReason.Restored),
            (HubSpotEvent.Deal, "deletion") => ReadAgain(change, ReadReason.Deleted),
            var (noun, _) when s_unused.Contains(noun, StringComparer.Ordinal) || char.IsAsciiDigit(noun[0]) =>
                new WebhookSkipped(SkipReasons.ObjectNotUsed),
            _ => new WebhookFaulty(FaultReasons.TypeUnknown, "subscriptionType", CrmJson.Bytes(change.Json)),
        };

    private static WebhookItem OfProperty(HubSpotEvent change, HubSpotSource source)
    {
        JsonElement json = change.Json;
        if (CrmJson.Text(json, "propertyName") is not { } property)
        {
            return HubSpotEvent.Fault(json, "propertyName");
        }

        if (CrmJson.Member(json, "propertyValue") is not { } value)
        {
            return HubSpotEvent.Fault(json, "propertyValue");
        }

        if (CrmJson.IsTrue(json, "isSensitive") || CrmJson.Text(value) == Redacted)
        {
            return new WebhookSkipped(SkipReasons.SensitiveValue);
        }

        // Every value is a text, and an empty one says that there is none any more.
        // A text that was cut inside a character is not empty: what is left of it is kept, as in messages.
        bool isCleared =
            value.ValueKind == JsonValueKind.Null
            || (value.ValueKind == JsonValueKind.String && value.GetRawText().Length == 2);
        ImmutableArray<CrmField> fields = source.Names.Find(property) is { } name
            ? [isCleared ? CrmField.Cleared(name) : CrmField.Of(name, value)]
            : [];
        if (change.Noun == HubSpotEvent.Company)
        {
            CrmId company = change.CompanyId(change.ObjectId);
            return fields.IsEmpty
                ? new WebhookSkipped(SkipReasons.NoRule)
                : Taken(
                    new CrmMessage(EventKind.Group, change.Key)
                    {
                        At = change.At,
                        Ids = [company],
                        GroupId = CrmIdentifiers.GroupIdOf(company),
                        Fields = fields,
                    }
                );
        }

        CrmId contact = change.ContactId(change.ObjectId);
        ImmutableArray<CrmId> more = property switch
        {
            "hs_additional_emails" => [.. Split(value).Select(email => new CrmId(CrmIdentifiers.Email, email))],
            "hs_merged_object_ids" => [.. Split(value).Where(id => id.All(char.IsAsciiDigit)).Select(change.ContactId)],
            _ => [],
        };
        if (fields.IsEmpty && more.IsEmpty)
        {
            return new WebhookSkipped(SkipReasons.NoRule);
        }

        List<CrmMessage> messages = [.. Linked(change, contact, more, fields)];
        if (property == "associatedcompanyid" && CrmJson.Digits(value) is { } companyId)
        {
            messages.Add(HubSpotAssociations.Belongs(change, contact, change.CompanyId(companyId)));
        }

        return Taken([.. messages]);
    }

    private static WebhookItem OfMerge(HubSpotEvent change)
    {
        string? primary = CrmJson.Digits(change.Json, "primaryObjectId");
        string? survivor = CrmJson.Digits(change.Json, "newObjectId") ?? primary;
        if (survivor is null)
        {
            return HubSpotEvent.Fault(change.Json, "primaryObjectId");
        }

        // All but the survivor are gone: also the primary one, where the merge made a new record.
        string[] merged =
        [
            .. CrmJson
                .Texts(change.Json, "mergedObjectIds")
                .Where(id => id.All(char.IsAsciiDigit))
                .Append(primary)
                .Append(change.ObjectId)
                .OfType<string>()
                .Where(id => id != survivor)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        var read = new ReadRequest(change.Noun, survivor, ReadReason.Merged, change.At) { Account = change.Account };
        if (change.Noun == HubSpotEvent.Company)
        {
            CrmId company = change.CompanyId(survivor);
            return new WebhookTaken
            {
                Messages =
                [
                    new CrmMessage(EventKind.Group, change.Key)
                    {
                        At = change.At,
                        Ids = [company, .. merged.Select(change.CompanyId)],
                        GroupId = CrmIdentifiers.GroupIdOf(company),
                    },
                ],
                Reads = [read],
            };
        }

        return new WebhookTaken
        {
            Messages = [.. Linked(change, change.ContactId(survivor), [.. merged.Select(change.ContactId)], [])],
            // The values that the merge changed come by no event of their own.
            Reads = [read],
        };
    }

    /// <summary>One person by several ids: as many messages as it takes, since a message has a limit of ids.</summary>
    internal static IEnumerable<CrmMessage> Linked(
        HubSpotEvent change,
        CrmId contact,
        ImmutableArray<CrmId> more,
        ImmutableArray<CrmField> fields
    )
    {
        for (int first = 0; first == 0 || first < more.Length; first += IdsMax)
        {
            yield return new CrmMessage(EventKind.Identify, first == 0 ? change.Key : $"{change.Key}:{first}")
            {
                At = change.At,
                Ids = [contact, .. more.Skip(first).Take(IdsMax)],
                Fields = first == 0 ? fields : [],
            };
        }
    }

    private static WebhookTaken Happened(HubSpotEvent change, string name, ReadReason? read)
    {
        CrmId id =
            change.Noun == HubSpotEvent.Contact ? change.ContactId(change.ObjectId) : change.CompanyId(change.ObjectId);
        return new WebhookTaken
        {
            Messages =
            [
                new CrmMessage(EventKind.Track, change.Key)
                {
                    At = change.At,
                    Ids = [id],
                    Event = name,
                    Fields = [CrmField.Of("recordId", change.ObjectId)],
                },
            ],
            Reads = read is { } reason ? ReadAgain(change, reason).Reads : [],
        };
    }

    private static WebhookTaken ReadAgain(HubSpotEvent change, ReadReason reason) =>
        new()
        {
            Reads = [new ReadRequest(change.Noun, change.ObjectId, reason, change.At) { Account = change.Account }],
        };

    private static WebhookTaken Taken(params ReadOnlySpan<CrmMessage> messages) => new() { Messages = [.. messages] };

    private static string[] Split(JsonElement list) =>
        CrmJson.Text(list)?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
