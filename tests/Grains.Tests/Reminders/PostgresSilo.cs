using Customer360.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Customer360.Grains.Tests.Reminders;

/// <summary>A silo of a cluster of its own, as its program builds it, on a database.</summary>
internal sealed class PostgresSilo : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly IHost _host;

    public PostgresSilo(string connection)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Customer360"] = connection,
                ["Customer360:Cluster:Address"] = "127.0.0.1",
            }
        );
        builder.AddGridSilo();
        _host = builder.Build();
    }

    public IReminderTable Reminders => _host.Services.GetRequiredService<IReminderTable>();

    public Task StartAsync() => _host.StartAsync();

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _host.StopAsync(patience.Token);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
