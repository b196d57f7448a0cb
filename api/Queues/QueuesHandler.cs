using System.Collections.Immutable;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Quality;
using Customer360.Api.Quarantine;
using Customer360.Grains.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Queues;

/// <summary><c>GET /v1/queues</c>: how much waits for whom. What it is stands in the lists that the queues name.</summary>
internal sealed class QueuesHandler(
    IGrainFactory grains,
    ProfileAccess access,
    PolicyKinds kinds,
    IPolicy<DestinationPolicy> destinations,
    IPolicy<QualityPolicy> quality,
    TimeProvider time
)
{
    /// <summary>Of a list so many are counted.</summary>
    private const int CountedMax = 1_000;

    /// <summary>Pages of privacy requests that are looked through: those that are done are among them.</summary>
    private const int PagesMax = 20;

    public async Task<Results<Answer<QueuesAnswer>, ProblemResult>> List(HttpContext context)
    {
        var asker = Asker.Of(context);
        Outcome<ImmutableArray<QuarantinedPlace>> held = await access.ListHeldMessages(
            asker,
            after: null,
            CountedMax + 1
        );
        Outcome<HeldIdentifiers> identifiers = await access.ListHeldIdentifiers(
            asker,
            new QuarantineCursors.IdentifierPlace(0, null),
            CountedMax
        );
        if (!held.Succeeded || !identifiers.Succeeded)
        {
            return new ProblemResult((held.Refusal ?? identifiers.Refusal)!);
        }

        return new Answer<QueuesAnswer>(
            new QueuesAnswer([
                await Approvals(),
                HeldMessages(held.Value),
                AmbiguousIdentities(identifiers.Value),
                await PrivacyRequests(),
                await DeadLetters(),
            ])
        );
    }

    private async Task<QueueAnswer> Approvals()
    {
        ImmutableArray<PolicyVersion>[] proposals = await Task.WhenAll(
            kinds.All.Select(kind => grains.GetGrain<IPolicyGrain>(kind.Name).GetProposals())
        );
        return Of(
            QualityQueues.Approvals,
            "/v1/policies",
            proposals.Sum(one => one.Length),
            hasMore: false,
            proposals.SelectMany(one => one).Select(one => (DateTimeOffset?)one.At).Min(),
            proposals.SelectMany(one => one).Select(one => one.Kind)
        );
    }

    private QueueAnswer HeldMessages(ImmutableArray<QuarantinedPlace> places) =>
        Of(
            QualityQueues.HeldMessages,
            "/v1/quarantine/messages",
            Math.Min(places.Length, CountedMax),
            places.Length > CountedMax,
            places.Select(one => (DateTimeOffset?)one.At).Min(),
            places.Take(CountedMax).Select(one => one.Reason)
        );

    private QueueAnswer AmbiguousIdentities(HeldIdentifiers identifiers) =>
        Of(
            QualityQueues.AmbiguousIdentities,
            "/v1/quarantine/identifiers",
            identifiers.Identifiers.Length,
            identifiers.Last is not null,
            identifiers.Identifiers.Select(one => (DateTimeOffset?)one.Quarantine.At).Min(),
            identifiers.Identifiers.Select(one => one.Identifier.Type)
        );

    /// <summary>Those that are not done. Each is due on a day of its own.</summary>
    private async Task<QueueAnswer> PrivacyRequests()
    {
        List<PrivacyRequestView> open = [];
        string after = "";
        bool hasMore = true;
        for (int page = 0; page < PagesMax && hasMore; page++)
        {
            ImmutableArray<PrivacyRequestView> found = await grains
                .GetGrain<IPrivacyGrain>(GrainKeys.Current)
                .List(after, CountedMax);
            open.AddRange(
                found.Where(one => one.Status is not (PrivacyRequestStatus.Done or PrivacyRequestStatus.Cancelled))
            );
            hasMore = found.Length == CountedMax;
            after = hasMore ? found[^1].Id : after;
        }

        return Of(
            QualityQueues.PrivacyRequests,
            "/v1/privacy/requests",
            open.Count,
            hasMore,
            open.Select(one => (DateTimeOffset?)one.AskedAt).Min(),
            open.Select(one => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(one.Status.ToString())),
            open.Select(one => (DateTimeOffset?)one.DueAt).Min()
        );
    }

    /// <summary>What was given up. It can be sent again for as long as it is kept.</summary>
    private async Task<QueueAnswer> DeadLetters()
    {
        Destination[] all = [.. destinations.Current.Destinations.Values];
        (string Name, long Failed, DateTimeOffset? At)[] failed = await Task.WhenAll(all.Select(FailedOf));
        return Of(
            QualityQueues.DeadLetters,
            "/v1/destinations",
            failed.Sum(one => one.Failed),
            hasMore: false,
            failed.Min(one => one.At),
            [],
            dueAt: null,
            [.. failed.Where(one => one.Failed > 0).Select(one => new QueuePartAnswer(one.Name, one.Failed))]
        );
    }

    private async Task<(string Name, long Failed, DateTimeOffset? At)> FailedOf(Destination destination)
    {
        IDestinationGrain grain = grains.GetGrain<IDestinationGrain>(destination.Name);
        DestinationStanding standing = await grain.Get();
        if (standing.Failed == 0)
        {
            return (destination.Name, 0, null);
        }

        // The newest are listed first: how old the oldest is, is not known of more than a page.
        ImmutableArray<DeliveryLine> lines = await grain.List(
            new DeliveryFilter("failed", null, null, null, null, null, 0, CountedMax)
        );
        return (destination.Name, standing.Failed, lines.Select(line => (DateTimeOffset?)line.DoneAt).Min());
    }

    private QueueAnswer Of(
        string name,
        string where,
        long waiting,
        bool hasMore,
        DateTimeOffset? oldestAt,
        IEnumerable<string> parts,
        DateTimeOffset? dueAt = null,
        IReadOnlyList<QueuePartAnswer>? counted = null
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        PolicyBody<QualityPolicy> body = quality.InForce.Body;
        QualityQueue? queue = body.Base.Queues.GetValueOrDefault(name);
        TimeSpan sla = queue?.Sla ?? QualityQueues.SlaOf(name);
        DateTimeOffset? due = dueAt ?? oldestAt + sla;
        return new QueueAnswer(
            name,
            waiting,
            hasMore,
            oldestAt?.UtcDateTime,
            oldestAt is { } at ? Math.Max(0, Math.Round((now - at).TotalSeconds)) : null,
            sla.TotalSeconds,
            due?.UtcDateTime,
            due < now,
            QualityOwnerAnswer.From(queue?.Owner ?? body.Owner),
            counted
                ??
                [
                    .. parts
                        .CountBy(part => part, StringComparer.Ordinal)
                        .OrderBy(part => part.Key, StringComparer.Ordinal)
                        .Select(part => new QueuePartAnswer(part.Key, part.Value)),
                ],
            where
        );
    }
}
