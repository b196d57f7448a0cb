using System.Collections.Immutable;
using Customer360.Api.Hosting;
using Customer360.Api.Security.Tokens;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Security;

/// <summary>
/// Keeps this process's copy of the stored keys up to date: it asks once a second whether they changed, and tells which were
/// used. Where the settings name no key, the start waits for the copy, and ends where that holds none either.
/// </summary>
internal sealed partial class KeyRingSync(
    IGrainFactory grains,
    StoredKeys stored,
    KnownKeys known,
    TokenOptions tokens,
    TimeProvider time,
    ILogger<KeyRingSync> logger
) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private bool _isAway;

    private IKeyRingGrain Owner => grains.GetGrain<IKeyRingGrain>(GrainKeys.Current);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (known.IsEmpty && !tokens.IsOn)
        {
            await RequireAKey(cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        do
        {
            try
            {
                await Ask();
                await TellUses();
                _isAway = false;
            }
            catch (Exception error)
            {
                // Asked again in a second; what this means for callers is StoredKeys' to say. Said once an outage.
                if (!_isAway)
                {
                    LogNotAsked(error.GetType().Name);
                }

                _isAway = true;
            }
        } while (await NextTick(timer, stoppingToken));
    }

    private static async Task<bool> NextTick(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task Ask()
    {
        long askedAt = time.GetTimestamp();
        KeyRingCopy? copy = await Owner.GetUnless(stored.Number);
        stored.Take(copy, askedAt);
        if (copy is not null)
        {
            LogTaken(copy.Number, stored.Count);
        }
    }

    private async Task TellUses()
    {
        ImmutableArray<KeyUse> uses = stored.TakeUses();
        if (uses.IsEmpty)
        {
            return;
        }

        try
        {
            await Owner.NoteUses(uses);
        }
        catch
        {
            stored.GiveBack(uses);
            throw;
        }
    }

    /// <exception cref="SettingInvalidException">Nobody could ever be let in.</exception>
    private async Task RequireAKey(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Ask();
                break;
            }
            catch (Exception error) when (Outages.Is(error))
            {
                LogNotAsked(error.GetType().Name);
                await Task.Delay(s_interval, time, cancellationToken);
            }
        }

        if (stored.Count == 0)
        {
            throw new SettingInvalidException(
                "No key is configured, and the grid keeps none. Make the first one with `customer360 keys add NAME --role admin`, or set "
                    + "CUSTOMER360__KEYS__0__NAME, CUSTOMER360__KEYS__0__KEY and CUSTOMER360__KEYS__0__ROLES__0 (collect, read or "
                    + "admin). Only ASPNETCORE_ENVIRONMENT=Development makes keys by itself."
            );
        }
    }

    [LoggerMessage(411, LogLevel.Debug, "The keys of number {Number} count here; they are {Count}.")]
    private partial void LogTaken(long number, int count);

    [LoggerMessage(
        412,
        LogLevel.Warning,
        "The stored keys could not be asked for ({Error}); asking again. Meanwhile reads with them are refused."
    )]
    private partial void LogNotAsked(string error);
}
