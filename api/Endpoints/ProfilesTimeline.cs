using System.Text.Json;
using Customer360.Api.Payloads;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary><c>GET /v1/profiles/{type}:{value}/timeline</c>: a customer's messages, page by page.</summary>
internal sealed class ProfilesTimeline(ProfilesDirectory directory)
{
    public Task Get(HttpContext context) =>
        ProfilesPage.Answer(
            context,
            directory,
            Read(context.Request.Query),
            static (customer, request) => customer.GetTimeline(request),
            static reply => reply.MovedTo,
            Write,
            static (request, reply) => reply.Next is { } next ? ProfilesCursor.Write(request, next) : null
        );

    private static Outcome<TimelineRequest> Read(IQueryCollection query) =>
        ProfilesPage.Read(
            query,
            ProfilesCursor.Read,
            (range, limit) =>
            {
                Outcome<bool> descending = ProfilesQuery.Choice(query, "order", "desc", "asc");
                return descending.Succeeded
                    ? new TimelineRequest(range.From, range.To, descending.Value, limit, Cursor: null)
                    : descending.Refusal;
            }
        );

    private static void Write(Utf8JsonWriter writer, TimelineReply reply)
    {
        writer.WriteStartArray("events"u8);
        foreach (Envelope message in reply.Messages)
        {
            ProfilesEvent.Write(writer, message);
        }

        writer.WriteEndArray();
    }
}
