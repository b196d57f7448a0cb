using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary><c>GET /v1/profiles/{type}:{value}/sessions</c>: runs of messages with gaps under 30 minutes, newest first.</summary>
internal sealed class ProfilesSessions(ProfileAccess access)
{
    public Task Get(HttpContext context) =>
        ProfilesPage.Answer(
            context,
            Read(context),
            access.GetSessions,
            Write,
            static (request, reply) => reply.Next is { } next ? ProfilesCursor.Write(request, next) : null
        );

    private static Outcome<SessionsRequest> Read(HttpContext context) =>
        ProfilesPage.Read(
            context,
            ProfilesCursor.ReadSessions,
            static (range, limit) =>
                (Outcome<SessionsRequest>)new SessionsRequest(range.From, range.To, limit, Before: null)
        );

    private static void Write(Utf8JsonWriter writer, SessionsReply reply)
    {
        writer.WriteStartArray("sessions"u8);
        foreach (CustomerSession session in reply.Sessions)
        {
            writer.WriteStartObject();
            writer.WriteTime("startedAt"u8, session.StartedAt);
            writer.WriteTime("endedAt"u8, session.EndedAt);
            writer.WriteNumber("eventCount"u8, session.EventCount);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
