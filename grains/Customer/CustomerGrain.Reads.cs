using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains;

/// <summary>What readers ask a customer. Changes nothing, so reads interleave.</summary>
public sealed partial class CustomerGrain
{
    public Task<ProfileReply> GetProfile()
    {
        if (State.MovedTo is { } movedTo)
        {
            return Task.FromResult(new ProfileReply(false, movedTo, Id, _show.Version, default));
        }

        if (IsNobody())
        {
            return Task.FromResult(new ProfileReply(false, null, Id, 0, default));
        }

        // Another policy is another profile, without a message.
        MastershipPolicy policy = mastership.Current;
        PublishedProfile profile = _show.Publish();
        return Task.FromResult(
            new ProfileReply(
                true,
                null,
                Id,
                profile.View.Version,
                profile.Render(ProfileForm.Plain, policy).Json,
                policy.Tag,
                profile.View.Consent.IsRestricted
            )
        );
    }

    public Task<ProfileViewReply> GetView() =>
        Task.FromResult(
            State.MovedTo is { } movedTo ? new ProfileViewReply(movedTo, null)
            : IsNobody() ? new ProfileViewReply(null, null)
            : new ProfileViewReply(null, _show.Publish().View)
        );

    public async Task<TimelineReply> GetTimeline(TimelineRequest request, CancellationToken cancellationToken) =>
        State.MovedTo is { } movedTo ? new TimelineReply(movedTo, [], null)
        : IsNobody() ? new TimelineReply(null, [], null)
        : await new CustomerTimeline(eventLog).Read(State.Map, request, cancellationToken);

    public async Task<SessionsReply> GetSessions(SessionsRequest request, CancellationToken cancellationToken) =>
        State.MovedTo is { } movedTo ? new SessionsReply(movedTo, [], null)
        : IsNobody() ? new SessionsReply(null, [], null)
        : await new CustomerTimeline(eventLog).ReadSessions(State.Map, request, cancellationToken);

    public async Task<DecisionsReply> GetDecisions(DecisionsRequest request, CancellationToken cancellationToken)
    {
        if (State.MovedTo is { } movedTo)
        {
            return new DecisionsReply(movedTo, [], HasMore: false, IsTruncated: false);
        }

        LetGoOfNobody();
        return await new CustomerHistory(decisionLog).Read(Id, request, cancellationToken);
    }

    public Task<StandingReply> GetStanding(Identifier identifier) =>
        Task.FromResult(
            new StandingReply(
                State.MovedTo,
                State.Map.TryGet(identifier, out ProfileEntry? entry) ? entry.AppliedTo : 0
            )
        );

    public Task<EntriesReply> GetEntries(EntriesQuery query)
    {
        if (State.MovedTo is { } movedTo)
        {
            return Task.FromResult(new EntriesReply(movedTo, []));
        }

        var entries = ImmutableArray.CreateBuilder<FoldedEntry>(query.Identifiers.Length);
        foreach (Identifier identifier in query.Identifiers)
        {
            if (State.Map.TryGet(identifier, out ProfileEntry? entry))
            {
                entries.Add(new FoldedEntry(identifier, entry.AppliedTo, FoldBytes.Of(entry.Fold)));
            }
        }

        return Task.FromResult(new EntriesReply(null, entries.DrainToImmutable()));
    }

    /// <summary>True of an id that belongs to nobody.</summary>
    private bool IsNobody()
    {
        LetGoOfNobody();
        return State.Map.Entries.IsEmpty;
    }

    /// <summary>Anyone may ask for any id: one under which nothing is stored does not stay in memory for that.</summary>
    private void LetGoOfNobody()
    {
        if (!stored.RecordExists && State.Map.Entries.IsEmpty)
        {
            GiveUp();
        }
    }
}
