using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>One host and its world, for all tests of a class or collection.</summary>
/// <param name="start">Starts the runtime: <c>OrleansHost.StartAsync</c> or <c>SimulatedHost.StartAsync</c>.</param>
public abstract class HostFixture(HostOptions options, Func<HostOptions, World, Task<RuntimeHost>> start)
    : IAsyncLifetime
{
    private RuntimeHost? _host;

    public World World { get; } = new();

    public RuntimeHost Host => _host ?? throw new InvalidOperationException("The host has not started.");

    public async Task InitializeAsync() => _host = await start(options, World);

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
