using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Consent;

/// <summary>
/// The canonical form of a consent policy: <c>{"purposes":{name:{"scope","basis","choice","regions"?:{region:choice},"days"?,
/// "evidence"?:[…],"collect","read","delivery","objection"?}},"wire":{form:{id:[purposes]}},"sources":{source:{form:path}},
/// "traits":{trait:{"purpose","denies":[…],"grants":[…]}},"personal":[…],"devices":[…],"sdk":{"categories":[…],"needs":[…]}}</c>.
/// </summary>
internal static class ConsentPolicyJson
{
    public static void Write(Utf8JsonWriter writer, ConsentPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("purposes"u8);
        foreach (ConsentPurpose purpose in policy.Purposes)
        {
            Write(writer, purpose);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("wire"u8);
        foreach (IGrouping<string, ConsentMapping> form in policy.Wire.GroupBy(one => one.Form))
        {
            writer.WriteStartObject(form.Key);
            foreach (ConsentMapping mapping in form)
            {
                WriteList(writer, mapping.Id, mapping.Purposes);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("sources"u8);
        foreach ((string source, ImmutableArray<ConsentPlace> places) in policy.Places)
        {
            writer.WriteStartObject(source);
            foreach (ConsentPlace place in places)
            {
                writer.WriteString(place.Form, place.Path);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("traits"u8);
        foreach (ConsentTrait trait in policy.Traits)
        {
            writer.WriteStartObject(trait.Trait);
            writer.WriteString("purpose"u8, trait.Purpose);
            WriteList(writer, "denies", trait.Denies);
            WriteList(writer, "grants", trait.Grants);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        WriteList(writer, "personal", policy.Personal);
        WriteList(writer, "devices", policy.Devices);
        writer.WriteStartObject("sdk"u8);
        WriteList(writer, "categories", policy.SdkCategories);
        WriteList(writer, "needs", policy.SdkNeeds);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ConsentPurpose purpose)
    {
        writer.WriteStartObject(purpose.Name);
        writer.WriteString("scope"u8, ConsentWords.TextOf(ConsentWords.Scopes, purpose.Scope));
        writer.WriteString("basis"u8, purpose.Basis);
        writer.WriteString("choice"u8, ConsentWords.TextOf(ConsentWords.Choices, purpose.Choice));
        if (!purpose.Regions.IsEmpty)
        {
            writer.WriteStartObject("regions"u8);
            foreach ((string region, ConsentChoice choice) in purpose.Regions)
            {
                writer.WriteString(region, ConsentWords.TextOf(ConsentWords.Choices, choice));
            }

            writer.WriteEndObject();
        }

        if (purpose.Days is { } days)
        {
            writer.WriteNumber("days"u8, days);
        }

        if (!purpose.Evidence.IsEmpty)
        {
            WriteList(writer, "evidence", purpose.Evidence);
        }

        writer.WriteString("collect"u8, ConsentWords.TextOf(ConsentWords.Boundaries, purpose.Collect));
        writer.WriteString("read"u8, ConsentWords.TextOf(ConsentWords.Reads, purpose.Read));
        writer.WriteString("delivery"u8, ConsentWords.TextOf(ConsentWords.Deliveries, purpose.DeliversAnyway));
        if (purpose.IsObjectedTo)
        {
            writer.WriteString("objection"u8, ConsentWords.TextOf(ConsentWords.Objections, purpose.IsObjectedTo));
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
