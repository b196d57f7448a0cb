using System.IO.Compression;
using System.Security.Cryptography;

namespace Customer360.Api.Privacy;

/// <summary>One file of the package, hashed while it is written.</summary>
internal sealed class PackageFile : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CancellationToken _aborted;

    private PackageFile(string path, string about, Stream stream, CancellationToken aborted)
    {
        Path = path;
        About = about;
        _stream = stream;
        _aborted = aborted;
    }

    public string Path { get; }

    /// <summary>What it holds, in plain words.</summary>
    public string About { get; }

    /// <summary>What its reader must know, or null.</summary>
    public string? Note { get; init; }

    public int Items { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>64 hexadecimal digits, once it is written.</summary>
    public string Sha256 { get; private set; } = "";

    public static async Task<PackageFile> BeginAsync(
        ZipArchive zip,
        string path,
        string about,
        CancellationToken aborted,
        string? note = null
    ) => new(path, about, await zip.CreateEntry(path).OpenAsync(aborted), aborted) { Note = note };

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, int items)
    {
        _hash.AppendData(bytes.Span);
        Items += items;
        Bytes += bytes.Length;
        await _stream.WriteAsync(bytes, _aborted);
    }

    public async ValueTask DisposeAsync()
    {
        Sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        _hash.Dispose();
        await _stream.DisposeAsync();
    }
}
