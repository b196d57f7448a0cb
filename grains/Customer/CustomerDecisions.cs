using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
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

    /// <summary>
    /// An identifier of a message was left out because a limit would have been broken. Recorded once per anchor and
    /// identifier, not once per message: a shared device would repeat it for ever.
    /// </summary>
    public static DecisionRecord Demoted(
        string customerId,
        Envelope envelope,
        Identifier identifier,
        string because,
        string ruleVersion
    ) =>
        new(
            IdOf("demoted", customerId, envelope.Anchor.ToString(), identifier.ToString()),
            "demoted",
            customerId,
            OtherCustomerId: null,
            envelope.Timestamp,
            Payload(writer =>
            {
                WriteCause(writer, envelope.MessageId, envelope.Source, ruleVersion, because);
                WriteIdentifiers(writer, [identifier]);
            })
        );

    /// <summary>The id of the merge of two customers that a message brings about.</summary>
    public static string MergeId(string into, string from, string messageId) => IdOf("merged", into, from, messageId);

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
