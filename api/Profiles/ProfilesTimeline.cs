using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary><c>GET /v1/profiles/{type}:{value}/timeline</c>: a customer's messages, page by page.</summary>
internal sealed class ProfilesTimeline(ProfileAccess access)
{
    public Task Get(HttpContext context) =>
        ProfilesPage.Answer(
            context,
            Read(context),
            access.GetTimeline,
            Write,
            static (request, reply) => reply.Next is { } next ? ProfilesCursor.Write(request, next) : null
        );

    private static Outcome<TimelineRequest> Read(HttpContext context) =>
        ProfilesPage.Read(
            context,
            ProfilesCursor.Read,
            (range, limit) =>
            {
                Outcome<bool> descending = QueryValues.Choice(context.Request.Query, "order", "desc", "asc");
                return descending.Succeeded
                    ? new TimelineRequest(range.From, range.To, descending.Value, limit, Cursor: null)
                    : descending.Refusal;
            }
        );

    /// <summary>Writes <c>"events":[…]</c> into an object.</summary>
    public static void Write(Utf8JsonWriter writer, VisibleTimeline reply)
    {
        writer.WriteStartArray("events"u8);
        foreach (VisibleMessage message in reply.Messages)
        {
            ProfilesEvent.Write(writer, message);
        }

        writer.WriteEndArray();
    }
}
