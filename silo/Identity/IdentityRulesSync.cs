using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Silo.Live;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Identity;

/// <summary>
/// Keeps a node's copy of the rules up to date. No partition is opened and no request taken before they are known, since a
/// decision by other rules could not be taken back.
/// </summary>
internal sealed partial class IdentityRulesSync(
    IGrainFactory grains,
    LiveIdentityRules live,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<IdentityRulesSync> logger
) : LiveSync("identity rules", time, logger)
{
    private (string Yaml, IdentityRules Rules)? _file;

    /// <summary>The number of a version that can't be read here.</summary>
    private long _refused;

    private IIdentityRulesGrain Owner => grains.GetGrain<IIdentityRulesGrain>(GrainKeys.IdentityRules);

    protected override Task ReadFile(CancellationToken cancellationToken)
    {
        _file = IdentityRulesFile.Read(configuration);
        return Task.CompletedTask;
    }

    protected override async Task Begin()
    {
        if (_file is var (yaml, rules))
        {
            await Owner.Put(
                new IdentityRulesChange(
                    rules.Version,
                    yaml,
                    By: "file",
                    IdentityRulesOrigin.File,
                    IfCurrent: [],
                    live.BuiltIn.Version
                )
            );
        }

        if (await TakeCurrent() is { } faults)
        {
            throw new InvalidOperationException(
                IdentityRulesFile.Describe("The stored identity rules are not valid", faults)
            );
        }
    }

    protected override async Task Refresh()
    {
        long number = await Owner.GetNumber();
        if (number != live.Number && number != _refused && await TakeCurrent() is not null)
        {
            // Of a newer release, or damaged. The rules that are known go on; said once.
            _refused = number;
            NotTaken(logger, number);
        }
    }

    /// <summary>Takes the version in force; answers its faults where it can't be read.</summary>
    private async Task<IdentityRulesReading?> TakeCurrent()
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

        live.Take(current, rules);
        Taken(logger, rules.Version, current.Number);
        return null;
    }

    [LoggerMessage(310, LogLevel.Information, "Identity rules {Version} (number {Number}) are in force on this node.")]
    private static partial void Taken(ILogger logger, string version, long number);

    [LoggerMessage(312, LogLevel.Error, "Identity rules number {Number} can't be read here; those before stay.")]
    private static partial void NotTaken(ILogger logger, long number);
}
