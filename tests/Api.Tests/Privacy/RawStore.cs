using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Api.Tests.Privacy;

/// <summary>Looks through a data folder as somebody would who has stolen it: every file's bytes, and every message of the log.</summary>
internal static class RawStore
{
    /// <summary>Where a text is found, in any spelling of its letters: names of files, and places in the log. The grid is stopped.</summary>
    public static async Task<List<string>> Find(string folder, string text)
    {
        List<string> found = [];
        byte[] sought = Encoding.UTF8.GetBytes(text.ToLowerInvariant());
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = await File.ReadAllBytesAsync(path);
            for (int index = 0; index < bytes.Length; index++)
            {
                bytes[index] = bytes[index] is >= (byte)'A' and <= (byte)'Z' ? (byte)(bytes[index] + 32) : bytes[index];
            }

            if (bytes.AsSpan().IndexOf(sought) >= 0)
            {
                found.Add(Path.GetFileName(path));
            }
        }

        await using GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = folder },
            TimeProvider.System,
            NullLogger.Instance
        );
        await storage.InitializeAsync(CancellationToken.None);
        for (int partition = 0; partition < 8; partition++)
        {
            foreach (
                LogRow row in await storage.EventLog.ReadPartitionAsync(partition, 0, 10_000, CancellationToken.None)
            )
            {
                if (
                    $"{row.Anchor} {Encoding.UTF8.GetString(row.Payload.Span)}".Contains(
                        text,
                        StringComparison.OrdinalIgnoreCase
                    )
                )
                {
                    found.Add($"{row.Partition}/{row.Position}");
                }
            }
        }

        return found;
    }
}
