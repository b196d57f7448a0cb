using Customer360.Rules.Ports;
using Customer360.Storage;

namespace Customer360.Silo.Destinations;

/// <inheritdoc cref="IDeliveryFiles"/>
internal sealed class DeliveryFiles(DestinationSettings settings) : IDeliveryFiles
{
    private const string Unfinished = ".part";
    private const string Manifest = ".manifest.json";

    public async Task<bool> WriteAsync(
        string folder,
        string file,
        ReadOnlyMemory<byte> content,
        ReadOnlyMemory<byte> manifest,
        CancellationToken stop
    )
    {
        if (settings.Folder is not { Length: > 0 } root)
        {
            return false;
        }

        try
        {
            string path = Path.Combine(root, folder);
            Directory.CreateDirectory(path);
            await WriteAsync(Path.Combine(path, file), content, stop);
            await WriteAsync(Path.Combine(path, file + Manifest), manifest, stop);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Under another name first: nobody finds half of it.</summary>
    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken stop)
    {
        await using (FileStream file = OwnerOnly.OpenFile(path + Unfinished, FileMode.Create, FileShare.None))
        {
            await file.WriteAsync(content, stop);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Unfinished, path, overwrite: true);
    }
}
