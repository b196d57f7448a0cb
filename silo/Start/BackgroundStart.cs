using System.Runtime.ExceptionServices;
using Customer360.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Customer360.Silo.Start;

/// <summary>
/// Starts a node's services in their order, while the host itself counts as started at once: so a web server answers that the
/// process lives and is not ready yet while a database is waited for, and a stop is heeded at any moment. They start once everything
/// else of the host has: a web server that can't start leaves no store behind.
/// </summary>
internal sealed class BackgroundStart(
    IServiceProvider services,
    StartProgress progress,
    IHostApplicationLifetime lifetime
) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IHostedService> _started = [];
    private Task _start = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        progress.Begin();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _start = Start(_stopping.Token);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Stops what was started, the last first. One that fails to stop keeps no other from it. One whose start was cut off is not
    /// asked to stop: Orleans refuses that of a silo that is not running.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _start.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ExceptionDispatchInfo? first = null;
        foreach (IHostedService service in Enumerable.Reverse(_started))
        {
            try
            {
                await service.StopAsync(cancellationToken);
            }
            catch (Exception error)
            {
                first ??= ExceptionDispatchInfo.Capture(error);
            }
        }

        first?.Throw();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task Start(CancellationToken stopping)
    {
        // Whoever starts the host goes on with it; what is made here may take its time.
        await Task.Yield();
        try
        {
            foreach (IHostedService service in services.GetKeyedServices<IHostedService>(GridProgram.Part))
            {
                stopping.ThrowIfCancellationRequested();
                await service.StartAsync(stopping);
                _started.Add(service);
            }

            progress.Complete();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // A stop during the start is no failure.
        }
        catch (Exception error)
        {
            progress.Fail(error);
            lifetime.StopApplication();
        }
    }
}
