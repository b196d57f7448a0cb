using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// The decision records of identity. Each id is derived from what it is about, so that a step which is repeated after a
/// crash writes the same record again.
/// </summary>
internal static class CustomerDecisions
{
    /// <summary>The customer was created by, or took identifiers on from, a message.</summary>
    public static DecisionRecord Linked(
        bool created,
        string customerId,
        IReadOnlyList<Identifier> identifiers,
        string messageId,
        string source,
        DateTimeOffset at,
        string ruleVersion
    )
    {
        string kind = created ? "created" : "linked";
        string because = created ? "no identifier of the message was known" : "the message carries them together";
        byte[] payload = Payload(writer =>
        {
            WriteCause(writer, messageId, source, ruleVersion, because);
            WriteIdentifiers(writer, identifiers);
        });
        return new DecisionRecord(
            IdOf(kind, customerId, messageId, string.Join('\n', identifiers)),
            kind,
            customerId,
            OtherCustomerId: null,
            at,
            payload
        );
    }

    /// <summary>A younger customer's state went into an older one.</summary>
    public static DecisionRecord Merged(
        string into,
        string from,
        MergeUnderWay merge,
        IReadOnlyList<Identifier> identifiers,
        string ruleVersion
    ) =>
        new(
            merge.MergeId,
            "merged",
            into,
            from,
            merge.At,
            Payload(writer =>
            {
                WriteCause(
                    writer,
                    merge.MessageId,
                    merge.Source,
                    ruleVersion,
                    "the message carries identifiers of both and every limit allows it"
                );
                WriteIdentifiers(writer, identifiers);
            })
        );

    /// <summary>A merge that a message asked for was not done; the two stay apart.</summary>
    /// <param name="reason">What the older customer answered: <c>over_limit</c>, <c>not_older</c>.</param>
    public static DecisionRecord Refused(
        string into,
        string from,
        MergeUnderWay merge,
        string reason,
        IReadOnlyList<Identifier> identifiers,
        string ruleVersion
    ) =>
        new(
            IdOf("refused", merge.MergeId),
            DecisionKinds.Refused,
            into,
            from,
            merge.At,
            Payload(writer =>
            {
                WriteCause(writer, merge.MessageId, merge.Source, ruleVersion, BecauseOf(reason));
                WriteIdentifiers(writer, identifiers);
                writer.WriteString("reason"u8, reason);
                writer.WriteString("mergeId"u8, merge.MergeId);
            })
        );

    /// <summary>
    /// Identifiers left a customer for one of their own: by a steward's split, or because a merge was taken back.
    /// </summary>
    public static DecisionRecord Split(
        string customerId,
        ReleaseRequest request,
        Separation separation,
        string ruleVersion,
        string id
    ) =>
        new(
            id,
            "split",
            customerId,
            request.To,
            request.At,
            Payload(writer =>
            {
                writer.WriteString("ruleVersion"u8, ruleVersion);
                writer.WriteString(
                    "because"u8,
                    request.MergeId is null ? "a split was asked for" : "a merge was taken back"
                );
                writer.WriteString("reason"u8, request.Reason);
                writer.WriteString("by"u8, request.By);
                writer.WriteString("separationId"u8, separation.Id);
                if (request.MergeId is { } undone)
                {
                    writer.WriteString("undoneMergeId"u8, undone);
                }

                WriteIdentifiers(writer, separation.One);
            })
        );

    /// <summary>
    /// An identifier of a message was left out: because a limit would have been broken (kind <c>demoted</c>) or a separation
    /// forbids it (<c>refused</c>). Recorded once per anchor and identifier, not once per message: a shared device would
    /// repeat it for ever.
    /// </summary>
    public static DecisionRecord Demoted(
        string customerId,
        Envelope envelope,
        DemotedIdentifier demoted,
        string ruleVersion
    )
    {
        string kind = demoted.Reason == DemotionReason.Separation ? "refused" : "demoted";
        string because = demoted.Reason switch
        {
            DemotionReason.Separation => $"separation {demoted.Because} keeps them apart",
            DemotionReason.Quarantine => "it, or the message's anchor, is quarantined",
            DemotionReason.Size => ProfileSize.TooLarge,
            _ => $"the limit of {demoted.Because} would have been broken",
        };
        return new(
            IdOf(kind, customerId, envelope.Anchor.ToString(), demoted.Identifier.ToString()),
            kind,
            customerId,
            OtherCustomerId: null,
            envelope.Timestamp,
            Payload(writer =>
            {
                WriteCause(writer, envelope.MessageId, envelope.Source, ruleVersion, because);
                WriteIdentifiers(writer, [demoted.Identifier]);
            })
        );
    }

    /// <summary>The id of the separation that a split makes.</summary>
    public static string SeparationId(string splitId) => "s_" + IdOf("separation", splitId)[2..];

    /// <summary>The id of the merge of two customers that a message brings about.</summary>
    public static string MergeId(string into, string from, string messageId) => IdOf("merged", into, from, messageId);

    private static string BecauseOf(string reason) =>
        reason switch
        {
            "over_limit" => "together they would have broken a limit",
            "not_older" => "a customer merges into an older one only",
            "separated" => "a separation keeps them apart",
            _ => reason,
        };

    /// <summary>The identifiers that a record names.</summary>
    internal static HashSet<string> IdentifiersOf(DecisionRecord decision)
    {
        using JsonDocument payload = JsonDocument.Parse(decision.Payload);
        return [.. payload.RootElement.GetProperty("identifiers"u8).EnumerateArray().Select(one => one.GetString()!)];
    }

    internal static string IdOf(params ReadOnlySpan<string> parts)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts!)));
        return "d_" + Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    internal static byte[] Payload(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    internal static void WriteCause(
        Utf8JsonWriter writer,
        string messageId,
        string source,
        string ruleVersion,
        string because
    )
    {
        writer.WriteString("messageId"u8, messageId);
        writer.WriteString("source"u8, source);
        writer.WriteString("ruleVersion"u8, ruleVersion);
        writer.WriteString("because"u8, because);
    }

    internal static void WriteIdentifiers(Utf8JsonWriter writer, IReadOnlyList<Identifier> identifiers)
    {
        writer.WriteStartArray("identifiers"u8);
        foreach (Identifier identifier in identifiers)
        {
            writer.WriteStringValue(identifier.ToString());
        }

        writer.WriteEndArray();
    }
}
