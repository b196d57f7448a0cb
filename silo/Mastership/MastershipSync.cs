using Customer360.Grains.Contracts;
using Customer360.Silo.Live;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Mastership;

/// <summary>
/// Keeps this node's mastership policy up to date: a profile under the wrong one could show what its source may not write.
/// </summary>
internal sealed partial class MastershipSync(
    IGrainFactory grains,
    IConfiguration configuration,
    MastershipCopy copy,
    TimeProvider time,
    ILogger<MastershipSync> logger
) : LiveSync("mastership rules", time, logger)
{
    private MastershipPut? _file;

    private IMastershipGrain Grain => grains.GetGrain<IMastershipGrain>(GrainKeys.Current);

    protected override async Task ReadFile(CancellationToken cancellationToken) =>
        _file = await MastershipFile.ReadAsync(configuration, cancellationToken);

    protected override async Task Begin() =>
        copy.Take(_file is null ? await Grain.GetCurrent() : await Grain.Put(_file));

    protected override async Task Refresh()
    {
        if (await Grain.GetIfNewer(copy.Revision) is { } newer)
        {
            copy.Take(newer);
            Taken(logger, newer.Revision, newer.Policy.Version);
        }
    }

    [LoggerMessage(314, LogLevel.Information, "Mastership policy {Version} (revision {Revision}) counts.")]
    private static partial void Taken(ILogger logger, long revision, string version);
}
