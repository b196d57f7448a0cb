using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Endpoints;

/// <summary><c>POST /v1/profiles:batchGet</c>: up to 100 profiles, read side by side, answered in the order asked.</summary>
internal sealed class ProfilesBatch(ProfilesDirectory directory, IMastershipSource mastership)
{
    public async Task Get(HttpContext context)
    {
        Outcome<ProfilesBatchRequest> read = await ProfilesBatchRequest.Read(context.Request, context.RequestAborted);
        if (!read.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, read.Refusal);
            return;
        }

        ImmutableArray<string> identifiers = read.Value.Identifiers;
        var reads = new Task<Outcome<ProfileBytes>>[identifiers.Length];
        for (int index = 0; index < reads.Length; index++)
        {
            reads[index] = Read(identifiers[index], read.Value.Verbose);
        }

        Outcome<ProfileBytes>[] profiles = await Task.WhenAll(reads);
        context.Response.Headers.CacheControl = "no-store";
        await ProfilesJson.Write(context.Response, writer => Write(writer, identifiers, profiles));
    }

    private async Task<Outcome<ProfileBytes>> Read(string identifier, bool verbose)
    {
        if (verbose)
        {
            Outcome<Answer<ProfileViewReply>> view = await directory.GetView(identifier);
            return view.Succeeded
                ? new ProfileBytes(ProfileDocument.RenderVerbose(view.Value.Reply.View!, mastership.Current))
                : view.Refusal;
        }

        Outcome<ProfileReply> profile = await directory.GetProfile(identifier);
        return profile.Succeeded ? new ProfileBytes(profile.Value.Json) : profile.Refusal;
    }

    private static void Write(
        Utf8JsonWriter writer,
        ImmutableArray<string> identifiers,
        Outcome<ProfileBytes>[] profiles
    )
    {
        writer.WriteStartObject();
        writer.WriteStartArray("profiles"u8);
        for (int index = 0; index < profiles.Length; index++)
        {
            Outcome<ProfileBytes> profile = profiles[index];
            writer.WriteStartObject();
            writer.WriteString("identifier"u8, identifiers[index]);
            writer.WritePropertyName("profile"u8);
            if (profile.Succeeded)
            {
                // The customer rendered it: it is known to be JSON.
                writer.WriteRawValue(profile.Value.Json.Span, skipInputValidation: true);
            }
            else
            {
                writer.WriteNullValue();
                writer.WriteStartObject("error"u8);
                writer.WriteString("code"u8, profile.Refusal.Code);
                writer.WriteString("message"u8, profile.Refusal.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private readonly record struct ProfileBytes(ReadOnlyMemory<byte> Json);
}
