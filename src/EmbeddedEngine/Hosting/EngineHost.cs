using Customer360.EmbeddedEngine.Reminders;
using Customer360.EmbeddedEngine.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Customer360.EmbeddedEngine;

/// <summary>Starts and stops the engine with its host.</summary>
internal sealed class EngineHost(GrainEngine engine, ReminderService reminders, IOptions<EmbeddedEngineOptions> options)
    : IHostedService,
        IDisposable
{
    private readonly IdleCollector _collector = new(engine);
    private bool _hasStopped;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _collector.Start();
        await reminders.StartAsync(cancellationToken);
        Log.Started(engine.Logger, engine.Catalog.Classes.Count());
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_hasStopped)
        {
            return;
        }

        _hasStopped = true;
        _collector.Dispose();
        await reminders.StopAsync();
        using var timeout = new CancellationTokenSource(options.Value.StopTimeout, engine.Clock.TimeProvider);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var left = await GracefulEnd.RunAsync(engine, deadline.Token);
        engine.RefuseCalls();
        Log.Stopped(engine.Logger, left);
    }

    /// <inheritdoc />
    public void Dispose() => _collector.Dispose();
}
