using System.Collections.Immutable;
using System.Security.Cryptography;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;
using Customer360.Storage;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Exports;

/// <inheritdoc cref="IMirrorFiles"/>
/// <remarks>
/// Files are written in a folder beside the tables, so that a reader of <c>events/**/*.parquet</c> never meets one that is not whole, and
/// are for the user alone whom the program runs as.
/// </remarks>
internal sealed class MirrorFolder(IOptions<ExportOptions> options) : IMirrorFiles
{
    private const string Aside = "_writing";
    private const string Parquet = "*.parquet";

    // What the system says where there is no room: of Linux and macOS ENOSPC and EDQUOT, of Windows ERROR_DISK_FULL and its kin.
    private static readonly int[] s_fullDisk = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    public bool IsSet => options.Value.Folder is { Length: > 0 };

    private string Root => Path.GetFullPath(options.Value.Folder!);

    public Task<(long Bytes, string Sha256)> WriteRowsAsync(string path, MirrorRows rows, CancellationToken stop) =>
        Guarded<(long, string)>(
            path,
            "written",
            async () =>
            {
                string aside = PlaceAside(path);
                OwnerOnly.MakeFolder(Path.GetDirectoryName(aside)!);
                await using FileStream file = OwnerOnly.OpenFile(aside, FileMode.Create, FileShare.None);
                await ParquetRows.WriteAsync(file, rows, stop);
                await file.FlushAsync(stop);
                file.Flush(flushToDisk: true);
                file.Position = 0;
                byte[] hash = await SHA256.HashDataAsync(file, stop);
                return (file.Length, Convert.ToHexStringLower(hash));
            }
        );

    public void Publish(ImmutableArray<string> paths)
    {
        foreach (string path in paths)
        {
            Guarded(
                path,
                "given its name",
                () =>
                {
                    OwnerOnly.MakeFolder(Path.GetDirectoryName(PlaceOf(path))!);
                    File.Move(PlaceAside(path), PlaceOf(path), overwrite: true);
                }
            );
        }
    }

    public Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken stop) =>
        Guarded(
            path,
            "written",
            async () =>
            {
                string aside = PlaceAside(path);
                OwnerOnly.MakeFolder(Path.GetDirectoryName(aside)!);
                await using (FileStream file = OwnerOnly.OpenFile(aside, FileMode.Create, FileShare.None))
                {
                    await file.WriteAsync(content, stop);
                    file.Flush(flushToDisk: true);
                }

                File.Move(aside, PlaceOf(path), overwrite: true);
                return true;
            }
        );

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string path, CancellationToken stop) =>
        Guarded<ReadOnlyMemory<byte>?>(
            path,
            "read",
            async () =>
            {
                if (!File.Exists(PlaceOf(path)))
                {
                    return null;
                }

                // Nothing is returned by itself: in one expression with a memory it would be an empty memory.
                return (ReadOnlyMemory<byte>)await File.ReadAllBytesAsync(PlaceOf(path), stop);
            }
        );

    public long? LengthOf(string path) => new FileInfo(PlaceOf(path)) is { Exists: true } file ? file.Length : null;

    public Task<string?> HashOfAsync(string path, CancellationToken stop) =>
        Guarded<string?>(
            path,
            "read",
            async () =>
            {
                if (!File.Exists(PlaceOf(path)))
                {
                    return null;
                }

                await using FileStream file = File.OpenRead(PlaceOf(path));
                return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
            }
        );

    public Task<MirrorRows> ReadRowsAsync(string path, MirrorTable table, CancellationToken stop) =>
        Guarded(
            path,
            "read",
            async () =>
            {
                await using FileStream file = File.OpenRead(PlaceOf(path));
                return await ParquetRows.ReadAsync(file, table, stop);
            }
        );

    public ImmutableArray<string> List() =>
        Directory.Exists(Root)
            ?
            [
                .. Directory
                    .EnumerateFiles(Root, Parquet, SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')),
            ]
            : [];

    public void Delete(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            Guarded(
                path,
                "deleted",
                () =>
                {
                    if (File.Exists(PlaceOf(path)))
                    {
                        File.Delete(PlaceOf(path));
                    }
                }
            );
        }
    }

    private string PlaceOf(string path) => Path.Combine(Root, path);

    private string PlaceAside(string path) => Path.Combine(Root, Aside, path.Replace('/', '~'));

    private static void Guarded(string path, string done, Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, done, error);
        }
    }

    private static async Task<T> Guarded<T>(string path, string done, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Failed(path, done, error);
        }
    }

    private static MirrorFilesException Failed(string path, string done, Exception error)
    {
        string why = error switch
        {
            UnauthorizedAccessException =>
                "the program's user may not do that. Give it the right to the mirror's folder",
            DirectoryNotFoundException or FileNotFoundException => "it is gone. Begin an export with \"refresh\": true",
            InvalidDataException => "it is damaged. Begin an export with \"refresh\": true",
            _ when s_fullDisk.Contains(error.HResult) => "the disk is full. Make room where the mirror's folder is",
            _ => $"the system says {error.GetType().Name}. Look at the mirror's folder",
        };
        return new MirrorFilesException(
            $"{path} can't be {done}: {why}; what is in the mirror stays, and the next export goes on from there.",
            error
        );
    }
}
