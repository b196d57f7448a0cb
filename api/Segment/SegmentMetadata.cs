using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Segment;

/// <summary><c>…/metadata</c>: the first and the last message of a user's profile.</summary>
internal sealed class SegmentMetadata(ProfileAccess access)
{
    public async Task Get(HttpContext context)
    {
        Outcome<VisibleProfile> found = await Find(context);
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        context.Response.MarkPrivate();
        await JsonAnswer.Write(context.Response, writer => Write(writer, found.Value));
    }

    private async Task<Outcome<VisibleProfile>> Find(HttpContext context)
    {
        Outcome<SegmentRequest> request = SegmentRequest.Read(context);
        if (!request.Succeeded)
        {
            return request.Refusal;
        }

        Outcome<bool> verbose = QueryValues.Flag(request.Value.Query, "verbose");
        if (!verbose.Succeeded)
        {
            return verbose.Refusal;
        }

        if (request.Value.Accounts)
        {
            return new UsersOnly();
        }

        return await access.GetParts(request.Value.Asker, request.Value.Identifier);
    }

    private static void Write(Utf8JsonWriter writer, VisibleProfile profile)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("metadata"u8);
        WriteTime(writer, "created_at"u8, profile.First);
        WriteTime(writer, "updated_at"u8, profile.Last);
        writer.WriteNull("expires_at"u8);
        Touch? first = profile.ShowsProvenance ? profile.First : null;
        Touch? last = profile.ShowsProvenance ? profile.Last : null;
        writer.WriteString("first_message_id"u8, first?.MessageId);
        writer.WriteString("first_source_id"u8, first?.Source);
        writer.WriteString("last_message_id"u8, last?.MessageId);
        writer.WriteString("last_source_id"u8, last?.Source);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Touch? touch)
    {
        if (touch is not { } known)
        {
            writer.WriteNull(name);
        }
        else
        {
            writer.WriteTime(name, known.At);
        }
    }
}
