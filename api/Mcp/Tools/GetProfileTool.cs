using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>get_profile</c>: what is known of a person, as <c>GET /v1/profiles/{identifier}</c> answers it.</summary>
/// <remarks>
/// The verbose form is asked for, since it says what is withheld of this very person; unless the agent wants to know where values
/// come from, the values alone are passed on.
/// </remarks>
internal sealed class GetProfileTool(ProfileAccess access) : GridTool(s_description)
{
    private const string FieldsName = "fields";
    private const string SourcesName = "sources";
    private const string Access = "access";

    private static readonly ToolDescription s_description = new(
        "get_profile",
        "Read a profile",
        "Reads what is known of a person: identifiers, traits, consent, companies, counts of events, when first and last seen. "
            + "Name the traits that you need with fields: it keeps the answer short and other data out of it."
    )
    {
        Parameters =
        [
            ToolParts.Identifier,
            new(
                FieldsName,
                ArgumentKind.Texts,
                "Only these traits; the other parts are left out unless named: "
                    + "identifiers, consent, accounts, events, lifecycle."
            ),
            new(
                SourcesName,
                ArgumentKind.Flag,
                "true: with each trait's source, time and overruled values, as far as they may be seen."
            ),
        ],
        Data = ToolParts.Shape(
            ("customerId", "string", "The grid's own id."),
            ("identifiers", "array", "By what the person is known: type and value."),
            ("traits", "object", "Name to value; with sources an object with value, source, at and more."),
            ("consent", "object", "Purpose to status."),
            ("accounts", "array", "Companies."),
            ("events", "array", "Kinds and names of events with counts and times."),
            ("lifecycle", "object", "When first and last seen, and in how many messages.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<ProfileText> found = await access.Get(
            call.Asker,
            call.Arguments.Text(ToolParts.IdentifierName),
            ProfileForm.Verbose
        );
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        using var profile = JsonDocument.Parse(found.Value.Json);
        JsonElement root = profile.RootElement;
        byte[]? listing = root.TryGetProperty(Access, out JsonElement kept)
            ? ToolParts.Json(kept.WriteTo).ToArray()
            : null;
        var form = new WantedParts(
            call.Arguments.Texts(FieldsName),
            KeepsSources: call.Arguments.Flag(SourcesName),
            HasSources: HasSources(kept)
        );
        return new ToolData(ToolParts.Json(writer => Write(writer, root, form))) { Listing = listing };
    }

    /// <summary>Traits stand with their sources unless the policy withholds that part.</summary>
    private static bool HasSources(JsonElement access) =>
        access.ValueKind != JsonValueKind.Object
        || !access
            .GetProperty("withheld"u8)
            .EnumerateArray()
            .Any(one => one.TryGetProperty("part"u8, out JsonElement part) && part.ValueEquals("sources"u8));

    private static void Write(Utf8JsonWriter writer, JsonElement root, WantedParts form)
    {
        writer.WriteStartObject();
        foreach (JsonProperty member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case Access or "version" or "absentTraits" or "audiences":
                    break;
                case "customerId":
                    member.WriteTo(writer);
                    break;
                case "traits":
                    WriteTraits(writer, member.Value, form);
                    break;
                case "identifiers" when form.Wants(member.Name) && !form.KeepsSources:
                    WriteIdentifiers(writer, member.Value);
                    break;
                default:
                    if (form.Wants(member.Name))
                    {
                        member.WriteTo(writer);
                    }

                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteTraits(Utf8JsonWriter writer, JsonElement traits, WantedParts form)
    {
        writer.WriteStartObject("traits"u8);
        foreach (JsonProperty trait in traits.EnumerateObject())
        {
            if (!form.Wants(trait.Name))
            {
                continue;
            }

            writer.WritePropertyName(trait.Name);
            JsonElement value = form is { HasSources: true, KeepsSources: false }
                ? trait.Value.GetProperty("value"u8)
                : trait.Value;
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteIdentifiers(Utf8JsonWriter writer, JsonElement identifiers)
    {
        writer.WriteStartArray("identifiers"u8);
        foreach (JsonElement one in identifiers.EnumerateArray())
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, one.GetProperty("type"u8).GetString());
            writer.WriteString("value"u8, one.GetProperty("value"u8).GetString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <param name="HasSources">The profile's traits are objects with sources.</param>
    private sealed record WantedParts(ImmutableArray<string> Fields, bool KeepsSources, bool HasSources)
    {
        public bool Wants(string name) => Fields.IsEmpty || Fields.Contains(name, StringComparer.Ordinal);
    }
}
