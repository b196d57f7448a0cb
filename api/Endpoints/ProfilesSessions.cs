using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary><c>GET /v1/profiles/{type}:{value}/sessions</c>: runs of messages with gaps under 30 minutes, newest first.</summary>
internal sealed class ProfilesSessions(ProfilesDirectory directory)
{
    public async Task Get(HttpContext context)
    {
        Outcome<SessionsRequest> asked = Read(context.Request.Query);
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        SessionsRequest request = asked.Value;
        Outcome<Answer<SessionsReply>> found = await directory.Ask(
            ProfilesPath.InRegion(context),
            customer => customer.GetSessions(request),
            static reply => reply.MovedTo
        );
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        SessionsReply reply = found.Value.Reply;
        await ProfilesJson.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("customerId"u8, found.Value.CustomerId);
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
                writer.WriteString("next"u8, reply.Next is { } next ? ProfilesCursor.Write(request, next) : null);
                writer.WriteEndObject();
            }
        );
    }

    private static Outcome<SessionsRequest> Read(IQueryCollection query)
    {
        Outcome<int> limit = ProfilesQuery.Limit(query, ProfilesTimeline.LimitDefault, ProfilesTimeline.LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        if (ProfilesQuery.Single(query, "cursor") is { } cursor)
        {
            return ProfilesCursor.ReadSessions(cursor, limit.Value) is { } request
                ? request
                : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
        }

        Outcome<TimeRange> range = TimeRange.Read(query, "from", "to");
        return range.Succeeded
            ? new SessionsRequest(range.Value.From, range.Value.To, limit.Value, Before: null)
            : range.Refusal;
    }
}
