using Customer360.Engine.Conformance.Support;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Customer360.Engine.Conformance.Hosts;

/// <summary>Microsoft Orleans: one silo and a client in this process.</summary>
public sealed class EngineHost : ConformanceHost
{
    private readonly HostOptions _options;
    private readonly World _world;
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
}
