using System.Text.Json;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>
/// Brings files into the mirror: they are written aside, get their names, then the manifest names them, then those go whose place they
/// take. So whatever ends it, the manifest names whole files only, and what a crash left behind is deleted when the next run begins.
/// </summary>
internal sealed class MirrorWriter(IMirrorFiles files, TimeProvider time, string jobId)
{
    private readonly List<MirrorPart> _aside = [];

    public MirrorManifest Manifest { get; private set; } = MirrorManifest.Empty;

    /// <summary>Files that this run has brought in.</summary>
    public int FilesWritten { get; private set; }

    /// <summary>Rows in them.</summary>
    public long RowsWritten { get; private set; }

    /// <summary>Reads what the mirror has; a refusal where that can't be read, or is not where it was.</summary>
    public static async Task<Outcome<MirrorManifest>> Read(JobTools tools, ExportTools mirror, CancellationToken stop)
    {
        if (await mirror.Files.ReadAsync(MirrorManifest.FileName, stop) is not { } json)
        {
            return await mirror.KnownAs(tools.Grains).HasBegun() ? new MirrorNotThere() : MirrorManifest.Empty;
        }

        try
        {
            return MirrorManifestJson.Read(json);
        }
        catch (JsonException)
        {
            return new MirrorUnreadable();
        }
    }

    public void Begin(MirrorManifest manifest) => Manifest = manifest;

    /// <summary>Throws away what there is, and numbers on so that no name is used twice.</summary>
    public async Task Clear(MirrorManifest before, CancellationToken stop)
    {
        Manifest = MirrorManifest.Empty with { Number = before.Number };
        await Commit([], manifest => manifest, stop);
        DeleteStrays();
    }

    /// <summary>Deletes what the manifest does not name: a crash came between.</summary>
    public void DeleteStrays()
    {
        HashSet<string> named = [.. Manifest.Parts.Select(part => part.Path)];
        files.Delete(files.List().Where(path => !named.Contains(path)));
    }

    /// <summary>Writes rows aside, as a file of a day; the next <see cref="Commit"/> brings it in.</summary>
    public Task Write(MirrorRows rows, MirrorRange range, CancellationToken stop) =>
        Write(rows, MirrorManifest.PathOf(rows.Table.Name, range, Manifest.Number + 1), range, stop);

    /// <summary>The same of a table that is written as a whole.</summary>
    public Task Write(MirrorRows rows, int index, CancellationToken stop) =>
        Write(rows, MirrorManifest.PathOf(rows.Table.Name, index, Manifest.Number + 1), range: null, stop);

    /// <summary>Lets go of what was written aside of a table; <see cref="DeleteStrays"/> deletes it.</summary>
    public void Discard(MirrorTable table) => _aside.RemoveAll(part => part.Table == table.Name);

    /// <summary>Brings what was written aside into the mirror, in the place of other files.</summary>
    public async Task Commit(
        IReadOnlyCollection<MirrorPart> replaced,
        Func<MirrorManifest, MirrorManifest> change,
        CancellationToken stop
    )
    {
        files.Publish([.. _aside.Select(part => part.Path)]);
        MirrorManifest next = change(Manifest.With(_aside, replaced)) with
        {
            Number = Manifest.Number + 1,
            WrittenAt = time.GetUtcNow(),
            JobId = jobId,
        };
        await files.WriteAsync(MirrorManifest.FileName, MirrorManifestJson.Write(next, MirrorTables.All), stop);
        Manifest = next;
        FilesWritten += _aside.Count;
        RowsWritten += _aside.Sum(part => part.Sum.Rows);
        _aside.Clear();
        files.Delete(replaced.Select(part => part.Path));
    }

    private async Task Write(MirrorRows rows, string path, MirrorRange? range, CancellationToken stop)
    {
        (long bytes, string sha256) = await files.WriteRowsAsync(path, rows, stop);
        _aside.Add(new MirrorPart(rows.Table.Name, path, rows.Sum, bytes, sha256) { Range = range });
    }
}
