using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>Reads a customer's messages and sessions from the log, by the anchors that it holds.</summary>
internal sealed class CustomerTimeline(IEventLog eventLog)
{
    public Task<TimelineReply> Read(ProfileMap map, TimelineRequest request, CancellationToken cancellationToken)
    {
        ImmutableArray<string> anchors = AnchorsOf(map);
        return anchors.IsEmpty
            ? Task.FromResult(new TimelineReply(null, [], null))
            : new TimelineReading(eventLog, anchors, request).ReadPage(cancellationToken);
    }

    public async Task<SessionsReply> ReadSessions(
        ProfileMap map,
        SessionsRequest request,
        CancellationToken cancellationToken
    )
    {
        // Sessions are cut forwards and wanted backwards: the newest ones that fit are kept while the times stream by.
        DateTimeOffset before = request.Before ?? DateTimeOffset.MaxValue;
        var newest = new Queue<Session>(request.Limit + 1);
        var cutter = default(SessionCutter);
        await foreach (
            DateTimeOffset at in eventLog.ReadTimesAsync(AnchorsOf(map), request.From, request.To, cancellationToken)
        )
        {
            Keep(cutter.Take(at));
        }

        Keep(cutter.End());
        bool hasMore = newest.Count > request.Limit;
        if (hasMore)
        {
            newest.Dequeue();
        }

        ImmutableArray<CustomerSession> page =
        [
            .. newest
                .Reverse()
                .Select(session => new CustomerSession(session.StartAt, session.EndAt, (int)session.EventCount)),
        ];
        return new SessionsReply(null, page, hasMore ? page[^1].StartedAt : null);

        void Keep(Session? session)
        {
            if (session is { } one && one.StartAt < before)
            {
                newest.Enqueue(one);
                if (newest.Count > request.Limit + 1)
                {
                    newest.Dequeue();
                }
            }
        }
    }

    private static ImmutableArray<string> AnchorsOf(ProfileMap map) =>
        [.. map.Entries.Where(entry => entry.AppliedTo > 0).Select(entry => entry.Identifier.ToString())];
}
