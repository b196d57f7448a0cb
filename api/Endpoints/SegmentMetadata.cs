using System.Text.Json;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Endpoints;

/// <summary><c>…/metadata</c>: the first and the last message of a user's profile.</summary>
internal sealed class SegmentMetadata(ProfilesDirectory directory)
{
    public async Task Get(HttpContext context)
    {
        Outcome<ProfileFold> found = await Find(context);
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        await ProfilesJson.Write(context.Response, writer => Write(writer, found.Value));
    }

    private async Task<Outcome<ProfileFold>> Find(HttpContext context)
    {
        Outcome<SegmentRequest> request = SegmentRequest.Read(context);
        if (!request.Succeeded)
        {
            return request.Refusal;
        }

        Outcome<bool> verbose = ProfilesQuery.Flag(request.Value.Query, "verbose");
        if (!verbose.Succeeded)
        {
            return verbose.Refusal;
        }

        if (request.Value.Accounts)
        {
            return new UsersOnly();
        }

        Outcome<Answer<ProfileViewReply>> user = await directory.GetView(request.Value.Identifier);
        return user.Succeeded ? user.Value.Reply.View!.Fold : user.Refusal;
    }

    private static void Write(Utf8JsonWriter writer, ProfileFold fold)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("metadata"u8);
        WriteTime(writer, "created_at"u8, fold.First);
        WriteTime(writer, "updated_at"u8, fold.Last);
        writer.WriteNull("expires_at"u8);
        writer.WriteString("first_message_id"u8, fold.First?.MessageId);
        writer.WriteString("first_source_id"u8, fold.First?.Source);
        writer.WriteString("last_message_id"u8, fold.Last?.MessageId);
        writer.WriteString("last_source_id"u8, fold.Last?.Source);
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
