using Customer360.EmbeddedEngine;
using Customer360.Engine.Conformance.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Customer360.Engine.Conformance.Hosts;

/// <summary>Our own engine, in a generic host.</summary>
public sealed class EngineHost : ConformanceHost
{
    private readonly HostOptions _options;
    private readonly World _world;
    private IHost? _host;

    private EngineHost(HostOptions options, World world)
    {
        _options = options;
        _world = world;
    }

    public override IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public override IServiceProvider Services =>
        _host?.Services ?? throw new InvalidOperationException("The host has not started.");

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
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        _world.AddTo(builder.Services);
        builder.Services.AddEmbeddedGrainEngine(Configure);
        _host = builder.Build();
        await _host.StartAsync();
    }

    private void Configure(EmbeddedEngineBuilder engine) =>
        engine
            .AddGrainAssemblyOf<EngineHost>()
            .AddMemoryStreams(World.StreamProviderName)
            .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = _options.ResponseTimeout)
            .Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = _options.MinimumReminderPeriod)
            .Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = _options.CollectionAge;
                collection.CollectionQuantum = _options.CollectionAge / 4;
            });

    private async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
            _host = null;
        }
    }
}
