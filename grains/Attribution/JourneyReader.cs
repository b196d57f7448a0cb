using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Reads the journeys of whoever takes part in a conversion: who they are now, by what its messages say, and what the log has of them.
/// </summary>
internal sealed class JourneyReader(
    IGrainFactory grains,
    IEventLog log,
    AttributionPolicy policy,
    ConsentPolicy consent,
    DateTimeOffset now
)
{
    /// <summary>People of a deal at most: beyond, those with the ordinally smallest identifiers count.</summary>
    private const int PeopleMax = 500;

    /// <summary>Messages of a person that are read, the newest first.</summary>
    private const int MessagesMax = 50_000;

    private const int PageRows = 1_000;

    /// <summary>Messages before the look-back that are looked at to tell whether there was a touch at all.</summary>
    private const int OlderMax = 5_000;

    /// <summary>A visit that began before the look-back is known as that.</summary>
    private static readonly TimeSpan s_runUp = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(1);

    /// <returns>What is known, and whose it is: customers that are live, in order.</returns>
    public async Task<(JourneyKnown Known, ImmutableArray<string> People)> Read(
        ConversionFile file,
        ConversionDefinition definition,
        ConversionStanding standing
    )
    {
        ImmutableArray<string> people = [];
        Parties parties = default;
        while (true)
        {
            parties = await FindParties(file, definition);
            if (parties.Customers.All(one => people.Contains(one, StringComparer.Ordinal)))
            {
                break;
            }

            // They are told of it before they are read: see ICustomerConversionsGrain. Whoever they are may change meanwhile.
            people = parties.Customers;
            await Task.WhenAll(people.Select(one => grains.GetGrain<ICustomerConversionsGrain>(one).Add(file.Id)));
        }

        (ImmutableArray<PersonTouch> Touches, bool HasOlder, DateTimeOffset? LeadAt)[] journeys = await Task.WhenAll(
            parties.Customers.Select(one => ReadPerson(one, definition, standing.ConvertedAt))
        );
        return (
            new JourneyKnown([.. journeys.SelectMany(one => one.Touches)])
            {
                LacksAccount = definition.IsOfDeals && !parties.HasAccount,
                LacksPeople = parties.Customers.IsEmpty,
                HasErased = file.HasErased,
                HasOlder = journeys.Any(one => one.HasOlder),
                LeadAt = journeys.Min(one => one.LeadAt),
            },
            parties.Customers
        );
    }

    /// <summary>Those of whom the file still has something, and who are nobody any more.</summary>
    public async Task<ImmutableArray<string>> FindErased(ConversionFile file)
    {
        string[] customers = [.. ConversionFileRules.CustomersOf(file)];
        string?[] live = await Task.WhenAll(customers.Select(LiveOf));
        return [.. customers.Where((_, index) => live[index] is null)];
    }

    /// <summary>Who takes part, as the messages say that the log still has; of what is gone, who took part before.</summary>
    private async Task<Parties> FindParties(ConversionFile file, ConversionDefinition definition)
    {
        var identifiers = new SortedSet<Identifier>();
        string? groupId = null;
        bool isReadable = false;
        foreach (
            ConversionStatement statement in ConversionStanding
                .Counting(file.Statements)
                .OrderByDescending(one => one.At)
                .ThenByDescending(one => one.Place.Position)
        )
        {
            if (await log.FindMessage(statement.Place) is not { } envelope)
            {
                continue;
            }

            isReadable = true;
            if (!definition.IsOfDeals)
            {
                if (statement.Kind == StatementKind.Happened)
                {
                    identifiers.Add(envelope.Anchor);
                }
            }
            else if (
                OpportunityReader.ContactsIn(envelope) is { IsEmpty: false } contacts
                || envelope.GroupId is not null
            )
            {
                groupId ??= envelope.GroupId;
                ImmutableArray<OpportunityContact> named = OpportunityReader.ContactsIn(envelope);
                identifiers.UnionWith(named.Select(contact => contact.Identifier));
                if (!named.IsEmpty)
                {
                    // The latest word of who takes part counts.
                    break;
                }
            }
        }

        if (definition.Scope == AttributionScope.Account && groupId is not null)
        {
            AccountReply? account = await grains.FindAccount(groupId, new AccountQuery(null, PeopleMax));
            identifiers.UnionWith(account?.Members.Select(member => member.Identifier) ?? []);
        }

        string?[] owners = await Task.WhenAll(
            identifiers.Take(PeopleMax).Select(one => grains.GetGrain<IIdentifierGrain>(one.ToString()).GetOwner())
        );
        IEnumerable<string> found = isReadable ? owners.OfType<string>() : file.People;
        string?[] live = await Task.WhenAll(found.Distinct(StringComparer.Ordinal).Select(LiveOf));
        return new Parties(
            [.. live.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            groupId is not null
        );
    }

    /// <summary>Who it is by now; null: nobody any more.</summary>
    private async Task<string?> LiveOf(string customerId)
    {
        (string live, ProfileViewReply reply) = await View(customerId);
        return reply.View is null ? null : live;
    }

    private Task<(string CustomerId, ProfileViewReply Reply)> View(string customerId) =>
        Stubs.Follow(customerId, id => grains.GetGrain<ICustomerGrain>(id).GetView(), static reply => reply.MovedTo);

    private async Task<(ImmutableArray<PersonTouch> Touches, bool HasOlder, DateTimeOffset? LeadAt)> ReadPerson(
        string customerId,
        ConversionDefinition definition,
        DateTimeOffset convertedAt
    )
    {
        (string live, ProfileViewReply reply) = await View(customerId);
        if (reply.View is not { } view)
        {
            return ([], false, null);
        }

        // Of whom nobody says here in which region, the strictest counts.
        bool mayBeUsed = ConsentCheck.MaySend(policy.Purpose, view.Consent, region: null, consent, now).Is;
        ImmutableArray<string> anchors = [.. view.Identifiers.Select(one => one.Identifier.ToString())];
        DateTimeOffset from = convertedAt - definition.LookBack - s_runUp;
        // Clocks that go ahead are set right when a message is read, and it is found by what it said: so a day more is looked at.
        List<VisitHit> hits = await ReadHits(anchors, from, convertedAt + s_ahead, MessagesMax, stopsAtFirst: false);
        ImmutableArray<JourneyTouch> touches = TouchCutter.Cut(hits, policy.Idle, policy.ChannelOf);
        bool hasOlder =
            touches.IsEmpty
            && (await ReadHits(anchors, DateTimeOffset.MinValue, from, OlderMax, stopsAtFirst: true)).Count > 0;
        return (
            [.. touches.Select(touch => new PersonTouch(live, touch, mayBeUsed))],
            hasOlder,
            definition.IsOfDeals ? await LeadAtOf(live) : null
        );
    }

    private async Task<List<VisitHit>> ReadHits(
        ImmutableArray<string> anchors,
        DateTimeOffset from,
        DateTimeOffset to,
        int max,
        bool stopsAtFirst
    )
    {
        List<VisitHit> hits = [];
        TimelineCursor? after = null;
        for (int read = 0; read < max && !anchors.IsEmpty; read += PageRows)
        {
            ImmutableArray<LogRow> rows = await log.ReadTimelineAsync(
                new TimelineQuery(anchors, from, to, Descending: true, PageRows, after),
                CancellationToken.None
            );
            foreach (LogRow row in rows)
            {
                Envelope envelope = EnvelopeReader.FromJson(row.Payload);
                // What is held in quarantine counts for nobody.
                if (
                    !envelope.IsHeld
                    && policy.Visits.Read(envelope, new LogPlace(row.Partition, row.Position)) is { } hit
                )
                {
                    hits.Add(hit);
                }
            }

            if (rows.Length < PageRows || (stopsAtFirst && hits.Count > 0))
            {
                break;
            }

            after = new TimelineCursor(rows[^1].Timestamp, rows[^1].Partition, rows[^1].Position);
        }

        return hits;
    }

    private async Task<DateTimeOffset?> LeadAtOf(string customerId)
    {
        CustomerLeads held = await grains.GetGrain<ICustomerGrain>(customerId).GetLeads();
        ReadOnlyMemory<byte>[] files = await Task.WhenAll(
            held.Leads.Select(lead => grains.GetGrain<ILeadGrain>(lead.LeadId).Get())
        );
        return files
            .Where(file => !file.IsEmpty)
            .Select(LeadFileJson.Read)
            .Where(file => !file.IsErased)
            .Min(file => (DateTimeOffset?)file.Lead.CreatedAt);
    }

    private readonly record struct Parties(ImmutableArray<string> Customers, bool HasAccount);
}

/// <summary>Finds a message by its place.</summary>
internal static class MessagePlaces
{
    /// <summary>Null where the log has it no more.</summary>
    public static async Task<Envelope?> FindMessage(this IEventLog log, LogPlace place)
    {
        ImmutableArray<LogRow> rows = await log.ReadPartitionAsync(
            place.Partition,
            place.Position - 1,
            1,
            CancellationToken.None
        );
        return rows is [var row] && row.Position == place.Position ? EnvelopeReader.FromJson(row.Payload) : null;
    }
}
