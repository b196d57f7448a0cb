using Customer360.Runtime.Tests.Support;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Customer360.Runtime.Tests.Hosts;

/// <summary>Microsoft Orleans: one silo and a client in this process.</summary>
public sealed class OrleansHost : RuntimeHost
{
    private readonly HostOptions _options;
    private readonly World _world;
    private InProcessTestCluster? _cluster;

    private OrleansHost(HostOptions options, World world)
    {
        _options = options;
        _world = world;
    }

    public override IGrainFactory Grains => Cluster.Client;

    public override IServiceProvider Services => Cluster.GetSiloServiceProvider();

    private InProcessTestCluster Cluster =>
        _cluster ?? throw new InvalidOperationException("The cluster has not started.");

    public static async Task<RuntimeHost> StartAsync(HostOptions options, World world)
    {
        var host = new OrleansHost(options, world);
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
        builder.Options.ServiceId = "runtime-tests";
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
        silo.AddReminders()
            .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = _options.ResponseTimeout)
            .Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = _options.MinimumReminderPeriod)
            .Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = _options.CollectionAge;
                // Shorter than the shortest age that a grain of ours sets for itself, as Orleans demands.
                collection.CollectionQuantum = TimeSpan.FromTicks(
                    Math.Min((_options.CollectionAge / 4).Ticks, TimeSpan.FromSeconds(10).Ticks)
                );
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
