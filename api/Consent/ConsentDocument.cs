using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;

namespace Customer360.Api.Consent;

/// <summary>Consent on the wire.</summary>
internal static class ConsentDocument
{
    /// <summary>
    /// <c>{"customerId","at"?,"policyVersion","purposes":{name:{"status","scope"?,"basis"?,"source"?,"form"?,"at"?,"until"?,
    /// "evidence"?,"policyVersion"?,"messageId"|"requestId"?,"identifiers"?:[{"type","value","status",…}]}}}</c>. Purposes of
    /// which nothing was said are there, too, and have a status only.
    /// </summary>
    public static void Write(
        Utf8JsonWriter writer,
        VisibleConsent consent,
        ImmutableArray<PurposeConsent> purposes,
        ConsentPolicy policy,
        string policyVersion,
        DateTimeOffset? at
    )
    {
        writer.WriteStartObject();
        writer.WriteString("customerId"u8, consent.CustomerId);
        if (at is { } asked)
        {
            writer.WriteTime("at"u8, asked);
        }

        writer.WriteString("policyVersion"u8, policyVersion);
        writer.WriteStartObject("purposes"u8);
        IEnumerable<string> names = policy
            .Purposes.Select(purpose => purpose.Name)
            .Union(purposes.Select(purpose => purpose.Effective.Purpose), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        foreach (string name in names)
        {
            writer.WriteStartObject(name);
            PurposeConsent? said = purposes.FirstOrDefault(one => one.Effective.Purpose == name);
            writer.WriteString("status"u8, ConsentLedgerJson.TextOf(said?.Effective.Status ?? ConsentStatus.Unknown));
            if (policy.Find(name) is { } purpose)
            {
                writer.WriteString("scope"u8, purpose.Scope == ConsentScope.Device ? "device"u8 : "person"u8);
                writer.WriteString("basis"u8, purpose.Basis);
            }

            if (said is not null)
            {
                WriteWhy(
                    writer,
                    said.Effective.Form,
                    said.Effective.Source,
                    consent.ShowsIdentifiers ? said.Effective.Word : WithoutText(said.Effective.Word),
                    said.Effective.Until
                );
                WriteIdentifiers(writer, said.Identifiers, consent.ShowsIdentifiers);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>
    /// <c>{"purpose","status","source","form","at","until"?,"evidence"?,"policyVersion","messageId"|"requestId","covers"?:
    /// [{"type","value"}],"repeatedUntil"?}</c>, where the last says that the same was said again until then and not kept one by one.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, ConsentEntry entry, bool showsIdentifiers)
    {
        writer.WriteStartObject();
        writer.WriteString("purpose"u8, entry.Span.Purpose);
        writer.WriteString("status"u8, ConsentLedgerJson.TextOf(entry.Span.Status));
        WriteWhy(
            writer,
            entry.Span.Form,
            entry.Span.Source,
            showsIdentifiers ? entry.Word : WithoutText(entry.Word),
            entry.Word.Until
        );
        if (showsIdentifiers)
        {
            writer.WriteStartArray("covers"u8);
            foreach (Identifier identifier in entry.Covers)
            {
                writer.WriteStartObject();
                WriteIdentifier(writer, identifier);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (entry.GapUntil is { } gap)
        {
            writer.WriteTime("repeatedUntil"u8, gap);
        }

        writer.WriteEndObject();
    }

    private static void WriteIdentifiers(
        Utf8JsonWriter writer,
        ImmutableArray<IdentifierConsent> identifiers,
        bool showsIdentifiers
    )
    {
        if (!showsIdentifiers)
        {
            return;
        }

        writer.WriteStartArray("identifiers"u8);
        foreach (IdentifierConsent one in identifiers)
        {
            writer.WriteStartObject();
            WriteIdentifier(writer, one.Identifier);
            writer.WriteString("status"u8, ConsentLedgerJson.TextOf(one.Standing.Status));
            WriteWhy(writer, one.Standing.Form, one.Standing.Source, one.Standing.Word, one.Standing.Until);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteIdentifier(Utf8JsonWriter writer, Identifier identifier)
    {
        writer.WriteString("type"u8, identifier.Type);
        writer.WriteString("value"u8, identifier.Value);
    }

    /// <summary>What a caller wrote down may name anybody.</summary>
    private static ConsentWord WithoutText(ConsentWord word) => word with { Evidence = null };

    private static void WriteWhy(
        Utf8JsonWriter writer,
        string form,
        string source,
        ConsentWord word,
        DateTimeOffset? until
    )
    {
        writer.WriteString("source"u8, source);
        writer.WriteString("form"u8, form);
        writer.WriteTime("at"u8, word.At);
        if (until is { } ends)
        {
            writer.WriteTime("until"u8, ends);
        }

        if (word.Evidence is { } evidence)
        {
            writer.WriteString("evidence"u8, evidence);
        }

        writer.WriteString("policyVersion"u8, word.PolicyVersion);
        writer.WriteString(form == ConsentSpanForms.Api ? "requestId"u8 : "messageId"u8, word.CauseId);
    }
}
