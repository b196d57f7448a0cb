using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;

namespace Customer360.Api.Segment;

/// <summary>An identifier as Segment's Profile API lists it; null where the grid does not keep a field.</summary>
internal sealed record SegmentExternalId(
    string Collection,
    string Type,
    string Id,
    string? SourceId,
    DateTimeOffset? CreatedAt,
    string? FirstMessageId
)
{
    /// <summary>The identifiers that a caller sees, with where they come from if the caller may see that.</summary>
    public static IEnumerable<SegmentExternalId> OfUser(VisibleProfile profile) =>
        profile.Identifiers.Select(held => new SegmentExternalId(
            "users",
            held.Identifier.Type,
            held.Identifier.Value,
            profile.ShowsProvenance ? held.Source : null,
            profile.ShowsProvenance ? held.LinkedAt : null,
            profile.ShowsProvenance ? held.MessageId : null
        ));

    /// <summary>A user as an account's group calls linked it.</summary>
    public static SegmentExternalId OfMember(AccountMember member) =>
        new(
            "users",
            member.Identifier.Type,
            member.Identifier.Value,
            SourceId: null,
            member.FirstAt,
            FirstMessageId: null
        );

    public static SegmentExternalId OfAccount(string groupId, DateTimeOffset? createdAt) =>
        new("accounts", "group_id", groupId, SourceId: null, createdAt, FirstMessageId: null);

    /// <summary>All fields, as <c>external_ids</c> shows them.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteFields(writer);
        writer.WriteString("first_message_id"u8, FirstMessageId);
        writer.WriteEndObject();
    }

    /// <summary>Without the first message, as <c>links</c> shows them.</summary>
    public void WriteLink(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteFields(writer);
        writer.WriteEndObject();
    }

    private void WriteFields(Utf8JsonWriter writer)
    {
        writer.WriteString("source_id"u8, SourceId);
        writer.WriteString("collection"u8, Collection);
        writer.WriteString("id"u8, Id);
        writer.WriteString("type"u8, Type);
        if (CreatedAt is { } createdAt)
        {
            writer.WriteTime("created_at"u8, createdAt);
        }
        else
        {
            writer.WriteNull("created_at"u8);
        }

        writer.WriteString("encoding"u8, "none"u8);
    }
}
