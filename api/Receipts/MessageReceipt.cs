using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Api.Receipts;

/// <summary>A stored message's receipt on the wire.</summary>
internal static class MessageReceipt
{
    /// <summary>
    /// <c>{"messageId","status":"accepted|dropped|quarantined","partition","position","receivedAt","timestamp","source",
    /// "trust":"trusted|signed|claimed","type","anchor","customerId","applied","identifiers":[…],"leftOut"?:[{"field","reason"}],
    /// "consent"?:{"stored":"whole|without_personal|consent_only","denied":[…],"granted":[…],"policyVersion"},"contract"?:{…},"others"?:[{"partition","position","receivedAt"}]}</c>
    /// </summary>
    public static void Write(Utf8JsonWriter writer, FollowedMessage followed)
    {
        (StoredEnvelope message, Identifier? anchor, MessageOutcome outcome, ImmutableArray<StoredEnvelope> others) =
            followed;
        Envelope envelope = message.Envelope;
        writer.WriteStartObject();
        writer.WriteString("messageId"u8, envelope.MessageId);

        // What is in the log was accepted: a refused message is not stored, a repeat not a second time.
        writer.WriteString("status"u8, StatusOf(envelope));
        WritePlace(writer, message);
        writer.WriteTime("timestamp"u8, envelope.Timestamp);
        writer.WriteString("source"u8, envelope.Source);
        writer.WriteString("trust"u8, StatementTrusts.Text(envelope.Trust));
        writer.WriteString("type"u8, ProfilesEvent.NameOf(envelope.Kind));
        writer.WriteString("anchor"u8, anchor?.ToString());
        writer.WriteString("customerId"u8, outcome.CustomerId);
        writer.WriteBoolean("applied"u8, outcome.Applied);
        WriteIdentifiers(writer, outcome.Identifiers);
        WriteLeftOut(writer, envelope.LeftOut);
        WriteConsent(writer, envelope.Consent);
        WriteContract(writer, envelope.Contract);
        if (!others.IsEmpty)
        {
            writer.WriteStartArray("others"u8);
            foreach (StoredEnvelope other in others)
            {
                writer.WriteStartObject();
                WritePlace(writer, other);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary><c>"identifiers":[{"type","value"?,"outcome","because"?}]</c></summary>
    public static void WriteIdentifiers(Utf8JsonWriter writer, ImmutableArray<IdentifierOutcome> outcomes)
    {
        writer.WriteStartArray("identifiers"u8);
        foreach (IdentifierOutcome outcome in outcomes)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, outcome.Type);
            if (outcome.Value is { } value)
            {
                writer.WriteString("value"u8, value);
            }

            writer.WriteString("outcome"u8, outcome.Outcome);
            if (outcome.Because is { } because)
            {
                writer.WriteString("because"u8, because);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary><c>"leftOut":[{"field","reason"}]</c>; nothing where the whole message was read.</summary>
    public static void WriteLeftOut(Utf8JsonWriter writer, ImmutableArray<LeftOutPart> parts)
    {
        if (parts.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("leftOut"u8);
        foreach (LeftOutPart part in parts)
        {
            writer.WriteStartObject();
            writer.WriteString("field"u8, part.Field);
            writer.WriteString("reason"u8, part.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>
    /// <c>accepted</c>; <c>dropped</c> where the message said no to being kept: its consent is all that is stored; <c>quarantined</c>
    /// where it does not keep its contract and counts for nobody yet.
    /// </summary>
    public static string StatusOf(Envelope? envelope) =>
        envelope?.IsHeld == true ? "quarantined"
        : envelope?.Consent?.Boundary == CollectBoundary.Dropped ? "dropped"
        : "accepted";

    /// <summary>
    /// <c>"contract":{"name"?,"version"?,"mode"?,"deprecated"?,"released"?,"violations"?:[{"path","kind"}],"policyVersion"}</c>; nothing
    /// where the message has none.
    /// </summary>
    public static void WriteContract(Utf8JsonWriter writer, ContractJudgement? judgement)
    {
        if (judgement is null)
        {
            return;
        }

        writer.WriteStartObject("contract"u8);
        if (judgement.Contract is { } name)
        {
            writer.WriteString("name"u8, name);
            writer.WriteString("version"u8, judgement.Version);
        }

        if (judgement.Mode != ContractMode.Allow)
        {
            writer.WriteString("mode"u8, ContractModeNames.Text(judgement.Mode));
        }

        if (judgement.IsDeprecated)
        {
            writer.WriteBoolean("deprecated"u8, true);
        }

        if (judgement.ReleasedFrom is not null)
        {
            writer.WriteBoolean("released"u8, true);
        }

        if (!judgement.Violations.IsEmpty)
        {
            writer.WriteStartArray("violations"u8);
            foreach (SchemaViolation violation in judgement.Violations)
            {
                writer.WriteStartObject();
                writer.WriteString("path"u8, violation.Path);
                writer.WriteString("kind"u8, violation.Kind);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteString("policyVersion"u8, judgement.PolicyVersion);
        writer.WriteEndObject();
    }

    /// <summary>What the message said about consent, and how much of it was stored for that; nothing where it said nothing.</summary>
    public static void WriteConsent(Utf8JsonWriter writer, ConsentStatement? consent)
    {
        if (consent is null)
        {
            return;
        }

        writer.WriteStartObject("consent"u8);
        writer.WriteString(
            "stored"u8,
            consent.Boundary switch
            {
                CollectBoundary.Dropped => "consent_only"u8,
                CollectBoundary.WithoutPersonal => "without_personal"u8,
                _ => "whole"u8,
            }
        );
        WritePurposes(writer, "granted"u8, consent, ConsentStatus.Granted);
        WritePurposes(writer, "denied"u8, consent, ConsentStatus.Denied);
        writer.WriteString("policyVersion"u8, consent.PolicyVersion);
        writer.WriteEndObject();
    }

    private static void WritePurposes(
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        ConsentStatement consent,
        ConsentStatus status
    )
    {
        writer.WriteStartArray(name);
        foreach (ConsentClause clause in consent.Clauses)
        {
            if (clause.Status == status)
            {
                writer.WriteStringValue(clause.Purpose);
            }
        }

        writer.WriteEndArray();
    }

    private static void WritePlace(Utf8JsonWriter writer, in StoredEnvelope message)
    {
        writer.WriteNumber("partition"u8, message.Partition);
        writer.WriteNumber("position"u8, message.Position);
        writer.WriteTime("receivedAt"u8, message.Envelope.ReceivedAt);
    }
}
