using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Leads;

/// <summary>A grid that keeps leads: whoever has an address is one, and who asks for a demo is given to sales.</summary>
internal sealed class LeadGrid : IAsyncDisposable
{
    public const string Demo = "Demo Requested";

    private const string Lifecycle = """
        owner: {team: sales-operations, contact: sales-operations}
        begins: {fact: email, exists: true}
        stages: [lead, mql, sal, customer]
        exits: {disqualified: [spam], recycled: [no-budget]}
        route: [mql]
        reject: [not-mine]
        moves:
          - {name: spam, from: [lead], to: disqualified, code: spam, if: {fact: custom.spam, equals: true}}
          - {name: hot, from: [lead, recycled], to: mql, if: {fact: score, atLeast: 40}}
          - {name: accepted, from: [mql], to: sal, if: {fact: handoff, equals: accepted}}
          - {name: won, from: [lead, mql, sal], to: customer, if: {fact: opportunityWon, equals: true}}
        examples:
          - input: {stage: mql, lead: {handoff: accepted}}
            expect: {stage: sal}
        """;

    private const string Scoring = """
        owner: {team: marketing-operations, contact: marketing-operations}
        groups: {intent: {max: 100}}
        rules:
          - {name: demo, group: intent, points: 50, event: Demo Requested, countMax: 1}
          - {name: big, group: intent, points: 7, if: {fact: segment, equals: big}}
        tiers: {hot: 40}
        examples:
          - input: {events: [{event: Demo Requested}]}
            expect: {points: 50, tier: hot}
        """;

    private const string Routing = """
        owner: {team: sales-operations, contact: sales-operations}
        queues: [triage, overflow]
        pools:
          all: {members: [ann, bob]}
        answers:
          duplicate: continue
          openOpportunity: continue
          territoryMissing: continue
          ownerAway: {queue: triage}
          noCapacity: {queue: overflow}
          outsideHours: assign
          otherwise: {queue: triage}
        sla: {minutes: 60, timeout: reroute, reroutes: 3, queue: triage}
        rules:
          - name: named
            if: {fact: custom.wants, equals: cy}
            then: {owner: cy}
            examples: [{facts: {custom.wants: cy}, fires: true}]
          - name: demo
            if: {fact: stage, equals: mql}
            then: {pool: all}
            examples: [{facts: {stage: mql}, fires: true}]
        examples:
          - input: {lead: {stage: mql}}
            expect: {to: person ann}
        """;

    private static readonly (string Name, string Value) s_quick = ("Customer360:Grid:Partitions", "4");

    private readonly PolicyFolderOf[] _folders;

    private LeadGrid(TestGrid grid, PolicyFolderOf[] folders, ShiftedTime time) =>
        (Grid, _folders, Time) = (grid, folders, time);

    /// <summary>The grid's clock.</summary>
    public ShiftedTime Time { get; }

    public TestGrid Grid { get; }

    /// <param name="team">The people of <c>sales-team.yaml</c>.</param>
    /// <param name="configure">Changes what the node is built from.</param>
    public static async Task<LeadGrid> Start(
        string team = "  ann: {calendar: all}\n  bob: {calendar: all}\n  cy: {calendar: all}",
        Action<IServiceCollection>? configure = null
    )
    {
        var folder = new PolicyFolderOf("lifecycle.yaml", Lifecycle);
        string path = folder.Setting.Item2;
        await File.WriteAllTextAsync(Path.Combine(path, "scoring.yaml"), Scoring);
        // Sales may write to whoever has not said no.
        await File.WriteAllTextAsync(
            Path.Combine(path, "consent.yaml"),
            "purposes:\n  sales-contact: {choice: opt-out, basis: legitimate-interest}\n"
        );
        await File.WriteAllTextAsync(Path.Combine(path, "routing.yaml"), Routing);
        await File.WriteAllTextAsync(
            Path.Combine(path, "sales-team.yaml"),
            $$"""
            owner: {team: sales-operations, contact: sales-operations}
            calendars:
              all:
                zone: Etc/UTC
                week:
                  {sun: ["00:00-24:00"], mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"],
                   thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"]}
            people:
            {{team}}
            examples:
              - input: {person: ann, at: "2026-11-27T09:00:00Z"}
                expect: {availability: available}
            """
        );
        var time = new ShiftedTime();
        TestGrid grid = await TestGrid.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(time);
                configure?.Invoke(builder.Services);
            },
            s_quick,
            folder.Setting
        );
        var made = new LeadGrid(grid, [folder], time);
        await TestGrid.Until(() =>
            grid.Services.GetRequiredService<IPolicy<LifecyclePolicy>>().Current.Begins is not null
            && !grid.Services.GetRequiredService<IPolicy<ScoringPolicy>>().Current.Tiers.IsEmpty
            && grid.Services.GetRequiredService<IPolicy<RoutingPolicy>>().Current.Pools.Length == 1
            && grid.Services.GetRequiredService<IPolicy<SalesTeam>>().Current.People.Length > 0
        );
        return made;
    }

    /// <summary>The lead's reminder comes.</summary>
    public Task Remind(LeadFile lead) =>
        Grid.Grains.GetGrain<ILeadGrain>(lead.Lead.LeadId).AsReference<IRemindable>().ReceiveReminder("look", default);

    /// <summary>Somebody leaves an address.</summary>
    public Task Arrive(string user, JsonObject? traits = null)
    {
        traits ??= [];
        traits["email"] = $"{user}@example.org";
        return Grid.CollectApplied(Identify($"arrive-{user}", user, null, traits));
    }

    /// <summary>Somebody asks for a demo, which makes a lead that sales are given.</summary>
    public Task AskForDemo(string user, string messageId = "demo") =>
        Grid.CollectApplied(Track($"{messageId}-{user}", user, null, Demo));

    /// <summary>The leads of whom an identifier leads to, in the order in which they stand.</summary>
    public async Task<LeadFile[]> LeadsOf(string identifier)
    {
        string owner = (await Grid.OwnerOf(identifier))!;
        CustomerLeads held = await Grid.Grains.GetGrain<ICustomerGrain>(owner).GetLeads();
        List<LeadFile> files = [];
        foreach (CustomerLead lead in held.Leads)
        {
            files.Add(await Lead(lead.LeadId));
        }

        return [.. files];
    }

    public async Task<LeadFile> LeadOf(string identifier) => Assert.Single(await LeadsOf(identifier));

    /// <summary>Waits until a lead has so many points.</summary>
    public async Task UntilScored(string identifier, decimal points)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await LeadOf(identifier)).Score != points)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    public async Task<LeadFile> Lead(string id) => LeadFileJson.Read(await Grid.Grains.GetGrain<ILeadGrain>(id).Get());

    public Task<LeadReply> Do(LeadFile lead, LeadOrderKind kind, string? person = null, string? code = null) =>
        Grid
            .Grains.GetGrain<ILeadGrain>(lead.Lead.LeadId)
            .Do(new LeadOrder(kind, "test") { PersonId = person, Code = code });

    public async Task<ImmutableArray<string>> LeadsWith(string person) =>
        await Grid.Grains.GetGrain<ISalesPersonGrain>(person).GetLeads();

    public Task<PoolFairness> Fairness() => Grid.Grains.GetGrain<IPoolGrain>("all").GetFairness();

    /// <summary>
    /// What must hold whatever happened: who has an open lead has a place for it, nobody else has, every turn of the pool is somebody's
    /// lead, and the list says what the leads say.
    /// </summary>
    public async Task AssertWhole(params string[] identifiers)
    {
        var files = new Dictionary<string, LeadFile>(StringComparer.Ordinal);
        foreach (string identifier in identifiers)
        {
            foreach (LeadFile file in await LeadsOf(identifier))
            {
                files[file.Lead.LeadId] = file;
            }
        }

        Assert.All(files.Values, file => Assert.Empty(file.Debts));
        Assert.All(files.Values, file => Assert.Null(file.Plan));
        foreach (string person in (string[])["ann", "bob", "cy"])
        {
            Assert.Equal(
                files
                    .Values.Where(file => file.Lead.IsOpen && file.Lead.OwnerId == person)
                    .Select(file => file.Lead.LeadId)
                    .Order(StringComparer.Ordinal),
                (await LeadsWith(person)).AsEnumerable()
            );
        }

        PoolFairness fairness = await Fairness();
        Assert.Equal(
            files.Values.Count(file =>
                file.Lead.Handoffs.Any(one => one is { Rule: "demo", Status: HandoffStatus.Accepted })
                || file is { Place.Pool: "all" }
            ),
            fairness.Turns - fairness.Returned
        );
        ImmutableArray<LeadRow> rows = await Grid
            .Services.GetRequiredService<ILeadList>()
            .ReadAsync(new LeadQuery { Limit = 1_000 }, CancellationToken.None);
        Assert.Equal(
            files
                .Values.Select(file => (file.Lead.LeadId, file.Stage, file.Lead.OwnerId, file.Lead.IsOpen))
                .OrderBy(one => one.LeadId, StringComparer.Ordinal),
            rows.Select(row => (row.LeadId, row.Stage, row.OwnerId, row.IsOpen))
                .OrderBy(one => one.LeadId, StringComparer.Ordinal)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        foreach (PolicyFolderOf folder in _folders)
        {
            folder.Dispose();
        }
    }
}

/// <summary>A clock that a test sets forward; its timers are the machine's.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _ticks));

    public void Pass(TimeSpan span) => Interlocked.Add(ref _ticks, span.Ticks);
}
