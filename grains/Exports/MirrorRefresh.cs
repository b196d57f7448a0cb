using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Makes the tables of the mirror again, after the grid has forgotten somebody.</summary>
internal static class MirrorRefresh
{
    /// <summary>Null where the mirror has nothing any more that the grid does not have, or there is none; else why that is not so.</summary>
    public static async Task<Refusal?> Run(
        JobTools tools,
        ExportTools mirror,
        string jobId,
        JobPace pace,
        CancellationToken stop
    )
    {
        if (!mirror.Files.IsSet)
        {
            return null;
        }

        ImmutableArray<string> tables;
        try
        {
            Outcome<MirrorManifest> manifest = await MirrorWriter.Read(tools, mirror, stop);
            if (!manifest.Succeeded)
            {
                return manifest.Refusal;
            }

            if (manifest.Value.IsEmpty && mirror.Files.List().IsEmpty)
            {
                return null;
            }

            tables = MirrorTables.NamesOf(manifest.Value);
        }
        catch (MirrorFilesException error)
        {
            return new MirrorUnusable(error.Message);
        }

        Outcome<JobResult> done = await new ExportWork(
            tools,
            mirror,
            jobId,
            ExportOrder.Everything with
            {
                Tables = tables,
                IsRefresh = true,
            },
            ExportProgress.None,
            static _ => Task.CompletedTask
        ).Run(pace, static _ => Task.CompletedTask, stop);
        return done.Refusal;
    }
}
