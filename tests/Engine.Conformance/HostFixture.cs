using Customer360.Engine.Conformance.Hosts;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>One host and its world, for all tests of a class or collection.</summary>
public abstract class HostFixture(HostOptions options) : IAsyncLifetime
{
    private ConformanceHost? _host;

    public World World { get; } = new();

    public ConformanceHost Host => _host ?? throw new InvalidOperationException("The host has not started.");

    public async Task InitializeAsync() => _host = await EngineHost.StartAsync(options, World);

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
