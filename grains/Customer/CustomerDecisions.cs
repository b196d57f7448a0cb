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
        string ruleVersion,
        string? jobId = null
    )
    {
        string kind = created ? "created" : "linked";
        string because =
            jobId is not null ? CutOver
            : created ? "no identifier of the message was known"
            : "the message carries them together";
        byte[] payload = Payload(writer =>
        {
            WriteCause(writer, messageId, source, ruleVersion, because);
            WriteJob(writer, jobId);
            WriteIdentifiers(writer, identifiers);
        });
        return new DecisionRecord(
            IdOf(kind, customerId, jobId ?? messageId, string.Join('\n', identifiers)),
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
        IReadOnlyList<Identifier> identifiers
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
                    merge.RuleVersion,
                    merge.JobId is null ? "the message carries identifiers of both and every limit allows it" : CutOver
                );
                WriteJob(writer, merge.JobId);
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
                WriteJob(writer, merge.JobId);
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
                    (request.MergeId, request.JobId) switch
                    {
                        (not null, _) => "a merge was taken back",
                        (_, not null) => CutOver,
                        _ => "a split was asked for",
                    }
                );
                WriteJob(writer, request.JobId);
                writer.WriteString("reason"u8, request.Reason);
                writer.WriteString("by"u8, request.By);
                if (request.JobId is null)
                {
                    writer.WriteString("separationId"u8, separation.Id);
                }

                if (request.MergeId is { } undone)
                {
                    writer.WriteString("undoneMergeId"u8, undone);
                }

                WriteIdentifiers(writer, separation.One);
            })
        );

    /// <summary>
    /// An identifier of a message was left out: because a limit would have been broken (kind <c>demoted</c>), or because a
    /// separation, its region, its trust or its kind forbids it (<c>refused</c>). Recorded once per anchor and identifier, not once per message: a shared device would
    /// repeat it for ever.
    /// </summary>
    public static DecisionRecord Demoted(
        string customerId,
        Envelope envelope,
        DemotedIdentifier demoted,
        string ruleVersion
    )
    {
        string kind = demoted.Reason
            is DemotionReason.Separation
                or DemotionReason.Region
                or DemotionReason.Proof
                or DemotionReason.Account
            ? DecisionKinds.Refused
            : DecisionKinds.Demoted;
        string because = demoted.Reason switch
        {
            DemotionReason.Separation => $"separation {demoted.Because} keeps them apart",
            DemotionReason.Quarantine => "it, or the message's anchor, is quarantined",
            DemotionReason.Size or DemotionReason.Region or DemotionReason.Proof or DemotionReason.Account =>
                demoted.Because,
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

    /// <summary>
    /// A value that a customer took on is another's in another region, and the two stay apart. Under an id made of the two
    /// identifiers.
    /// </summary>
    public static DecisionRecord KeptApart(
        string customerId,
        Identifier identifier,
        Identifier twin,
        string otherCustomerId,
        LinkRequest request,
        string because
    ) =>
        new(
            IdOf(DecisionKinds.Refused, identifier.ToString(), twin.ToString()),
            DecisionKinds.Refused,
            customerId,
            otherCustomerId,
            request.At,
            Payload(writer =>
            {
                WriteCause(writer, request.MessageId, request.Source, request.RuleVersion, because);
                writer.WriteString("reason"u8, "regions_apart"u8);
                WriteIdentifiers(writer, [identifier, twin]);
            })
        );

    /// <summary>A roll back took identifiers away that its cut-over had linked.</summary>
    public static DecisionRecord Unlinked(
        string customerId,
        IReadOnlyList<Identifier> identifiers,
        string jobId,
        DateTimeOffset at,
        string ruleVersion
    ) =>
        new(
            IdOf("unlinked", customerId, jobId, string.Join('\n', identifiers)),
            "unlinked",
            customerId,
            OtherCustomerId: null,
            at,
            Payload(writer =>
            {
                writer.WriteString("ruleVersion"u8, ruleVersion);
                writer.WriteString("because"u8, "a cut-over was rolled back");
                WriteJob(writer, jobId);
                WriteIdentifiers(writer, identifiers);
            })
        );

    /// <summary>The id of the separation that a split makes.</summary>
    public static string SeparationId(string splitId) => "s_" + IdOf("separation", splitId)[2..];

    /// <summary>The id of the merge of two customers that a message brings about.</summary>
    public static string MergeId(string into, string from, string messageId) => IdOf("merged", into, from, messageId);

    /// <summary>Why a job does what it does; the record names the job.</summary>
    private const string CutOver = "the whole log, decided by these rules, says so";

    private static void WriteJob(Utf8JsonWriter writer, string? jobId)
    {
        if (jobId is not null)
        {
            writer.WriteString("jobId"u8, jobId);
        }
    }

    private static string BecauseOf(string reason) =>
        reason switch
        {
            "over_limit" => "together they would have broken a limit",
            "not_older" => "a customer merges into an older one only",
            "separated" => "a separation keeps them apart",
            "regions_apart" => "their regions stay apart: nothing that is crossRegion links them",
            "unproven" => "the message carries nothing that suffices to merge them: see trust and kind",
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
