using Customer360.Grains.Contracts;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Mastership;

/// <summary>
/// Brings this node's mastership policy up to date before it serves anyone (a profile under the wrong policy could show
/// what its source may not write), then once a second. Registered after the engine, whose grains it asks.
/// </summary>
internal sealed partial class MastershipStart(
    IGrainFactory grains,
    IConfiguration configuration,
    MastershipCopy copy,
    TimeProvider time,
    ILogger<MastershipStart> logger
) : NodeLoop
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private IMastershipGrain Grain => grains.GetGrain<IMastershipGrain>(GrainKeys.Current);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        MastershipPut? file = await MastershipFile.ReadAsync(configuration, cancellationToken);
        copy.Take(file is null ? await Grain.GetCurrent() : await Grain.Put(file));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        bool isAway = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                isAway = await Refresh(isAway);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>True where nobody answered: the node goes on with what it knows, and says so once an outage.</summary>
    private async Task<bool> Refresh(bool wasAway)
    {
        try
        {
            if (await Grain.GetIfNewer(copy.Revision) is { } newer)
            {
                copy.Take(newer);
                Taken(logger, newer.Revision, newer.Policy.Version);
            }

            return false;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (!wasAway)
            {
                NotRefreshed(logger, error.GetType().Name);
            }

            return true;
        }
    }

    [LoggerMessage(311, LogLevel.Information, "Mastership policy {Version} (revision {Revision}) counts.")]
    private static partial void Taken(ILogger logger, long revision, string version);

    [LoggerMessage(312, LogLevel.Warning, "The mastership policy could not be asked for ({Error}); trying again.")]
    private static partial void NotRefreshed(ILogger logger, string error);
}
