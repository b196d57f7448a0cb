using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Customer360.Silo.Identity;

/// <summary>
/// Keeps a node's copy of the rules up to date. Its start ends when the node knows the rules in force: before that no
/// partition is opened and no request taken, since a decision by other rules could not be taken back. Afterwards it asks
/// each second whether there is another version; the node that took it knows at once.
/// </summary>
internal sealed partial class IdentityRulesSync(
    IGrainFactory grains,
    LiveIdentityRules live,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<IdentityRulesSync> logger
) : NodeLoop
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private IIdentityRulesGrain Owner => grains.GetGrain<IIdentityRulesGrain>(GrainKeys.IdentityRules);

    /// <exception cref="InvalidOperationException">The file, or the stored rules, are not valid.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var file = IdentityRulesFile.Read(configuration);
        while (true)
        {
            try
            {
                if (file is var (yaml, rules))
                {
                    await Offer(yaml, rules);
                }

                if (await Refresh() is { } faults)
                {
                    throw new InvalidOperationException(
                        IdentityRulesFile.Describe("The stored identity rules are not valid", faults)
                    );
                }

                break;
            }
            catch (Exception error) when (IsOutage(error))
            {
                NotKnown(logger, error.GetType().Name);
                // Storage is away: there is nothing to wait on but time. The start is not over before the rules are known.
                await Task.Delay(s_interval, time, cancellationToken);
            }
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long refused = 0;
        using var timer = new PeriodicTimer(s_interval, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                long number = await Owner.GetNumber();
                if (number != live.Number && number != refused && await Refresh() is not null)
                {
                    // Of a newer release, or damaged. The rules that are known go on; said once.
                    refused = number;
                    NotTaken(logger, number);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Asked again in a second. What is known goes on to count.
                NotAsked(logger, error.GetType().Name);
            }
        }
    }

    private Task<IdentityRulesReply> Offer(string yaml, IdentityRules rules) =>
        Owner.Put(
            new IdentityRulesChange(
                rules.Version,
                yaml,
                By: "file",
                IdentityRulesOrigin.File,
                IfCurrent: [],
                live.BuiltIn.Version
            )
        );

    /// <summary>Takes the version in force; answers its faults where it can't be read.</summary>
    private async Task<IdentityRulesReading?> Refresh()
    {
        if (await Owner.GetCurrent() is not { } current)
        {
            return null;
        }

        IdentityRulesReading reading = IdentityRulesYaml.Read(current.Yaml);
        if (reading.Rules is not { } rules)
        {
            return reading;
        }

        live.Take(current.Number, rules);
        Taken(logger, rules.Version, current.Number);
        return null;
    }

    private static bool IsOutage(Exception error) =>
        error switch
        {
            StorageUnavailableException or TimeoutException or InconsistentStateException => true,
            OrleansMessageRejectionException => true,
            OrleansException { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };

    [LoggerMessage(310, LogLevel.Information, "Identity rules {Version} (number {Number}) are in force on this node.")]
    private static partial void Taken(ILogger logger, string version, long number);

    [LoggerMessage(311, LogLevel.Warning, "The identity rules in force are not known yet ({Error}); asking again.")]
    private static partial void NotKnown(ILogger logger, string error);

    [LoggerMessage(312, LogLevel.Error, "Identity rules number {Number} can't be read here; those before stay.")]
    private static partial void NotTaken(ILogger logger, long number);

    [LoggerMessage(313, LogLevel.Warning, "The identity rules could not be asked for ({Error}); asking again.")]
    private static partial void NotAsked(ILogger logger, string error);
}
