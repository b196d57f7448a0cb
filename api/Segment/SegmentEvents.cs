using System.Collections.Immutable;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Segment;

/// <summary><c>…/events</c>: a user's messages, of the last 14 days unless <c>start</c> or <c>end</c> say otherwise.</summary>
internal sealed class SegmentEvents(ProfileAccess access, TimeProvider time)
{
    private const int LimitDefault = 10;
    private const int LimitMax = 100;

    // The log is read in pages of its own, because include and exclude pick from them. A request reads so many and
    // then answers with what it found and a cursor to go on with, so a rare name can't keep it busy for long.
    private const int ReadPagesMax = 10;

    private static readonly TimeSpan s_spanDefault = TimeSpan.FromDays(14);

    public async Task Get(HttpContext context)
    {
        Outcome<Asked> asked = Read(context);
        Outcome<Page> page = asked.Succeeded ? await Find(asked.Value, context.RequestAborted) : asked.Refusal;
        if (!page.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, page.Refusal);
            return;
        }

        context.Response.MarkPrivate();
        await JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("data"u8);
                foreach (VisibleMessage message in page.Value.Messages)
                {
                    SegmentEvent.Write(writer, message, page.Value.CustomerId);
                }

                writer.WriteEndArray();
                page.Value.Cursor.Write(writer);
                writer.WriteEndObject();
            }
        );
    }

    private Outcome<Asked> Read(HttpContext context)
    {
        Outcome<SegmentRequest> request = SegmentRequest.Read(context);
        if (!request.Succeeded)
        {
            return request.Refusal;
        }

        if (request.Value.Accounts)
        {
            return new UsersOnly();
        }

        IQueryCollection query = request.Value.Query;
        Outcome<int> limit = QueryValues.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        if (QueryValues.Single(query, "next") is { } next)
        {
            return
                CallerCursors.Unbind(request.Value.Asker, next) is { } own && SegmentEventsPlace.Read(own) is { } place
                ? new Asked(request.Value, limit.Value, place)
                : new ParameterInvalid("next", "it must be the 'next' of a page before");
        }

        Outcome<SegmentEventsPlace> first = ReadFirst(query);
        return first.Succeeded ? new Asked(request.Value, limit.Value, first.Value) : first.Refusal;
    }

    private Outcome<SegmentEventsPlace> ReadFirst(IQueryCollection query)
    {
        Outcome<TimeRange> range = TimeRange.Read(query, "start", "end");
        if (!range.Succeeded)
        {
            return range.Refusal;
        }

        Outcome<bool> descending = QueryValues.Choice(query, "sort", "desc", "asc");
        if (!descending.Succeeded)
        {
            return descending.Refusal;
        }

        bool unbounded = range.Value == new TimeRange(TimeRange.Earliest, TimeRange.Latest);
        DateTimeOffset from = unbounded ? time.GetUtcNow() - s_spanDefault : range.Value.From;
        return new SegmentEventsPlace(
            new TimelineRequest(from, range.Value.To, descending.Value, SegmentEventsPlace.PageMessages, Cursor: null),
            After: null
        );
    }

    private async Task<Outcome<Page>> Find(Asked asked, CancellationToken aborted)
    {
        SegmentEventsPlace place = asked.Place;
        var picked = new List<VisibleMessage>(asked.Limit);
        var filter = new NameFilter(asked.Request.Names("include"), asked.Request.Names("exclude"));
        string customerId = string.Empty;
        for (int read = 0; read < ReadPagesMax; read++)
        {
            TimelineRequest wanted = place.Page;
            Outcome<CustomerAnswer<VisibleTimeline>> found = await access.GetTimeline(
                asked.Request.Asker,
                asked.Request.Identifier,
                wanted,
                aborted
            );
            if (!found.Succeeded)
            {
                return found.Refusal;
            }

            customerId = found.Value.CustomerId;
            VisibleTimeline reply = found.Value.Reply;
            foreach (VisibleMessage message in Behind(reply.Messages, place.After).Where(filter.Takes))
            {
                if (picked.Count == asked.Limit)
                {
                    return PageOf(asked, customerId, picked, place with { After = picked[^1].MessageId });
                }

                picked.Add(message);
            }

            if (reply.Next is null)
            {
                return PageOf(asked, customerId, picked, next: null);
            }

            place = new SegmentEventsPlace(wanted with { Cursor = reply.Next }, After: null);
        }

        return PageOf(asked, customerId, picked, place);
    }

    /// <summary>The messages of a page that follow the one already shown; all of them where that one is gone.</summary>
    private static IEnumerable<VisibleMessage> Behind(ImmutableArray<VisibleMessage> messages, string? after)
    {
        int shown = -1;
        for (int index = 0; after is not null && index < messages.Length; index++)
        {
            if (string.Equals(messages[index].MessageId, after, StringComparison.Ordinal))
            {
                shown = index;
            }
        }

        return messages.Skip(shown + 1);
    }

    private static Page PageOf(Asked asked, string customerId, List<VisibleMessage> picked, SegmentEventsPlace? next) =>
        new(
            customerId,
            picked,
            new SegmentCursor(
                asked.Request.Url("events", customerId),
                next is null ? null : CallerCursors.Bind(asked.Request.Asker, next.Write()),
                asked.Limit
            )
        );

    private sealed record Asked(SegmentRequest Request, int Limit, SegmentEventsPlace Place);

    private sealed record Page(string CustomerId, IReadOnlyList<VisibleMessage> Messages, SegmentCursor Cursor);

    /// <summary>What <c>include</c> and <c>exclude</c> pick by: the name of the event, page or screen.</summary>
    private sealed record NameFilter(HashSet<string>? Include, HashSet<string>? Exclude)
    {
        public bool Takes(VisibleMessage message) =>
            (Include is null || (message.Name is { } name && Include.Contains(name)))
            && (Exclude is null || message.Name is null || !Exclude.Contains(message.Name));
    }
}
