using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Warehouse;

/// <summary>The table of messages: a row for each message of the log.</summary>
public static class EventRows
{
    public static MirrorTable Table { get; } =
        new(
            "events",
            "Each message that was taken, as it was sent; a message belongs to its anchor, and anchors belong to customers (identity_graph).",
            [
                new("partition", MirrorKind.Number, "The partition of the log that has it."),
                new("position", MirrorKind.Number, "Its place in the partition, rising."),
                new("message_id", MirrorKind.Text, "The sender's id of the message."),
                new("kind", MirrorKind.Text, "identify, track, page, screen, group or alias."),
                new("name", MirrorKind.Text, "The event's name of a track, the page's or screen's name of those."),
                new("received_at", MirrorKind.Time, "When it was taken; the day of it is the partition of the files."),
                new("happened_at", MirrorKind.Time, "When it happened, corrected for the sender's clock."),
                new("source", MirrorKind.Text, "The source that sent it."),
                new("group_id", MirrorKind.Text, "The account of a group call, or of context.groupId."),
                new("anchor_type", MirrorKind.Text, "The type of the identifier that it belongs to."),
                new("anchor_value", MirrorKind.Text, "The value of it, as the mirror's role may see it."),
                new("anchor_key", MirrorKind.Text, "Joins with identifier_key of identifiers and identity_graph."),
                new("identifiers", MirrorKind.Json, "All identifiers that it carries, each type:value."),
                new("traits", MirrorKind.Json, "Its traits."),
                new("properties", MirrorKind.Json, "Its properties."),
                new("context", MirrorKind.Json, "Its context."),
                new(
                    "is_held",
                    MirrorKind.Flag,
                    "It does not keep its contract, waits in quarantine, and nothing is learned from it."
                ),
            ]
        )
        {
            IsByDay = true,
            Key = ["partition", "position"],
            LoadedAt = "received_at",
        };

    /// <summary>Adds a message as the mirror's role may see it of this person; nothing where it sees no messages of hers.</summary>
    public static void Add(MirrorRows rows, LogPlace place, Envelope message, VisibleFields fields, MirrorSight sight)
    {
        if (!fields.Show(FieldSets.Messages))
        {
            return;
        }

        var visible = new VisibleMessage(message, fields);
        Identifier? anchor = MirrorSight.Show(fields, message.Anchor);
        using JsonDocument opened = visible.Open();
        rows.Add([
            place.Partition,
            place.Position,
            visible.MessageId,
            EventKinds.Text(visible.Kind),
            visible.Name,
            visible.ReceivedAt,
            visible.Timestamp,
            visible.Source,
            visible.GroupId,
            anchor?.Type,
            anchor?.Value,
            sight.KeyOf(fields, message.Anchor),
            MirrorValue.OfTexts(visible.Identifiers.Select(one => one.ToString())),
            PartOf(visible, opened, "traits"u8, visible.TraitScope),
            PartOf(visible, opened, "properties"u8, FieldScope.Properties),
            PartOf(visible, opened, "context"u8, FieldScope.Context),
            message.IsHeld,
        ]);
    }

    private static MirrorValue PartOf(
        VisibleMessage message,
        JsonDocument opened,
        ReadOnlySpan<byte> part,
        FieldScope scope
    )
    {
        if (!VisibleMessage.Has(opened, part))
        {
            return default;
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        message.WritePart(writer, opened, part, scope);
        writer.WriteEndObject();
        writer.Flush();

        // {"part": and } around it.
        return MirrorValue.Json(buffer.WrittenSpan[(part.Length + 4)..^1]);
    }
}
