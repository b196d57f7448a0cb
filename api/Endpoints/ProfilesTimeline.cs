using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary><c>GET /v1/profiles/{type}:{value}/timeline</c>: a customer's messages, page by page.</summary>
internal sealed class ProfilesTimeline(ProfilesDirectory directory)
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;

    public async Task Get(HttpContext context)
    {
        Outcome<TimelineRequest> asked = Read(context.Request.Query);
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        TimelineRequest request = asked.Value;
        Outcome<Answer<TimelineReply>> found = await directory.Ask(
            ProfilesPath.InRegion(context),
            customer => customer.GetTimeline(request),
            static reply => reply.MovedTo
        );
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        TimelineReply reply = found.Value.Reply;
        await ProfilesJson.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("customerId"u8, found.Value.CustomerId);
                writer.WriteStartArray("events"u8);
                foreach (Envelope message in reply.Messages)
                {
                    ProfilesEvent.Write(writer, message);
                }

                writer.WriteEndArray();
                writer.WriteString("next"u8, reply.Next is { } next ? ProfilesCursor.Write(request, next) : null);
                writer.WriteEndObject();
            }
        );
    }

    /// <summary>A cursor brings range and order of its first page along: the parameters beside it don't count.</summary>
    private static Outcome<TimelineRequest> Read(IQueryCollection query)
    {
        Outcome<int> limit = ProfilesQuery.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        if (ProfilesQuery.Single(query, "cursor") is { } cursor)
        {
            return ProfilesCursor.Read(cursor, limit.Value) is { } request
                ? request
                : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
        }

        Outcome<TimeRange> range = TimeRange.Read(query, "from", "to");
        if (!range.Succeeded)
        {
            return range.Refusal;
        }

        Outcome<bool> descending = ProfilesQuery.Choice(query, "order", "desc", "asc");
        return descending.Succeeded
            ? new TimelineRequest(range.Value.From, range.Value.To, descending.Value, limit.Value, Cursor: null)
            : descending.Refusal;
    }
}
