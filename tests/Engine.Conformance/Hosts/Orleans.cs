using System.Collections.Concurrent;
using System.Globalization;
using Customer360.Engine.Conformance.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Customer360.Engine.Conformance.Hosts;

/// <summary>Microsoft Orleans: one silo and a client in this process.</summary>
public sealed class EngineHost : ConformanceHost
{
    private readonly HostOptions _options;
    private readonly World _world;
    private readonly KeptReminderTable _reminders = new();
    private InProcessTestCluster? _cluster;

    private EngineHost(HostOptions options, World world)
    {
        _options = options;
        _world = world;
    }

    public override IGrainFactory Grains => Cluster.Client;

    public override IServiceProvider Services => Cluster.GetSiloServiceProvider();

    private InProcessTestCluster Cluster =>
        _cluster ?? throw new InvalidOperationException("The cluster has not started.");

    public static async Task<ConformanceHost> StartAsync(HostOptions options, World world)
    {
        var host = new EngineHost(options, world);
        await host.StartAsync();
        return host;
    }

    public override async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public override async ValueTask DisposeAsync() => await StopAsync();

    private async Task StartAsync()
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.Options.ServiceId = "conformance";
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) => Configure(silo));
        builder.ConfigureClient(client =>
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = _options.ResponseTimeout)
        );
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    private void Configure(ISiloBuilder silo)
    {
        silo.AddMemoryStreams(World.StreamProviderName)
            .AddMemoryGrainStorage("PubSubStore")
            .AddReminders()
            .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = _options.ResponseTimeout)
            .Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = _options.MinimumReminderPeriod)
            .Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = _options.CollectionAge;
                collection.CollectionQuantum = _options.CollectionAge / 4;
            });
        silo.Services.AddSingleton<IReminderTable>(_reminders);
        _world.AddTo(silo.Services);
    }

    private async Task StopAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
            _cluster = null;
        }
    }

    /// <summary>Orleans' own table in memory lives in a grain and ends with the silo; this one outlives it.</summary>
    private sealed class KeptReminderTable : IReminderTable
    {
        private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _rows = new();
        private long _version;

        public Task<ReminderTableData> ReadRows(GrainId grainId) =>
            Task.FromResult(new ReminderTableData(_rows.Values.Where(row => row.GrainId == grainId)));

        public Task<ReminderTableData> ReadRows(uint begin, uint end) =>
            Task.FromResult(
                new ReminderTableData(_rows.Values.Where(row => Covers(begin, end, row.GrainId.GetUniformHashCode())))
            );

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
            Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName)));

        public Task<string?> UpsertRow(ReminderEntry entry)
        {
            entry.ETag = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);
            _rows[(entry.GrainId, entry.ReminderName)] = entry;
            return Task.FromResult<string?>(entry.ETag);
        }

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
            Task.FromResult(
                _rows.TryGetValue((grainId, reminderName), out var row)
                    && row.ETag == eTag
                    && _rows.TryRemove((grainId, reminderName), out _)
            );

        public Task TestOnlyClearTable()
        {
            _rows.Clear();
            return Task.CompletedTask;
        }

        private static bool Covers(uint begin, uint end, uint hash) =>
            begin < end ? begin < hash && hash <= end : begin < hash || hash <= end;
    }
}
