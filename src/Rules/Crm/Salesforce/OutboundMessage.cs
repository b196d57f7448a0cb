using System.Collections.Immutable;
using System.Text;
using System.Xml;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm.Salesforce;

/// <summary>
/// Reads outbound messages: SOAP 1.1 with up to a hundred records. Salesforce sends a message again, for a day, until it is
/// answered with <see cref="Ack"/>.
/// </summary>
/// <remarks>
/// What comes from outside may be made to harm: a document type is refused (and with it entities), and depth, length and number of
/// everything are bounded.
/// </remarks>
public static class OutboundMessage
{
    private const string Outbound = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Notifications = "http://soap.sforce.com/2005/09/outbound";
    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";
    private const int RecordsMax = 100;
    private const int FieldsMax = 1_000;
    private const int DepthMax = 16;
    private const int CharactersMax = 4_000_000;

    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = CharactersMax,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>
    /// The answer that says that all records are stored. Salesforce takes no other for it: not an empty 200, and not the name
    /// <c>notifications</c> in the place of <c>notificationsResponse</c>.
    /// </summary>
    public static ReadOnlyMemory<byte> Ack { get; } =
        Encoding.UTF8.GetBytes(
            $"<soapenv:Envelope xmlns:soapenv=\"{Outbound}\"><soapenv:Body><notificationsResponse xmlns=\"{Notifications}\">"
                + "<Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>"
        );

    /// <summary>Reads a body; a refusal where it is no such message, or one of another organization.</summary>
    public static Outcome<WebhookReading> Read(ReadOnlyMemory<byte> body, SalesforceSource source)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream, s_settings);
            return Read(reader, body, source);
        }
        catch (XmlException)
        {
            // What the parser says may quote the body.
            return new WebhookUnreadable("it is no XML, or has what is not allowed here");
        }
    }

    private static Outcome<WebhookReading> Read(XmlReader reader, ReadOnlyMemory<byte> body, SalesforceSource source)
    {
        if (!Enter(reader, "Envelope", Outbound) || !Enter(reader, "Body", Outbound))
        {
            return new WebhookUnreadable("it is no SOAP envelope");
        }

        if (!Enter(reader, "notifications", Notifications))
        {
            return new WebhookUnreadable("it holds no notifications");
        }

        string? organization = null;
        var records = new List<Notified>();
        int depth = reader.Depth;
        while (NextChild(reader, depth))
        {
            if (Is(reader, "OrganizationId"))
            {
                organization = Text(reader);
            }
            else if (Is(reader, "Notification"))
            {
                if (records.Count == RecordsMax)
                {
                    return new WebhookUnreadable("it has over 100 notifications");
                }

                records.Add(ReadRecord(reader));
            }
            else
            {
                // Among them a session by which one could call Salesforce: it is not looked at.
                Skip(reader);
            }
        }

        // The rest has to be well-formed, too.
        while (reader.Read())
        {
            CheckDepth(reader);
        }

        return IsTaken(organization, source)
            ? new WebhookReading([.. records.Select(record => ToItem(record, body, source))])
            : new OrganizationOther();
    }

    private static bool IsTaken(string? organization, SalesforceSource source) =>
        source.Organizations.IsEmpty
        || (
            SalesforceId.TryNormalize(organization, out string? id)
            && source.Organizations.Any(one => SalesforceId.TryNormalize(one, out string? taken) && taken == id)
        );

    private static WebhookItem ToItem(Notified record, ReadOnlyMemory<byte> body, SalesforceSource source)
    {
        if (!SalesforceId.TryNormalize(record.NotificationId, out string? notification))
        {
            return new WebhookFaulty(FaultReasons.MemberMissing, "Notification.Id", body);
        }

        if (record.Type is null || record.Fields.Count == 0)
        {
            return new WebhookSkipped(SkipReasons.NoRecord);
        }

        if (!SalesforceRecord.IsUsed(record.Type))
        {
            return new WebhookSkipped(SkipReasons.ObjectNotUsed);
        }

        if (!SalesforceId.TryNormalize(record.Fields.GetValueOrDefault("Id"), out string? id))
        {
            return new WebhookFaulty(FaultReasons.IdDamaged, "sObject.Id", body);
        }

        DateTimeOffset? at = TimeIn(record, "SystemModstamp") ?? TimeIn(record, "LastModifiedDate");
        if (record.Fields.Count == 1)
        {
            // A record that was deleted in the meantime comes without its data.
            return new WebhookTaken { Reads = [new ReadRequest(record.Type, id, ReadReason.Deleted, at)] };
        }

        return new SalesforceRecord(
            record.Type,
            id,
            at,
            $"salesforce:{notification}",
            [
                .. record.Fields.Select(field =>
                    field.Value is null ? CrmField.Cleared(field.Key) : CrmField.Of(field.Key, field.Value)
                ),
            ]
        ).ToTaken(source.Names);
    }

    private static DateTimeOffset? TimeIn(Notified record, string field) =>
        record.Fields.GetValueOrDefault(field) is { } text
        && Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out DateTimeOffset time)
            ? time
            : null;

    private static Notified ReadRecord(XmlReader reader)
    {
        var record = new Notified();
        int depth = reader.Depth;
        if (reader.IsEmptyElement)
        {
            return record;
        }

        while (NextChild(reader, depth))
        {
            if (Is(reader, "Id"))
            {
                record.NotificationId = Text(reader);
            }
            else if (Is(reader, "sObject"))
            {
                string? type = reader.GetAttribute("type", Instance);
                record.Type = type?[(type.IndexOf(':', StringComparison.Ordinal) + 1)..];
                ReadFields(reader, record);
            }
            else
            {
                Skip(reader);
            }
        }

        return record;
    }

    private static void ReadFields(XmlReader reader, Notified record)
    {
        int depth = reader.Depth;
        if (reader.IsEmptyElement)
        {
            return;
        }

        while (NextChild(reader, depth))
        {
            string name = reader.LocalName;
            bool isNothing = reader.GetAttribute("nil", Instance) is "true" or "1";
            string? value = Text(reader);
            if (record.Fields.Count < FieldsMax)
            {
                record.Fields[name] = isNothing || value!.Length == 0 ? null : value;
            }
        }
    }

    /// <summary>Moves to the first element in the open one; false where it is another.</summary>
    private static bool Enter(XmlReader reader, string name, string space)
    {
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (reader.LocalName == "Header" && reader.NamespaceURI == Outbound)
                {
                    Skip(reader);
                    continue;
                }

                return reader.LocalName == name && reader.NamespaceURI == space;
            }
        }

        return false;
    }

    /// <summary>Moves to the next element right below the one at this depth; false, at its end, where there is none.</summary>
    private static bool NextChild(XmlReader reader, int depth)
    {
        while (reader.Read())
        {
            if (reader.Depth <= depth)
            {
                return false;
            }

            if (reader.NodeType == XmlNodeType.Element)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(XmlReader reader, string name) =>
        reader.LocalName == name && reader.NamespaceURI == Notifications;

    /// <summary>The text of an element, without that of elements in it; stands at its end afterwards.</summary>
    private static string Text(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            return "";
        }

        int depth = reader.Depth;
        var text = new StringBuilder();
        while (reader.Read() && reader.Depth > depth)
        {
            CheckDepth(reader);
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && reader.Depth == depth + 1)
            {
                text.Append(reader.Value);
            }
        }

        return text.ToString();
    }

    private static void Skip(XmlReader reader) => Text(reader);

    private static void CheckDepth(XmlReader reader)
    {
        if (reader.Depth > DepthMax)
        {
            throw new XmlException("Nested too deep.");
        }
    }

    private sealed class Notified
    {
        public string? NotificationId { get; set; }

        public string? Type { get; set; }

        /// <summary>By name; null: it says that there is none.</summary>
        public Dictionary<string, string?> Fields { get; } = new(StringComparer.Ordinal);
    }
}
