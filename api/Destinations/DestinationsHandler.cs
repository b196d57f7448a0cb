using System.Collections.Immutable;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Destinations;

/// <summary><c>/v1/destinations</c> and what is below it.</summary>
internal sealed class DestinationsHandler(IGrainFactory grains, IPolicy<DestinationPolicy> policy, TimeProvider time)
{
    /// <summary>The form of cursors of deliveries.</summary>
    private const byte CursorForm = 0xB4;

    /// <summary>The form of cursors of replays.</summary>
    private const byte ReplayForm = 0xB6;

    /// <summary>Deliveries that one call puts back at most.</summary>
    private const int ReplayedMax = 1_000;

    private static readonly string[] s_outcomes = ["sent", "withheld", "failed", DeliveryWords.Waiting];
    private static readonly string[] s_filters = ["outcome", "reason", "customer", "from", "to", "limit", "cursor"];

    public async Task<Answer<DestinationsAnswer>> List() =>
        new(
            new(
                await Task.WhenAll(
                    policy.Current.Destinations.Values.Select(async destination =>
                        DestinationAnswer.From(destination, await GrainOf(destination).Get())
                    )
                )
            )
        );

    public async Task<Results<Answer<DeliveriesAnswer>, ProblemResult>> ListDeliveries(
        string name,
        HttpContext context,
        PageAsked page
    )
    {
        if (policy.Current.Find(name) is not { } destination)
        {
            return Unknown();
        }

        Outcome<DeliveryFilter> filter = Read(context.Request.Query, page);
        if (!filter.Succeeded)
        {
            return new ProblemResult(filter.Refusal);
        }

        DeliveryFilter asked = filter.Value;
        if (page.Cursor is { } cursor)
        {
            var reader = new CursorReader(cursor, CursorForm);
            asked = asked with { AfterNumber = reader.Number(), AfterCustomer = reader.Text() };
            if (!reader.IsWhole)
            {
                return NoCursor();
            }
        }

        int limit = asked.Limit;
        ImmutableArray<DeliveryLine> lines = await GrainOf(destination).List(asked with { Limit = limit + 1 });
        string? next = null;
        if (lines.Length > limit)
        {
            DeliveryLine last = lines[limit - 1];
            next = new CursorWriter(CursorForm).Number(last.Number).Text(last.CustomerId).ToString();
        }

        return new Answer<DeliveriesAnswer>(new([.. lines.Take(limit).Select(DeliveryAnswerLine.From)], next));
    }

    /// <summary>Sends something that is about nobody.</summary>
    public async Task<Results<Answer<DestinationTestAnswer>, ProblemResult>> Test(string name)
    {
        if (policy.Current.Find(name) is not { } destination)
        {
            return Unknown();
        }

        DeliveryTest test = await GrainOf(destination).Test();
        return new Answer<DestinationTestAnswer>(
            new(
                test.IsTaken,
                test.Status == 0 ? null : test.Status,
                test.Reason.Length == 0 ? null : test.Reason,
                test.Seconds
            )
        );
    }

    public Task<Results<Answer<DestinationAnswer>, ProblemResult>> Pause(string name, CallerName caller) =>
        Do(name, grain => grain.Pause(caller.Text));

    public Task<Results<Answer<DestinationAnswer>, ProblemResult>> Resume(string name, CallerName caller) =>
        Do(name, grain => grain.Resume(caller.Text));

    /// <summary>Puts deliveries that are done back among what waits; without a filter those that failed.</summary>
    public async Task<Results<Answer<ReplayAnswer>, ProblemResult>> Replay(
        string name,
        HttpContext context,
        PageAsked page
    )
    {
        if (policy.Current.Find(name) is not { } destination)
        {
            return Unknown();
        }

        Outcome<DeliveryFilter> filter = Read(context.Request.Query, page);
        if (!filter.Succeeded)
        {
            return new ProblemResult(filter.Refusal);
        }

        if (filter.Value.Outcome == DeliveryWords.Waiting)
        {
            return new ProblemResult(new ParameterInvalid("outcome", "what waits is sent anyway"));
        }

        DateTimeOffset doneBefore = time.GetUtcNow();
        if (page.Cursor is { } cursor)
        {
            var reader = new CursorReader(cursor, ReplayForm);
            doneBefore = reader.Time();
            if (!reader.IsWhole)
            {
                return NoCursor();
            }
        }

        int replayed = await GrainOf(destination)
            .Replay(
                filter.Value with
                {
                    Outcome = filter.Value.Outcome ?? "failed",
                    Limit = ReplayedMax,
                    DoneBefore = doneBefore,
                }
            );
        bool hasMore = replayed == ReplayedMax;
        return new Answer<ReplayAnswer>(
            new(replayed, hasMore, hasMore ? new CursorWriter(ReplayForm).Time(doneBefore).ToString() : null)
        );
    }

    private static ProblemResult NoCursor() =>
        new(new ParameterInvalid("cursor", "it must be the 'next' of a page before"));

    private static ProblemResult Unknown() => new(new NotFound("destination"));

    private IDestinationGrain GrainOf(Destination destination) => grains.GetGrain<IDestinationGrain>(destination.Name);

    private async Task<Results<Answer<DestinationAnswer>, ProblemResult>> Do(
        string name,
        Func<IDestinationGrain, Task<DestinationStanding>> act
    ) =>
        policy.Current.Find(name) is { } destination
            ? new Answer<DestinationAnswer>(DestinationAnswer.From(destination, await act(GrainOf(destination))))
            : Unknown();

    private static Outcome<DeliveryFilter> Read(IQueryCollection query, PageAsked page)
    {
        if (query.Keys.FirstOrDefault(key => !s_filters.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            return new ParameterInvalid(unknown, $"there is no such filter; known: {string.Join(", ", s_filters)}");
        }

        if (!page.Limit.Succeeded)
        {
            return page.Limit.Refusal;
        }

        string? outcome = QueryValues.Single(query, "outcome");
        if (outcome is not null && !s_outcomes.Contains(outcome, StringComparer.Ordinal))
        {
            return new ParameterInvalid("outcome", $"it must be one of: {string.Join(", ", s_outcomes)}");
        }

        Outcome<DateTimeOffset> from = QueryValues.Time(query, "from", default);
        Outcome<DateTimeOffset> to = QueryValues.Time(query, "to", default);
        if (!from.Succeeded || !to.Succeeded)
        {
            return from.Refusal ?? to.Refusal!;
        }

        return new DeliveryFilter(
            outcome,
            QueryValues.Single(query, "reason"),
            QueryValues.Single(query, "customer"),
            from.Value == default ? null : from.Value,
            to.Value == default ? null : to.Value,
            AfterCustomer: null,
            AfterNumber: 0,
            page.Limit.Value
        );
    }
}
