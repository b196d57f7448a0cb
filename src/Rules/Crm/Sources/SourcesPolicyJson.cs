using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Crm.Verification;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Sources;

/// <summary>
/// The canonical form of the sources: <c>{"sources":{name:{"kind","verify":{…},…}}}</c>. A template is written with all that it
/// says, so that a release that changes one changes the version of every policy that names it.
/// </summary>
internal static class SourcesPolicyJson
{
    public static void Write(Utf8JsonWriter writer, SourcesPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("sources"u8);
        foreach ((string name, WebhookSource source) in policy.Sources)
        {
            writer.WriteStartObject(name);
            writer.WriteString("kind"u8, Word(source.Kind));
            writer.WriteStartObject("verify"u8);
            Write(writer, source.Verification);
            writer.WriteEndObject();
            WriteOwn(writer, source);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter writer, WebhookSource source)
    {
        switch (source.Kind)
        {
            case SourceKind.HubSpot:
                WriteList(writer, "accounts", source.HubSpot.Accounts);
                WriteText(writer, "ownApp", source.HubSpot.OwnApp);
                WriteNames(writer, source);
                break;
            case SourceKind.Salesforce:
                WriteList(writer, "organizations", source.Salesforce.Organizations);
                WriteText(writer, "ownClient", source.Salesforce.OwnClient);
                WriteNames(writer, source);
                WriteSchemas(writer, source.Salesforce);
                break;
            default:
                Write(writer, source.Mapping!);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, VerificationTemplate template)
    {
        if (template is TokenTemplate token)
        {
            writer.WriteString("scheme"u8, Word(token.Place));
            writer.WriteString("name"u8, token.Name);
            return;
        }

        var signature = (SignatureTemplate)template;
        writer.WriteString("scheme"u8, "signature"u8);
        WriteList(writer, "header", signature.Headers);
        writer.WriteString("content"u8, signature.Content.Text);
        writer.WriteString("algorithm"u8, Word(signature.Algorithm));
        writer.WriteBoolean("keyed"u8, signature.IsKeyed);
        writer.WriteString("encoding"u8, Word(signature.Encoding));
        writer.WriteString("keyEncoding"u8, Word(signature.KeyEncoding));
        writer.WriteString("prefix"u8, signature.Prefix);
        if (signature.List is { } list)
        {
            writer.WriteString("separator"u8, list.Separator.ToString());
            writer.WriteString("assignment"u8, list.Assignment.ToString());
            writer.WriteString("signatureName"u8, list.SignatureName);
            WriteText(writer, "timestampName", list.TimestampName);
        }

        if (signature.Timestamp is { } timestamp)
        {
            WriteList(writer, "timestampHeader", timestamp.Headers);
            writer.WriteString("timestampUnit"u8, Word(timestamp.Unit));
            writer.WriteNumber("windowSeconds"u8, timestamp.WindowSeconds);
        }

        WriteList(writer, "idHeader", signature.IdHeaders);
    }

    private static void Write(Utf8JsonWriter writer, RecordMapping mapping)
    {
        writer.WriteString("records"u8, mapping.Records.Text);
        writer.WriteString("id"u8, mapping.Id.Text);
        writer.WriteStartArray("rules"u8);
        foreach (MappingRule rule in mapping.Rules)
        {
            writer.WriteStartObject();
            Write(writer, rule);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, MappingRule rule)
    {
        writer.WriteString("name"u8, rule.Name);
        writer.WriteString(
            "type"u8,
            rule.Result == RuleResult.Message ? EventKinds.Text(rule.Kind) : Word(rule.Result)
        );
        writer.WriteStartObject("when"u8);
        foreach (RuleCondition condition in rule.When)
        {
            writer.WritePropertyName(condition.Value.Text);
            if (condition.AnyOf is { } texts)
            {
                WriteItems(writer, texts);
            }
            else
            {
                writer.WriteStringValue("*"u8);
            }
        }

        writer.WriteEndObject();
        WriteText(writer, "event", rule.Event?.Text);
        WriteText(writer, "group", rule.Group?.Text);
        WriteText(writer, "time", rule.Time?.Text);
        writer.WriteString("timeUnit"u8, Word(rule.TimeUnit));
        WriteText(writer, "object", rule.Object?.Text);
        WriteText(writer, "record", rule.Record?.Text);
        WriteText(writer, "because", rule.Because.Length == 0 ? null : rule.Because);
        writer.WriteStartObject("identifiers"u8);
        foreach (IdentifierMapping identifier in rule.Identifiers)
        {
            writer.WriteString(identifier.Type, identifier.Value.Text);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("fields"u8);
        foreach (FieldMapping field in rule.Fields)
        {
            writer.WriteStartObject(field.Name);
            writer.WriteString("value"u8, field.Value.Text);
            writer.WriteString("type"u8, Word(field.Type));
            writer.WriteString("unit"u8, Word(field.Unit));
            WriteText(writer, "separator", field.Type == FieldType.List ? field.Separator : null);
            WriteText(writer, "currency", field.Currency?.Text);
            writer.WriteBoolean("required"u8, field.IsRequired);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, WebhookSource source)
    {
        writer.WriteStartObject("fields"u8);
        foreach ((string field, string name) in source.FieldNames)
        {
            writer.WriteString(field, name);
        }

        writer.WriteEndObject();
    }

    private static void WriteSchemas(Utf8JsonWriter writer, SalesforceSource source)
    {
        writer.WriteStartObject("schemas"u8);
        foreach ((string name, ChangeSchema schema) in source.Schemas.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            WriteList(
                writer,
                name,
                [
                    .. schema.Fields.Select(field =>
                        field.Members.IsEmpty ? field.Name : $"{field.Name}({string.Join(' ', field.Members)})"
                    ),
                ]
            );
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WritePropertyName(name);
        WriteItems(writer, texts);
    }

    private static void WriteItems(Utf8JsonWriter writer, ImmutableArray<string> texts)
    {
        writer.WriteStartArray();
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
