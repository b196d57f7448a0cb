using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Mcp.Tools;

/// <summary>
/// <c>data_held</c>: how much of what is held about a person, which is what a package of access would have. No request is made.
/// </summary>
internal sealed class DataHeldTool(ProfileAccess access, IGrainFactory grains) : GridTool(s_description)
{
    private static readonly ToolDescription s_description = new(
        "data_held",
        "See what is held",
        "Counts what is held about a person: identifiers by type, traits, companies, messages by kind, what was said about consent, "
            + "decisions, leads, and requests that the person has made. It shows no value, and makes no request."
    )
    {
        Task = RoleTasks.Privacy,
        Parameters = [ToolParts.Identifier],
        Data = ToolParts.Shape(
            ("customerId", "string", "The grid's own id."),
            ("identifiers", "object", "Type to count."),
            ("traits", "integer", "How many."),
            ("accounts", "integer", "Companies."),
            ("messages", "object", "Kind to count."),
            ("consentEntries", "integer", "How often something was said about consent."),
            ("decisions", "integer", "About who this is; 10,000 stands for that many or more."),
            ("leads", "integer", "How many."),
            ("requests", "integer", "What the person asked about the data before."),
            ("firstSeenAt", "string", "UTC."),
            ("lastSeenAt", "string", "UTC.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<HeldData> held = await access.CountHeld(
            call.Asker,
            call.Arguments.Text(ToolParts.IdentifierName),
            call.Aborted
        );
        if (!held.Succeeded)
        {
            return held.Refusal;
        }

        ImmutableArray<PrivacyRequestView> requests = await grains
            .GetGrain<IPrivacyGrain>(GrainKeys.Current)
            .ListOf([held.Value.CustomerId]);
        return new ToolData(ToolParts.Json(writer => Write(writer, held.Value, requests.Length)))
        {
            Listing = held.Value.Fields.Table?.Listing(),
        };
    }

    private static void Write(Utf8JsonWriter writer, HeldData held, int requests)
    {
        writer.WriteStartObject();
        writer.WriteString("customerId"u8, held.CustomerId);
        WriteCounts(writer, "identifiers"u8, held.Identifiers);
        writer.WriteNumber("traits"u8, held.Traits);
        WriteIfSeen(writer, "accounts"u8, held.Accounts);
        if (held.Messages is { } messages)
        {
            WriteCounts(writer, "messages"u8, messages);
        }

        writer.WriteNumber("consentEntries"u8, held.ConsentEntries);
        WriteIfSeen(writer, "decisions"u8, held.Decisions);
        writer.WriteNumber("leads"u8, held.Leads);
        writer.WriteNumber("requests"u8, requests);
        if (held is { FirstSeenAt: { } first, LastSeenAt: { } last })
        {
            writer.WriteTime("firstSeenAt"u8, first);
            writer.WriteTime("lastSeenAt"u8, last);
        }

        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ImmutableArray<HeldCount> counts)
    {
        writer.WriteStartObject(name);
        foreach (HeldCount one in counts)
        {
            writer.WriteNumber(one.Kind, one.Count);
        }

        writer.WriteEndObject();
    }

    private static void WriteIfSeen(Utf8JsonWriter writer, ReadOnlySpan<byte> name, int? count)
    {
        if (count is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
