using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Salesforce;

/// <summary>Reads one change event: which records changed, and what of them.</summary>
/// <remarks>
/// <para>
/// A field counts only if the header says that it changed: over the Pub/Sub API every other field is there, too, as null.
/// </para>
/// <para>
/// A merge is a deletion of the losers, which does not name the winner. So after each deletion the record is to be read, and until
/// then the id is only noted as deleted.
/// </para>
/// </remarks>
internal static class ChangeEvent
{
    public const string Header = "ChangeEventHeader";

    private const string AddressSuffix = "Address";

    /// <summary>What the event comes to: an item for each of its records.</summary>
    /// <param name="payload">The header and the fields.</param>
    /// <param name="whole">The event as sent, for what has to be read again.</param>
    public static IEnumerable<WebhookItem> Read(JsonElement payload, JsonElement whole, SalesforceSource source)
    {
        JsonElement headerJson = payload.GetProperty(Header);
        if (ChangeHeader.Read(headerJson, out string? missing) is not { } header)
        {
            string reason = CrmJson.Member(headerJson, missing!) is null
                ? FaultReasons.MemberMissing
                : FaultReasons.MemberInvalid;
            return [new WebhookFaulty(reason, $"{Header}.{missing}", CrmJson.Bytes(whole))];
        }

        if (!SalesforceRecord.IsUsed(header.Object))
        {
            return [new WebhookSkipped(SkipReasons.ObjectNotUsed)];
        }

        if (source.OwnClient is { } own && header.Client == own)
        {
            return [new WebhookSkipped(SkipReasons.OwnEcho)];
        }

        if (header.IsOverflow)
        {
            return [Reads(header, id: null, ReadReason.Overflow)];
        }

        if (header.RecordIds.IsEmpty)
        {
            return [new WebhookFaulty(FaultReasons.MemberMissing, $"{Header}.recordIds", CrmJson.Bytes(whole))];
        }

        Changes? changes = null;
        if (header.ChangeType is "CREATE" or "UNDELETE" or "UPDATE")
        {
            changes = header.ChangeType == "UPDATE" ? OfUpdate(payload, header, source) : OfWhole(payload, header);
            if (changes is null)
            {
                return
                [
                    new WebhookFaulty(
                        FaultReasons.BitmapWithoutSchema,
                        $"{Header}.changedFields",
                        CrmJson.Bytes(whole)
                    ),
                ];
            }
        }
        else if (header.ChangeType != "DELETE" && !header.IsGap)
        {
            return [new WebhookFaulty(FaultReasons.TypeUnknown, $"{Header}.changeType", CrmJson.Bytes(whole))];
        }

        return header.RecordIds.Select(id => ToItem(id, header, changes, whole, source));
    }

    private static WebhookItem ToItem(
        string written,
        ChangeHeader header,
        Changes? changes,
        JsonElement whole,
        SalesforceSource source
    )
    {
        if (written.EndsWith('*') && header.IsGap)
        {
            // 001*: which records it were is not known.
            return Reads(header, id: null, ReadReason.Gap);
        }

        if (!SalesforceId.TryNormalize(written, out string? id))
        {
            return new WebhookFaulty(FaultReasons.IdDamaged, $"{Header}.recordIds", CrmJson.Bytes(whole));
        }

        if (header.IsGap)
        {
            return Reads(header, id, ReadReason.Gap);
        }

        string key = $"{header.Key}:{id}";
        if (changes is null)
        {
            return Happened(header, id, key, "Deleted") with { Reads = Reads(header, id, ReadReason.Deleted).Reads };
        }

        WebhookTaken taken = new SalesforceRecord(header.Object, id, header.At, key, changes.Fields).ToTaken(
            source.Names
        );
        if (header.ChangeType == "UNDELETE")
        {
            taken = taken with
            {
                Messages = [.. Happened(header, id, key + ":restored", "Restored").Messages, .. taken.Messages],
            };
        }

        return changes.IsIncomplete && taken.Reads.IsEmpty
            ? taken with
            {
                Reads = Reads(header, id, ReadReason.Changed).Reads,
            }
            : taken;
    }

    private static WebhookTaken Happened(ChangeHeader header, string id, string key, string what) =>
        SalesforceRecord.IdOf(header.Object, id) is { } about
            ? new WebhookTaken
            {
                Messages =
                [
                    new CrmMessage(EventKind.Track, key)
                    {
                        At = header.At,
                        Ids = [about],
                        Event = $"CRM {header.Object} {what}",
                        Fields = [CrmField.Of("recordId", id)],
                    },
                ],
            }
            : new WebhookTaken();

    private static WebhookTaken Reads(ChangeHeader header, string? id, ReadReason reason) =>
        new() { Reads = [new ReadRequest(header.Object, id, reason, header.At)] };

    /// <summary>Of a new record every value that is there.</summary>
    private static Changes OfWhole(JsonElement payload, ChangeHeader header)
    {
        var fields = ImmutableArray.CreateBuilder<CrmField>();
        foreach (JsonProperty member in payload.EnumerateObject().Where(member => member.Name != Header))
        {
            AddSet(fields, member.Name, member.Value);
        }

        return new Changes(fields.ToImmutable(), IsIncomplete: !header.Diffed.IsEmpty);
    }

    /// <summary>Of a change what the header names; null where it names fields by bits that nobody can read.</summary>
    private static Changes? OfUpdate(JsonElement payload, ChangeHeader header, SalesforceSource source)
    {
        source.Schemas.TryGetValue(header.Object, out ChangeSchema? schema);
        ImmutableArray<string>? changed = NamesOf(header.Changed, schema);
        ImmutableArray<string>? nulled = NamesOf(header.Nulled, schema);
        ImmutableArray<string>? diffed = NamesOf(header.Diffed, schema);
        if (changed is null || nulled is null || diffed is null)
        {
            return null;
        }

        var fields = ImmutableArray.CreateBuilder<CrmField>();
        bool isIncomplete = diffed.Value.Length > 0;
        // Events of before the header named them hold what changed, and nothing else.
        IEnumerable<string> names = changed.Value.IsEmpty
            ? payload.EnumerateObject().Where(IsValue).Select(member => member.Name)
            : changed.Value;
        foreach (string name in names.Except(nulled.Value).Except(diffed.Value))
        {
            JsonElement? value = ValueOf(payload, name);
            if (value is null)
            {
                // It changed, and its value did not come.
                isIncomplete = true;
            }
            else if (value is { ValueKind: JsonValueKind.Null })
            {
                fields.Add(CrmField.Cleared(FlatName(name)));
            }
            else
            {
                AddSet(fields, name, value.Value);
            }
        }

        fields.AddRange(nulled.Value.Select(name => CrmField.Cleared(FlatName(name))));
        return new Changes(fields.ToImmutable(), isIncomplete);
    }

    private static bool IsValue(JsonProperty member) =>
        member.Name != Header && member.Value.ValueKind != JsonValueKind.Null;

    private static ImmutableArray<string>? NamesOf(ImmutableArray<string> written, ChangeSchema? schema)
    {
        string[] bitmaps = [.. written.Where(ChangeSchema.IsBitmap)];
        if (bitmaps.Length == 0)
        {
            return written;
        }

        return schema?.Expand(bitmaps) is { } names
            ? [.. written.Except(bitmaps, StringComparer.Ordinal), .. names.Where(name => name != Header)]
            : null;
    }

    private static void AddSet(ImmutableArray<CrmField>.Builder fields, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Null)
                {
                    fields.Add(CrmField.Of(FlatName($"{name}.{member.Name}"), member.Value));
                }
            }
        }
        else if (value.ValueKind != JsonValueKind.Null)
        {
            fields.Add(CrmField.Of(FlatName(name), value));
        }
    }

    private static JsonElement? ValueOf(JsonElement payload, string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? CrmJson.Member(payload, name)
            : CrmJson.Member(payload, name[..dot]) is { } parent ? CrmJson.Member(parent, name[(dot + 1)..])
            : null;
    }

    /// <summary>
    /// A member of a compound field by the name that it has everywhere else: <c>Name.FirstName</c> is <c>FirstName</c>, and
    /// <c>MailingAddress.City</c> is <c>MailingCity</c>.
    /// </summary>
    private static string FlatName(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return name;
        }

        string parent = name[..dot];
        string member = name[(dot + 1)..];
        return parent == "Name" ? member
            : parent.EndsWith(AddressSuffix, StringComparison.Ordinal) ? parent[..^AddressSuffix.Length] + member
            : name;
    }

    /// <param name="Fields">What is known of the change.</param>
    /// <param name="IsIncomplete">There is more to it: the record has to be read.</param>
    private sealed record Changes(ImmutableArray<CrmField> Fields, bool IsIncomplete);
}
