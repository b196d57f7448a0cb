using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Phones;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Silo.Hosting;
using Customer360.Storage;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Grains.Tests.Support;

/// <summary>A grid of a test's own, on SQLite in a folder of its own. It can crash, and start again on the same folder.</summary>
public sealed class TestGrid : IAsyncDisposable
{
    private static readonly LibPhoneNumbers s_phones = new();
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-grid-").FullName;
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IHostApplicationBuilder>? _configure;
    private IHost _host;
    private int _requests;

    private TestGrid(Dictionary<string, string?> settings, Action<IHostApplicationBuilder>? configure)
    {
        _settings = settings;
        _configure = configure;
        _settings["Customer360:Data"] = _folder;
        _host = Build();
    }

    public Faults Faults { get; } = new();

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public ProfileShelf Shelf => _host.Services.GetRequiredService<ProfileShelf>();

    public IEventLog Log => _host.Services.GetRequiredService<IEventLog>();

    public IDecisionLog Decisions => _host.Services.GetRequiredService<IDecisionLog>();

    public IPolicy<IdentityRules> Rules => _host.Services.GetRequiredService<IPolicy<IdentityRules>>();

    /// <summary>The node's copies of policies.</summary>
    public IPolicyNode PolicyNode => _host.Services.GetRequiredService<IPolicyNode>();

    public int Partitions { get; } = 4;

    /// <summary>How far the source of the next messages is believed: a server's <c>test</c>, or a page's <c>web</c>.</summary>
    public SourceTrust Trust { get; set; }

    /// <summary>How long ago the next messages were received.</summary>
    public TimeSpan Age { get; set; }

    public static Task<TestGrid> StartAsync(params (string Name, string Value)[] settings) =>
        StartAsync(configure: null, settings);

    /// <param name="configure">Changes what each host of the grid is built from; asked last.</param>
    /// <param name="settings">Settings on top of those that every test has.</param>
    public static async Task<TestGrid> StartAsync(
        Action<IHostApplicationBuilder>? configure,
        params (string Name, string Value)[] settings
    )
    {
        var all = settings.ToDictionary(one => one.Name, string? (one) => one.Value);
        all.TryAdd("Customer360:Grid:Partitions", "4");
        all.TryAdd("Customer360:Grid:ErasureSettles", "00:00:00");
        all.TryAdd("Customer360:Grid:RetryPauseMin", "00:00:00.001");
        all.TryAdd("Customer360:Grid:RetryPauseMax", "00:00:00.005");
        var grid = new TestGrid(all, configure);
        await grid._host.StartAsync();
        return grid;
    }

    /// <summary>Nothing more reaches the disk, then the process is gone; afterwards a new one starts on what is left.</summary>
    public async Task CrashAndRestartAsync()
    {
        Faults.Die();
        await StopHost();
        Faults.Heal();
        _host = Build();
        await _host.StartAsync();
        await CatchUpAsync();
    }

    /// <summary>An orderly stop and start.</summary>
    public async Task RestartAsync()
    {
        await StopHost();
        _host = Build();
        await _host.StartAsync();
        await CatchUpAsync();
    }

    /// <summary>An orderly stop; <see cref="GoOnAsync"/> starts again.</summary>
    public Task StopAsync() => StopHost();

    public async Task GoOnAsync()
    {
        _host = Build();
        await _host.StartAsync();
        await CatchUpAsync();
    }

    /// <summary>Changes a stored state behind the grid's back. The grid is stopped meanwhile.</summary>
    public async Task ChangeStateAsync(string kind, string key, Func<string, string> change)
    {
        await using GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = _folder },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        StoredState stored = (await storage.States.ReadAsync(kind, key, CancellationToken.None))!;
        byte[] changed = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(stored.Json.Span)));
        Assert.NotNull(await storage.States.WriteAsync(kind, key, changed, stored.Version, CancellationToken.None));
    }

    /// <summary>A state as storage has it, in its stored form; empty where there is none.</summary>
    public async Task<ReadOnlyMemory<byte>> StoredAsync(string kind, string key) =>
        (await _host.Services.GetRequiredService<IGrainStateStore>().ReadAsync(kind, key, CancellationToken.None))?.Json
        ?? default;

    /// <summary>Writes a state as another node's activation of the grain would, while the grid runs.</summary>
    public async Task WriteBesideAsync(string kind, string key, Action<JsonObject> change)
    {
        IGrainStateStore states = _host.Services.GetRequiredService<IGrainStateStore>();
        StoredState stored = (await states.ReadAsync(kind, key, CancellationToken.None))!;
        JsonObject state = JsonNode.Parse(stored.Json.Span)!.AsObject();
        change(state);
        byte[] changed = Encoding.UTF8.GetBytes(state.ToJsonString());
        Assert.NotNull(await states.WriteAsync(kind, key, changed, stored.Version, CancellationToken.None));
    }

    /// <summary>Sends messages as one request would bring them and waits until they are stored; applied if asked for.</summary>
    public async Task<ImmutableArray<StoredReceipt>> Collect(bool applied, params JsonObject[] messages)
    {
        string request = $"request-{Interlocked.Increment(ref _requests)}";
        List<StoredReceipt> receipts = [];
        using var patience = new CancellationTokenSource(s_patience);
        Envelope[] envelopes = [.. messages.Select((message, index) => Read(message, request, index))];
        while (envelopes.Length > 0)
        {
            List<Envelope> again = [];
            foreach (
                IGrouping<int, Envelope> partition in envelopes.GroupBy(envelope =>
                    Contracts.Partitions.Of(envelope.Anchor, Partitions)
                )
            )
            {
                CollectReply reply = await Send(partition.Key, [.. partition], applied);
                if (reply.Status == CollectStatus.OtherAnchors)
                {
                    // As the API does: read again by the rules in force.
                    again.AddRange(partition);
                    await FollowAnchors(reply.AnchorsSince, patience.Token);
                    continue;
                }

                Assert.Equal(applied ? CollectStatus.Applied : CollectStatus.Stored, reply.Status);
                receipts.AddRange(reply.Receipts);
            }

            envelopes = [.. again.Select(envelope => new EnvelopeReader(Rules, s_phones).ReadAgain(envelope).Value!)];
        }

        return [.. receipts];
    }

    /// <summary>Sends envelopes as a node does that has read them.</summary>
    public Task<CollectReply> Send(int partition, ImmutableArray<Envelope> envelopes, bool applied) =>
        Grains
            .GetGrain<IIntakeGrain>(partition)
            .Collect(new CollectRequest(envelopes, applied, s_patience) { AnchorsSince = Rules.Epoch });

    public Task<ImmutableArray<StoredReceipt>> CollectApplied(params JsonObject[] messages) => Collect(true, messages);

    /// <summary>Sends one message without waiting for more than the answer.</summary>
    public Task<CollectReply> TryCollect(JsonObject message)
    {
        Envelope envelope = Read(message, $"request-{Interlocked.Increment(ref _requests)}", 0);
        return Send(Contracts.Partitions.Of(envelope.Anchor, Partitions), [envelope], applied: false);
    }

    /// <summary>Reads a message by the rules that the node follows.</summary>
    public Envelope Read(JsonObject message) => Read(message, Rules.Current);

    public Envelope Read(JsonObject message, IdentityRules rules) =>
        Read(
            message,
            $"request-{Interlocked.Increment(ref _requests)}",
            0,
            new FixedPolicy<IdentityRules>(rules, rules.Version)
        );

    /// <summary>Waits until every stored message is in its profile.</summary>
    public async Task CatchUpAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        for (int partition = 0; partition < Partitions; partition++)
        {
            while ((await Grains.GetGrain<IIntakeGrain>(partition).Start()).Waiting > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, patience.Token);
            }
        }
    }

    /// <summary>Puts rules in force and waits until the node follows them.</summary>
    public async Task PutRules(string yaml)
    {
        PolicyReply reply = await Policies.Put(this, Policies.Identity, yaml);
        Assert.Null(reply.Objection);
        await FollowRules(reply.Current!.Version);
    }

    /// <summary>Waits until the node follows a version of the rules.</summary>
    public async Task FollowRules(string version)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (Rules.Current.Version != version)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    private async Task FollowAnchors(long since, CancellationToken patience)
    {
        while (Rules.Epoch < since)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience);
        }
    }

    /// <summary>Waits for the n-th write since the plan; false where all work was done with fewer.</summary>
    public async Task<bool> Reached(int write)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (Faults.Writes < write)
        {
            int waiting = 0;
            for (int partition = 0; partition < Partitions; partition++)
            {
                waiting += (await Grains.GetGrain<IIntakeGrain>(partition).GetStatus()).Waiting;
            }

            if (waiting == 0)
            {
                return Faults.Writes >= write;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }

        return true;
    }

    public async Task<string?> OwnerOf(string identifier)
    {
        string? owner = await Grains.GetGrain<IIdentifierGrain>(identifier).GetOwner();
        return owner is null ? null : await Follow(owner);
    }

    /// <summary>The profile that an identifier leads to.</summary>
    public async Task<JsonObject> Profile(string identifier)
    {
        string owner = await OwnerOf(identifier) ?? throw new InvalidOperationException("Nobody owns it.");
        ProfileReply reply = await Grains.GetGrain<ICustomerGrain>(owner).GetProfile();
        Assert.True(reply.Exists);
        return JsonNode.Parse(reply.Json.Span)!.AsObject();
    }

    /// <summary>What the node's shelf shows for an identifier, once the node knows that it belongs to its cluster.</summary>
    public async Task<PublishedProfile?> OnShelf(string identifier)
    {
        await Until(() => _host.Services.GetRequiredService<IShelfTenure>().Term != IShelfTenure.None);
        return Shelf.Find(Identifier.Parse(identifier));
    }

    /// <summary>Each stands on the shelf, with the bytes that grain calls answer.</summary>
    public async Task AssertShelfIsWhatCallsShow(params string[] identifiers)
    {
        foreach (string identifier in identifiers)
        {
            PublishedProfile shown =
                await OnShelf(identifier) ?? throw new InvalidOperationException($"{identifier} is not on the shelf.");
            ProfileReply reply = await Grains.GetGrain<ICustomerGrain>((await OwnerOf(identifier))!).GetProfile();
            Assert.Equal(reply.CustomerId, shown.View.CustomerId);
            Assert.Equal(reply.Version, shown.View.Version);
            Assert.Equal(
                reply.Json.ToArray(),
                ProfileDocument.Render(
                    shown.View,
                    _host.Services.GetRequiredService<IPolicy<MastershipPolicy>>().Current
                )
            );
        }
    }

    /// <summary>Waits until something is so.</summary>
    public static Task Until(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, patience.Token);
        }
    }

    public async Task<ImmutableArray<DecisionRecord>> DecisionsOf(string customerId) =>
        await Decisions.ReadAsync(customerId, after: null, limit: 1_000, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopHost();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> Follow(string customerId)
    {
        while (await Grains.GetGrain<ICustomerGrain>(customerId).GetIdentity() is { MovedTo: { } movedTo })
        {
            customerId = movedTo;
        }

        return customerId;
    }

    private Envelope Read(JsonObject message, string request, int index, IPolicy<IdentityRules>? rules = null)
    {
        using SentBody body = SentBody.OfMessage(Encoding.UTF8.GetBytes(message.ToJsonString()));
        var consent = Services.GetRequiredService<IPolicy<ConsentPolicy>>();
        Outcome<Envelope> outcome = new EnvelopeReader(rules ?? Rules, s_phones, consent).Read(
            body[0],
            new MessageContext(
                Trust == SourceTrust.Server ? "test" : "web",
                TimeProvider.System.GetUtcNow() - Age,
                null,
                null,
                request,
                index
            )
            {
                Trust = Trust,
            }
        );
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        return outcome.Value;
    }

    private IHost Build()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.AddGridSilo();
        Decorate<IGrainStateStore>(builder.Services, inner => new FaultyStateStore(inner, Faults));
        Decorate<IEventLog>(builder.Services, inner => new FaultyEventLog(inner, Faults));
        Decorate<IDecisionLog>(builder.Services, inner => new FaultyDecisionLog(inner, Faults));
        _configure?.Invoke(builder);
        return builder.Build();
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        ServiceDescriptor inner = services.Last(service => service.ServiceType == typeof(T));
        services.AddSingleton(provider => decorate((T)inner.ImplementationFactory!(provider)));
    }

    private async Task StopHost()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _host.StopAsync(patience.Token);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
