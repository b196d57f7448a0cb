using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary><c>POST /v1/profiles:batchGet</c>: up to 100 profiles, read side by side, answered in the order asked.</summary>
internal sealed class ProfilesBatch(ProfileAccess access)
{
    public async Task Get(HttpContext context)
    {
        Outcome<ProfilesBatchRequest> read = await ProfilesBatchRequest.Read(context.Request);
        if (!read.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, read.Refusal);
            return;
        }

        ImmutableArray<string> identifiers = read.Value.Identifiers;
        var asker = Asker.Of(context);
        if (access.Refusal(asker) is { } refusal)
        {
            await ProblemWriter.WriteAsync(context, refusal);
            return;
        }

        ProfileForm form = read.Value.Verbose ? ProfileForm.Verbose : ProfileForm.Plain;
        var reads = new Task<Outcome<ProfileText>>[identifiers.Length];
        for (int index = 0; index < reads.Length; index++)
        {
            reads[index] = access.Get(asker, identifiers[index], form).AsTask();
        }

        Outcome<ProfileText>[] profiles = await Task.WhenAll(reads);
        context.Response.MarkUnstored();
        await JsonAnswer.Write(context.Response, writer => Write(writer, identifiers, profiles));
    }

    private static void Write(
        Utf8JsonWriter writer,
        ImmutableArray<string> identifiers,
        Outcome<ProfileText>[] profiles
    )
    {
        writer.WriteStartObject();
        writer.WriteStartArray("profiles"u8);
        for (int index = 0; index < profiles.Length; index++)
        {
            Outcome<ProfileText> profile = profiles[index];
            writer.WriteStartObject();
            writer.WriteString("identifier"u8, identifiers[index]);
            writer.WritePropertyName("profile"u8);
            if (profile.Succeeded)
            {
                // The gate gives JSON, so it need not be looked at again.
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
}
