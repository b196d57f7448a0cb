using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

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

    public async Task<JourneyRead> Read(
        ConversionFile file,
        ConversionDefinition definition,
        ConversionStanding standing
    )
    {
        HashSet<string> told = new(StringComparer.Ordinal);
        Parties parties;
        while (true)
        {
            parties = await FindParties(file, definition);
            string[] untold = [.. parties.Customers.Concat(parties.Awaited).Where(key => !told.Contains(key))];
            if (untold.Length == 0)
            {
                break;
            }

            // They are told of it before they are read: see ICustomerConversionsGrain. Whoever they are may change meanwhile, and whoever is
            // nobody yet may become somebody.
            await Task.WhenAll(untold.Select(key => Register(key, file.Id)));
            told.UnionWith(untold);
        }

        ReadJourney[] journeys = await Task.WhenAll(
            parties.Customers.Select(one => ReadPerson(one, file, definition, standing.ConvertedAt))
        );
        DateTimeOffset? lapsesAt = journeys.Min(one => one.LapsesAt);
        if (lapsesAt is { } lapses)
        {
            await Register(AwaitedConversions.KeyOfHour(lapses, file.Id), file.Id);
        }

        return new JourneyRead(
            new JourneyKnown([.. journeys.SelectMany(one => one.Touches)])
            {
                LacksAccount = definition.IsOfDeals && !parties.HasAccount,
                LacksPeople = parties.Customers.IsEmpty,
                HasErased = file.HasErased,
                HasOlder = journeys.Any(one => one.HasOlder),
                LeadAt = journeys.Min(one => one.LeadAt),
                Before =
                    file.Current is not null && parties.Customers.AsSpan().SequenceEqual(file.People.AsSpan())
                        ? ConversionFileRules.RowOf(file).Residual
                        : CreditResidual.None,
            },
            parties.Customers,
            lapsesAt
        );
    }

    private Task Register(string key, string conversionId) =>
        grains.GetGrain<ICustomerConversionsGrain>(key).Add(conversionId);

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

        Identifier[] parties = [.. identifiers.Take(PeopleMax)];
        string?[] owners = await Task.WhenAll(
            parties.Select(one => grains.GetGrain<IIdentifierGrain>(one.ToString()).GetOwner())
        );
        string?[] live = await Task.WhenAll(
            owners.Select(owner => owner is null ? Task.FromResult<string?>(null) : LiveOf(owner))
        );
        // Retention takes contacts out of old deals: one that named somebody, and names nobody now, has lost the names and not the people.
        bool hasLostNames =
            !isReadable
            || (definition is { IsOfDeals: true, Scope: AttributionScope.Person } && identifiers.Count == 0);
        string?[] before = hasLostNames ? await Task.WhenAll(file.People.Select(LiveOf)) : [];
        return new Parties(
            [.. live.Concat(before).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            groupId is not null,
            [
                .. definition.IsOfDeals
                    ? parties.Where((_, index) => live[index] is null).Select(AwaitedConversions.KeyOf)
                    : [],
                .. definition.Scope == AttributionScope.Account && groupId is not null
                    ? [AwaitedConversions.KeyOfGroup(groupId)]
                    : Array.Empty<string>(),
            ]
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

    private async Task<ReadJourney> ReadPerson(
        string customerId,
        ConversionFile file,
        ConversionDefinition definition,
        DateTimeOffset convertedAt
    )
    {
        (string live, ProfileViewReply reply) = await View(customerId);
        if (reply.View is not { } view)
        {
            return new ReadJourney([], false, null, null);
        }

        // Of whom nobody says here in which region, the strictest counts.
        ConsentAllows allows = ConsentCheck.MaySend(policy.Purpose, view.Consent, region: null, consent, now);
        ImmutableArray<string> anchors = [.. view.Identifiers.Select(one => one.Identifier.ToString())];
        DateTimeOffset from = convertedAt - definition.LookBack - s_runUp;
        var marks = new Dictionary<LogPlace, string?>();
        // Clocks that go ahead are set right when a message is read, and it is found by what it said: so a day more is looked at.
        List<VisitHit> hits = await ReadHits(anchors, from, convertedAt + s_ahead, MessagesMax, marks);
        ImmutableArray<CreditedTouch> credited = await FindCredited(file, live, view);
        HashSet<LogPlace> gone = await FindGone(credited, marks);
        HashSet<string?> seen = [.. credited.Select(touch => touch.Anchor)];
        (ImmutableArray<VisitHit> complete, ImmutableArray<CreditedTouch> withheld) = KeptTouches.Complete(
            hits,
            credited,
            touch => gone.Contains(touch.Place),
            hit => hit.Arrival.ReceivedAt <= file.Current?.At && seen.Contains(marks[hit.Arrival.Place])
        );
        foreach (CreditedTouch touch in credited.Where(touch => gone.Contains(touch.Place)))
        {
            marks[touch.Place] = touch.Anchor;
        }

        ImmutableArray<JourneyTouch> touches = TouchCutter.Cut(complete, policy.Idle, policy.ChannelOf);
        bool hasOlder =
            touches.IsEmpty
            && withheld.IsEmpty
            && (await ReadHits(anchors, DateTimeOffset.MinValue, from, OlderMax, marks: null)).Count > 0;
        return new ReadJourney(
            [
                .. touches.Select(touch => new PersonTouch(live, touch, allows.Is) { Anchor = marks[touch.Place] }),
                .. withheld.Select(touch => KeptTouches.Withheld(touch, live)),
            ],
            hasOlder,
            definition.IsOfDeals ? await LeadAtOf(live) : null,
            allows.Reason == ConsentReason.Granted && !touches.IsEmpty ? allows.Because?.Until : null
        );
    }

    /// <summary>Touches of the person that were credited before.</summary>
    private async Task<ImmutableArray<CreditedTouch>> FindCredited(ConversionFile file, string live, ProfileView view)
    {
        if (file.Current is not { Credit: { Touches.IsEmpty: false } credit })
        {
            return [];
        }

        HashSet<string> customers = new(StringComparer.Ordinal) { live };
        foreach (
            string customer in credit.Touches.Where(one => one.Anchor is null).Select(one => one.CustomerId).Distinct()
        )
        {
            if (await LiveOf(customer) == live)
            {
                customers.Add(customer);
            }
        }

        HashSet<string> marks = [.. view.Identifiers.Select(one => KeptTouches.MarkOf(one.Identifier))];
        return [.. KeptTouches.Of(credit, customers, marks)];
    }

    /// <summary>Those of whose messages the log has nothing any more.</summary>
    /// <param name="found">Those that it has.</param>
    private async Task<HashSet<LogPlace>> FindGone(
        ImmutableArray<CreditedTouch> credited,
        Dictionary<LogPlace, string?> found
    )
    {
        HashSet<LogPlace> gone = [];
        foreach (CreditedTouch touch in credited.Where(touch => !found.ContainsKey(touch.Place)))
        {
            if (await log.FindMessage(touch.Place) is null)
            {
                gone.Add(touch.Place);
            }
        }

        return gone;
    }

    /// <param name="marks">Takes under which identifier each came; null: only whether there is one is asked.</param>
    private async Task<List<VisitHit>> ReadHits(
        ImmutableArray<string> anchors,
        DateTimeOffset from,
        DateTimeOffset to,
        int max,
        Dictionary<LogPlace, string?>? marks
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
                    marks?.TryAdd(hit.Arrival.Place, KeptTouches.MarkOf(envelope.Anchor));
                }
            }

            if (rows.Length < PageRows || (marks is null && hits.Count > 0))
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

    /// <param name="Customers">Live, in order.</param>
    /// <param name="Awaited">Keys under which it waits for whoever may come.</param>
    private sealed record Parties(ImmutableArray<string> Customers, bool HasAccount, ImmutableArray<string> Awaited);

    private sealed record ReadJourney(
        ImmutableArray<PersonTouch> Touches,
        bool HasOlder,
        DateTimeOffset? LeadAt,
        DateTimeOffset? LapsesAt
    );
}

/// <summary>What was read for a conversion.</summary>
/// <param name="People">Whose it is: customers that are live, in order.</param>
/// <param name="LapsesAt">When the first grant ends by which a touch is used; null: none does.</param>
internal sealed record JourneyRead(JourneyKnown Known, ImmutableArray<string> People, DateTimeOffset? LapsesAt);

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
