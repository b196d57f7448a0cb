using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Crm.HubSpot;

namespace Customer360.Rules.Crm.Reads;

/// <summary>The calls of HubSpot's API by which records are read.</summary>
internal static class HubSpotCalls
{
    /// <summary>Records of a page of a search.</summary>
    public const int PageMax = 100;

    private const string Objects = "/crm/v3/objects/";

    private static readonly ImmutableArray<string> s_contact =
    [
        "email",
        "firstname",
        "lastname",
        "phone",
        "mobilephone",
        "jobtitle",
        "company",
        "website",
        "city",
        "state",
        "country",
        "industry",
        "lifecyclestage",
        "hs_lead_status",
        HubSpotObject.CompanyId,
        HubSpotObject.AdditionalEmails,
        HubSpotObject.MergedIds,
    ];

    private static readonly ImmutableArray<string> s_company =
    [
        "name",
        "domain",
        "website",
        "phone",
        "industry",
        "numberofemployees",
        "annualrevenue",
        "city",
        "state",
        "country",
        "lifecyclestage",
        "hubspot_owner_id",
        "hs_parent_company_id",
        HubSpotObject.MergedIds,
    ];

    private static readonly ImmutableArray<string> s_deal =
    [
        "dealname",
        "amount",
        "deal_currency_code",
        "dealstage",
        "dealtype",
        "pipeline",
        "closedate",
        "hs_is_closed",
        "hs_is_closed_won",
        "hubspot_owner_id",
        HubSpotObject.MergedIds,
    ];

    /// <summary>What HubSpot calls the records of a kind in its paths.</summary>
    public static string? TypeOf(string noun) =>
        noun switch
        {
            HubSpotEvent.Contact => "contacts",
            HubSpotEvent.Company => "companies",
            HubSpotEvent.Deal => "deals",
            _ => null,
        };

    /// <summary>The properties that are asked for: without being asked HubSpot tells a handful. One that it does not have it passes over.</summary>
    /// <param name="own">Those that the source names beside the built-in ones.</param>
    public static ImmutableArray<string> PropertiesOf(string noun, ImmutableArray<string> own) =>
        [
            .. (
                noun switch
                {
                    HubSpotEvent.Contact => s_contact,
                    HubSpotEvent.Company => s_company,
                    _ => s_deal,
                }
            )
                .Concat(own)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Records by their ids. Live and archived ones are asked for apart.</summary>
    public static CrmCall Batch(
        string noun,
        IEnumerable<string> ids,
        ImmutableArray<string> properties,
        bool isArchived
    ) =>
        Post(
            $"{Objects}{TypeOf(noun)}/batch/read?archived={(isArchived ? "true" : "false")}",
            writer =>
            {
                WriteTexts(writer, "properties", properties);
                writer.WriteStartArray("propertiesWithHistory"u8);
                writer.WriteEndArray();
                WriteInputs(writer, ids);
            }
        );

    /// <summary>One record, by its id or the id of a record that was merged into it.</summary>
    public static CrmCall Single(string noun, string id, ImmutableArray<string> properties) =>
        new($"{Objects}{TypeOf(noun)}/{id}?properties={Uri.EscapeDataString(string.Join(',', properties))}");

    /// <summary>
    /// The records that changed since a time, in the order of their ids. A search shows 10,000 at most; so each page begins behind
    /// the last id of the one before, and is a search of its own.
    /// </summary>
    public static CrmCall Since(
        string noun,
        DateTimeOffset? since,
        string? afterId,
        ImmutableArray<string> properties
    ) =>
        Post(
            $"{Objects}{TypeOf(noun)}/search",
            writer =>
            {
                writer.WriteStartArray("filterGroups"u8);
                writer.WriteStartObject();
                writer.WriteStartArray("filters"u8);
                if (since is { } time)
                {
                    string milliseconds = time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
                    WriteFilter(
                        writer,
                        noun == HubSpotEvent.Contact ? "lastmodifieddate" : "hs_lastmodifieddate",
                        "GTE",
                        milliseconds
                    );
                }

                WriteFilter(writer, "hs_object_id", "GT", afterId ?? "0");
                writer.WriteEndArray();
                writer.WriteEndObject();
                writer.WriteEndArray();
                writer.WriteStartArray("sorts"u8);
                writer.WriteStartObject();
                writer.WriteString("propertyName"u8, "hs_object_id"u8);
                writer.WriteString("direction"u8, "ASCENDING"u8);
                writer.WriteEndObject();
                writer.WriteEndArray();
                WriteTexts(writer, "properties", properties);
                writer.WriteNumber("limit"u8, PageMax);
            }
        );

    /// <summary>The contacts or companies that take part in deals.</summary>
    public static CrmCall Associations(string noun, IEnumerable<string> deals) =>
        Post(
            $"/crm/v4/associations/{TypeOf(HubSpotEvent.Deal)}/{TypeOf(noun)}/batch/read",
            writer => WriteInputs(writer, deals)
        );

    private static CrmCall Post(string path, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new CrmCall(path) { Body = buffer.WrittenMemory };
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void WriteInputs(Utf8JsonWriter writer, IEnumerable<string> ids)
    {
        writer.WriteStartArray("inputs"u8);
        foreach (string id in ids)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteFilter(Utf8JsonWriter writer, string property, string @operator, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("propertyName"u8, property);
        writer.WriteString("operator"u8, @operator);
        writer.WriteString("value"u8, value);
        writer.WriteEndObject();
    }
}
