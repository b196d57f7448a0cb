using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm.Salesforce;

/// <summary>
/// Reads what Salesforce sends, or a bridge for it: outbound messages (SOAP), change events and platform events (JSON, as CometD
/// has them, one or a list).
/// </summary>
public static class SalesforceDecoder
{
    private const string PlatformChannel = "/event/";

    /// <summary>True of a body that has to be answered as an outbound message is.</summary>
    public static bool IsOutboundMessage(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> text = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        return text.TrimStart(" \t\r\n"u8).StartsWith("<"u8);
    }

    /// <summary>Reads a body; a refusal where it is none of them.</summary>
    public static Outcome<WebhookReading> Read(ReadOnlyMemory<byte> body, SalesforceSource source)
    {
        if (IsOutboundMessage(body.Span))
        {
            return OutboundMessage.Read(body, source);
        }

        using JsonDocument? document = CrmJson.Parse(body);
        return document?.RootElement switch
        {
            { ValueKind: JsonValueKind.Array } events => new WebhookReading([
                .. events.EnumerateArray().SelectMany(one => Read(one, source)),
            ]),
            { ValueKind: JsonValueKind.Object } one => new WebhookReading([.. Read(one, source)]),
            _ => new WebhookUnreadable("it is neither XML nor JSON with events"),
        };
    }

    private static IEnumerable<WebhookItem> Read(JsonElement json, SalesforceSource source)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return [new WebhookFaulty(FaultReasons.NotAnObject, Place: null, CrmJson.Bytes(json))];
        }

        JsonElement data = CrmJson.Member(json, "data") ?? json;
        JsonElement payload = CrmJson.Member(data, "payload") ?? data;
        if (CrmJson.Member(payload, ChangeEvent.Header) is { ValueKind: JsonValueKind.Object })
        {
            // Its values are copied while they are read: the document is gone afterwards.
            return [.. ChangeEvent.Read(payload, json, source)];
        }

        string channel = CrmJson.Text(json, "channel") ?? "";
        return
            channel.StartsWith(PlatformChannel, StringComparison.Ordinal) && payload.ValueKind == JsonValueKind.Object
            ? [OfPlatformEvent(channel, data, payload, json, source)]
            : [new WebhookFaulty(FaultReasons.TypeUnknown, "channel", CrmJson.Bytes(json))];
    }

    /// <summary>
    /// An event that the company has defined itself. Its fields are its own; whom it is about say the e-mail address in it and
    /// the ids of leads and contacts, which are known by how they begin.
    /// </summary>
    private static WebhookItem OfPlatformEvent(
        string channel,
        JsonElement data,
        JsonElement payload,
        JsonElement whole,
        SalesforceSource source
    )
    {
        var ids = ImmutableArray.CreateBuilder<CrmId>();
        var fields = ImmutableArray.CreateBuilder<CrmField>();
        foreach (JsonProperty member in payload.EnumerateObject())
        {
            string? text = CrmJson.Text(member.Value);
            if (SalesforceId.TryNormalize(text, out string? id) && PersonOf(id) is { } person)
            {
                ids.Add(person);
            }
            else if (text is not null && member.Name is "Email" or "Email__c")
            {
                ids.Add(new CrmId(CrmIdentifiers.Email, text!));
            }

            if (member.Value.ValueKind != JsonValueKind.Null && source.Names.Find(member.Name) is { } name)
            {
                fields.Add(CrmField.Of(name, member.Value));
            }
        }

        return ids.Count == 0
            ? new WebhookFaulty(FaultReasons.NamesNobody, Place: null, CrmJson.Bytes(whole))
            : new WebhookTaken
            {
                Messages =
                [
                    new CrmMessage(EventKind.Track, KeyOf(channel, data, payload))
                    {
                        At = TimeOf(payload),
                        Ids = [.. ids.Distinct()],
                        Event = channel[PlatformChannel.Length..],
                        Fields = fields.ToImmutable(),
                    },
                ],
            };
    }

    private static CrmId? PersonOf(string id) =>
        id.StartsWith(SalesforceId.ContactPrefix, StringComparison.Ordinal)
            ? new CrmId(CrmIdentifiers.SalesforceContact, id)
        : id.StartsWith(SalesforceId.LeadPrefix, StringComparison.Ordinal)
            ? new CrmId(CrmIdentifiers.SalesforceLead, id)
        : null;

    private static string KeyOf(string channel, JsonElement data, JsonElement payload)
    {
        JsonElement delivery = CrmJson.Member(data, "event") ?? data;
        return CrmJson.Text(delivery, "EventUuid") is { } uuid ? $"salesforce:{uuid}"
            : CrmJson.Text(delivery, "replayId") is { } replay ? $"salesforce:{channel}:{replay}"
            // It has no number; the same text twice is taken for the same event.
            : $"salesforce:{Convert.ToHexStringLower(SHA256.HashData(CrmJson.Bytes(payload).Span).AsSpan(0, 16))}";
    }

    private static DateTimeOffset? TimeOf(JsonElement payload) =>
        CrmJson.Text(payload, "CreatedDate") is { } text
        && Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out DateTimeOffset time)
            ? time
            : null;
}
