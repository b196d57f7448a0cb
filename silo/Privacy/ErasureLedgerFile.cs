using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Silo.Hosting;
using Customer360.Storage;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Privacy;

/// <summary>
/// The ledger of erasures as a file that only grows, a line for each entry:
/// <c>{"hash":"…","change":"suppressed|lifted","at":"…","requestId":"p_…","by":"…"}</c>. For its owner alone.
/// </summary>
internal sealed class ErasureLedgerFile(string path) : IErasureLedger
{
    public const string FileName = "erasures.ndjson";

    private const string Setting = "Customer360:Privacy:Ledger";

    public static ErasureLedgerFile Of(IConfiguration configuration) => new(PathOf(configuration));

    public static string PathOf(IConfiguration configuration) =>
        configuration[Setting] is { Length: > 0 } given ? given : Path.Combine(DataFolder.Of(configuration), FileName);

    /// <summary>One write, flushed to the disk. A line that a crash cut off is passed over when it is read: its entry comes again.</summary>
    public Task AppendAsync(ImmutableArray<SuppressionEntry> entries, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (SuppressionEntry entry in entries)
        {
            lines.Append('\n').Append(Write(entry));
        }

        lines.Append('\n');
        try
        {
            OwnerOnly.MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using FileStream file = OwnerOnly.OpenFile(path, FileMode.OpenOrCreate, FileShare.Read);
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.UTF8.GetBytes(lines.ToString()));
            file.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException("The ledger of erasures can't be written.", error);
        }

        return Task.CompletedTask;
    }

    /// <summary>The entries of a ledger, in their order. They have no sequences.</summary>
    /// <param name="unreadable">Lines that hold no entry.</param>
    public static ImmutableArray<SuppressionEntry> Read(string path, out int unreadable)
    {
        unreadable = 0;
        var entries = ImmutableArray.CreateBuilder<SuppressionEntry>();
        foreach (string line in File.ReadLines(path))
        {
            if (line.Length == 0)
            {
                continue;
            }

            if (ReadLine(line) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                unreadable++;
            }
        }

        return entries.DrainToImmutable();
    }

    private static string Write(SuppressionEntry entry) =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["hash"] = entry.Hash.ToString(),
                ["change"] = entry.Change == SuppressionChange.Suppressed ? "suppressed" : "lifted",
                ["at"] = entry.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                ["requestId"] = entry.RequestId,
                ["by"] = entry.By,
            }
        );

    private static SuppressionEntry? ReadLine(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement entry = document.RootElement;
            return new SuppressionEntry(
                Sequence: 0,
                SuppressionHash.Parse(entry.GetProperty("hash"u8).GetString()!),
                entry.GetProperty("change"u8).ValueEquals("lifted"u8)
                    ? SuppressionChange.Lifted
                    : SuppressionChange.Suppressed,
                entry.GetProperty("at"u8).GetDateTimeOffset(),
                entry.GetProperty("requestId"u8).GetString()!,
                entry.GetProperty("by"u8).GetString()!
            );
        }
        catch (Exception error)
            when (error is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            // Cut off by a crash, before anybody was told that it is there; or damaged. Whoever reads says so.
            return null;
        }
    }
}
