using Microsoft.Extensions.Hosting;

namespace Customer360.Silo.Start;

/// <summary>
/// A loop beside the grid's calls, from the node's start to its stop. As <see cref="BackgroundService"/>, except that the
/// loop begins on the context of whoever starts it: .NET 10 moves it to the thread pool, and a host that decides about the
/// order of all work (the simulation) must decide about this, too.
/// </summary>
/// <remarks>
/// As there, the source of the stop is never disposed: a program that ends and whoever has started its host may both stop it, and
/// the one disposes it while the other still stops it. Without a timer or a wait handle it holds nothing to dispose.
/// </remarks>
internal abstract class NodeLoop : BackgroundService
{
    private readonly CancellationTokenSource _stopping = new();
    private Task? _loop;

    /// <inheritdoc />
    public override Task? ExecuteTask => _loop;

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = ExecuteAsync(_stopping.Token);
        return _loop.IsCompleted ? _loop : Task.CompletedTask;
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_loop is null)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _stopping.Cancel();
        base.Dispose();
    }
}
