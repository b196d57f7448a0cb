using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm;

/// <summary>What became of one record of a webhook's body.</summary>
public abstract record WebhookItem;

/// <summary>It is taken: what follows from it.</summary>
public sealed record WebhookTaken : WebhookItem
{
    /// <summary>In the order in which they have to be read.</summary>
    public ImmutableArray<CrmMessage> Messages { get; init; } = [];

    /// <summary>Records that have to be read from the CRM.</summary>
    public ImmutableArray<ReadRequest> Reads { get; init; } = [];

    /// <summary>Persons who have to be forgotten.</summary>
    public ImmutableArray<ErasureCall> Erasures { get; init; } = [];
}

/// <summary>It says nothing that is wanted, and that is no fault.</summary>
/// <param name="Reason">One of <see cref="SkipReasons"/>, or what a mapping says.</param>
public sealed record WebhookSkipped(string Reason) : WebhookItem;

/// <summary>It can't be read, and is set aside. The others are not held up by it.</summary>
/// <param name="Reason">One of <see cref="FaultReasons"/>.</param>
/// <param name="Place">The member or the rule that it is about, without a value of it; or null.</param>
/// <param name="Part">What has to be read again by itself when the fault is mended.</param>
public sealed record WebhookFaulty(string Reason, string? Place, ReadOnlyMemory<byte> Part) : WebhookItem;

/// <summary>Why a record is passed over.</summary>
public static class SkipReasons
{
    /// <summary>The change is our own, come back.</summary>
    public const string OwnEcho = "own_echo";

    /// <summary>The kind of record says nothing of persons or companies.</summary>
    public const string ObjectNotUsed = "object_not_used";

    /// <summary>It is of an account of the CRM that the source does not name.</summary>
    public const string OtherAccount = "other_account";

    /// <summary>The CRM marks the value as sensitive, so it is not kept.</summary>
    public const string SensitiveValue = "sensitive_value";

    /// <summary>No rule of the source's mapping is for such a record.</summary>
    public const string NoRule = "no_rule";

    /// <summary>The record was deleted before the notice was sent, which therefore names none.</summary>
    public const string NoRecord = "no_record";
}

/// <summary>Why a record, or a whole body, can't be read.</summary>
public static class FaultReasons
{
    public const string NotAnObject = "not_an_object";
    public const string MemberMissing = "member_missing";
    public const string MemberInvalid = "member_invalid";
    public const string TypeUnknown = "type_unknown";

    /// <summary>Nobody whom it is about can be found in it.</summary>
    public const string NamesNobody = "names_nobody";

    /// <summary>The changed fields are bits, and the source does not say which field each of them stands for.</summary>
    public const string BitmapWithoutSchema = "bitmap_without_schema";

    /// <summary>The check characters of an id do not fit it.</summary>
    public const string IdDamaged = "id_damaged";
}

/// <summary>A body of which nothing can be read.</summary>
/// <param name="Fault">What is wrong with it; without a value of it.</param>
public sealed record WebhookUnreadable(string Fault)
    : Refusal("webhook_unreadable", $"The body can't be read: {Fault}.");

/// <summary>What a webhook's body comes to, record by record, in its order.</summary>
public sealed record WebhookReading(ImmutableArray<WebhookItem> Items)
{
    /// <summary>The messages of all records, in their order.</summary>
    public IEnumerable<CrmMessage> Messages => Items.OfType<WebhookTaken>().SelectMany(item => item.Messages);

    /// <summary>
    /// The messages as the body of a batch call, in the order of <see cref="Messages"/>, so that they are read as every message
    /// is.
    /// </summary>
    public ReadOnlyMemory<byte> ToBatch() => ToBatch(Messages);

    /// <summary>Messages as the body of a batch call, in their order.</summary>
    public static ReadOnlyMemory<byte> ToBatch(IEnumerable<CrmMessage> messages)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("batch"u8);
            foreach (CrmMessage message in messages)
            {
                message.Write(writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
