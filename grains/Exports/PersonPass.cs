using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Audiences;
using Customer360.Rules.Consent;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>
/// Goes through all customers and makes the rows of the tables of people. Each is asked for its profile and its consents, as every reader
/// asks: what is stored of it may be older. What it held when is worked out from its decisions.
/// </summary>
internal sealed class PersonPass(JobTools tools, ExportTools mirror, MirrorFields fields, MirrorSinks sinks)
    : IMirrorPass
{
    private const int PageCustomers = 200;
    private const int AtOnce = 20;
    private const int PageDecisions = 1_000;

    /// <summary>Decisions of one customer that are looked through; a customer with more is a fault of the data.</summary>
    private const int DecisionsMax = 100_000;

    public static ImmutableArray<MirrorTable> Tables { get; } =
    [
        PersonRows.Profiles,
        PersonRows.Traits,
        PersonRows.Identifiers,
        PersonRows.Consents,
        IdentityRows.Graph,
        IdentityRows.Moves,
        AudienceRows.Changes,
    ];

    private readonly MirrorSight _sight = new(mirror.Secret);

    public async Task Run(JobPace pace, CancellationToken stop)
    {
        string after = "";
        ImmutableArray<ScannedState> page;
        do
        {
            page = await pace.Storage(tools.Scan.ReadPageAsync(GrainKeys.CustomerState, after, PageCustomers, stop));
            foreach (ScannedState[] some in page.Chunk(AtOnce))
            {
                foreach (Person person in await Task.WhenAll(some.Select(state => Read(state, stop))))
                {
                    Add(person);
                }

                await sinks.Flush(stop);
                await pace.Rest();
            }

            after = page.IsEmpty ? after : page[^1].Key;
        } while (page.Length == PageCustomers);

        if (sinks.Want(AudienceRows.Changes))
        {
            await new AudienceLeavers(mirror, fields, sinks).Run(pace, stop);
        }
    }

    private async Task<Person> Read(ScannedState state, CancellationToken stop)
    {
        CustomerState stored = CustomerStateCodec.Decode(state.Json);
        if (stored.Status == OwnerStatus.Erased || await fields.ViewOf(state.Key) is not { } view)
        {
            return new Person(state.Key, null, null, [], [], AudienceStandings.Empty);
        }

        // What has moved is another's profile by now, and its history is its own.
        bool isItself = view.CustomerId == state.Key;
        return new Person(
            state.Key,
            view,
            isItself && sinks.Want(PersonRows.Consents) ? await HoldingsOf(state.Key) : null,
            sinks.Want(IdentityRows.Graph, IdentityRows.Moves) ? await DecisionsOf(state.Key, stop) : [],
            isItself ? [.. view.Identifiers.Select(one => new ProfilePlace(one.Identifier, one.LinkedAt))] : [],
            isItself ? stored.Audiences.Standings : AudienceStandings.Empty
        );
    }

    private void Add(Person person)
    {
        if (person.View is not { } view)
        {
            return;
        }

        VisibleFields seen = fields.Of(view);
        if (view.CustomerId == person.CustomerId)
        {
            PersonRows.Add(
                sinks.RowsOf(PersonRows.Profiles),
                sinks.RowsOf(PersonRows.Traits),
                sinks.RowsOf(PersonRows.Identifiers),
                view,
                mirror.Policies.Mastership,
                seen,
                _sight
            );
        }

        if (seen.HaveAnyOf(FieldSets.Profile))
        {
            AudienceRows.AddEntered(
                sinks.RowsOf(AudienceRows.Changes),
                person.CustomerId,
                person.Standings,
                mirror.Policies.Audiences
            );
        }

        if (person.Holdings is { } holdings)
        {
            PersonRows.AddConsents(sinks.RowsOf(PersonRows.Consents), person.CustomerId, holdings, seen, _sight);
        }

        IdentityRows.AddGraph(
            sinks.RowsOf(IdentityRows.Graph),
            person.CustomerId,
            IdentityHistory.Of(person.CustomerId, person.Decisions, person.Held),
            seen,
            _sight
        );
        IdentityRows.AddMoves(sinks.RowsOf(IdentityRows.Moves), person.CustomerId, person.Decisions, seen);
    }

    private async Task<ProfileMap?> HoldingsOf(string customerId)
    {
        ConsentReply reply = await tools.Grains.GetGrain<ICustomerGrain>(customerId).GetConsent();
        return reply is { Exists: true, MovedTo: null } ? ConsentHoldingsJson.Read(reply.HoldingsJson) : null;
    }

    private async Task<ImmutableArray<DecisionRecord>> DecisionsOf(string customerId, CancellationToken stop)
    {
        var all = ImmutableArray.CreateBuilder<DecisionRecord>();
        DecisionCursor? after = null;
        ImmutableArray<DecisionRecord> page;
        do
        {
            page = await tools.Decisions.ReadAsync(customerId, after, PageDecisions, stop);
            all.AddRange(page);
            after = page.IsEmpty ? after : new DecisionCursor(page[^1].At, page[^1].Id);
        } while (page.Length == PageDecisions && all.Count < DecisionsMax);

        return all.DrainToImmutable();
    }

    /// <param name="View">Its own profile, or of whom it went into; null: nothing is left of it.</param>
    /// <param name="Standings">The audiences that it is in, as they are stored: each change of them is stored at once.</param>
    private sealed record Person(
        string CustomerId,
        ProfileView? View,
        ProfileMap? Holdings,
        ImmutableArray<DecisionRecord> Decisions,
        ImmutableArray<ProfilePlace> Held,
        AudienceStandings Standings
    );
}
