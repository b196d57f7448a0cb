using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains;

/// <summary>What readers ask a customer. Changes nothing, so reads interleave.</summary>
public sealed partial class CustomerGrain
{
    public Task<ProfileReply> GetProfile()
    {
        // Another policy is another profile, without a message: what was rendered under the former one no longer counts.
        MastershipPolicy policy = mastership.Current;
        if (_profile is null || !ReferenceEquals(policy, _profilePolicy))
        {
            _profile = RenderProfile(policy);
            _profilePolicy = policy;
        }

        return Task.FromResult(_profile);
    }

    public Task<ProfileViewReply> GetView() =>
        Task.FromResult(
            State.MovedTo is { } movedTo ? new ProfileViewReply(movedTo, null)
            : State.Map.Entries.IsEmpty ? new ProfileViewReply(null, null)
            : new ProfileViewReply(null, View())
        );

    public async Task<TimelineReply> GetTimeline(TimelineRequest request)
    {
        if (State.MovedTo is { } movedTo)
        {
            return new TimelineReply(movedTo, [], null);
        }

        ImmutableArray<string> anchors = Anchors();
        if (anchors.IsEmpty)
        {
            return new TimelineReply(null, [], null);
        }

        TimelineCursor? after = request.Cursor is { } place
            ? new TimelineCursor(place.Timestamp, place.Partition, place.Position)
            : null;
        // One more than asked for tells whether there is a next page.
        ImmutableArray<LogRow> rows = await eventLog.ReadTimelineAsync(
            new TimelineQuery(anchors, request.From, request.To, request.Descending, request.Limit + 1, after),
            CancellationToken.None
        );
        ImmutableArray<LogRow> page = rows.Length > request.Limit ? rows[..request.Limit] : rows;
        TimelinePlace? next =
            rows.Length > request.Limit
                ? new TimelinePlace(page[^1].Timestamp, page[^1].Partition, page[^1].Position)
                : null;
        return new TimelineReply(null, [.. page.Select(row => EnvelopeReader.FromJson(row.Payload))], next);
    }

    public async Task<SessionsReply> GetSessions(SessionsRequest request)
    {
        if (State.MovedTo is { } movedTo)
        {
            return new SessionsReply(movedTo, [], null);
        }

        // Sessions are cut forwards and wanted backwards: the newest ones that fit are kept while the times stream by.
        DateTimeOffset before = request.Before ?? DateTimeOffset.MaxValue;
        var newest = new Queue<Session>(request.Limit + 1);
        var cutter = default(SessionCutter);
        await foreach (
            DateTimeOffset at in eventLog.ReadTimesAsync(Anchors(), request.From, request.To, CancellationToken.None)
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

    private ImmutableArray<string> Anchors() =>
        [.. State.Map.Entries.Where(entry => entry.AppliedTo > 0).Select(entry => entry.Identifier.ToString())];

    private ProfileReply RenderProfile(MastershipPolicy policy) =>
        State.MovedTo is { } movedTo ? new ProfileReply(false, movedTo, Id, Version, default)
        : State.Map.Entries.IsEmpty ? new ProfileReply(false, null, Id, 0, default)
        : new ProfileReply(true, null, Id, Version, ProfileDocument.Render(View(), policy), policy.Tag);

    private ProfileView View() =>
        new(
            Id,
            Version,
            [
                .. State.Map.Entries.Select(entry => new ProfileIdentifier(
                    entry.Identifier,
                    entry.Evidence.MessageId,
                    entry.Evidence.Source,
                    entry.Evidence.At,
                    entry.Evidence.RuleVersion
                )),
            ],
            _joined ??= State.Map.Join()
        )
        {
            IsOversized = State.IsOversized,
        };
}
