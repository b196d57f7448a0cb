using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace Customer360.Api.Console;

/// <summary>The files of the console, which the build puts into this assembly where it finds Node.</summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";

    private readonly FrozenDictionary<string, ConsoleFile> _byPath;

    public ConsoleFiles()
    {
        Assembly assembly = typeof(ConsoleFiles).Assembly;
        _byPath = assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(
                name => name[Prefix.Length..].Replace('\\', '/'),
                name => new ConsoleFile(assembly, name),
                StringComparer.Ordinal
            );
    }

    /// <summary>The page that all addresses of the console begin with; null: this build has no console.</summary>
    public ConsoleFile? Index => Find("index.html");

    /// <param name="path">As in an address, without a slash before it.</param>
    public ConsoleFile? Find(string path) => _byPath.GetValueOrDefault(path);
}

/// <summary>A file and its packed forms, each made when somebody first asks for it. Thread-safe.</summary>
internal sealed class ConsoleFile
{
    private readonly Lazy<byte[]> _plain;
    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;
    private readonly Lazy<string> _tag;

    public ConsoleFile(Assembly assembly, string resource)
    {
        ContentType = TypeOf(Path.GetExtension(resource));
        _plain = new(() => Load(assembly, resource));
        _brotli = new(() => Pack(output => new BrotliStream(output, CompressionLevel.Optimal)));
        _gzip = new(() => Pack(output => new GZipStream(output, CompressionLevel.Optimal)));
        _tag = new(() => $"\"{Convert.ToHexStringLower(SHA256.HashData(_plain.Value).AsSpan(0, 8))}\"");
    }

    public string ContentType { get; }

    /// <summary>The entity tag, in its quotes.</summary>
    public string Tag => _tag.Value;

    /// <summary>The bytes to send to who takes these encodings.</summary>
    /// <param name="acceptEncoding">The request's header.</param>
    /// <param name="encoding">What to say in <c>Content-Encoding</c>; null: nothing.</param>
    public ReadOnlyMemory<byte> BytesFor(string acceptEncoding, out string? encoding)
    {
        encoding =
            acceptEncoding.Contains("br", StringComparison.OrdinalIgnoreCase) ? "br"
            : acceptEncoding.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? "gzip"
            : null;
        return encoding switch
        {
            "br" => _brotli.Value,
            "gzip" => _gzip.Value,
            _ => _plain.Value,
        };
    }

    private static byte[] Load(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private byte[] Pack(Func<Stream, Stream> packer)
    {
        MemoryStream output = new();
        using (Stream packing = packer(output))
        {
            packing.Write(_plain.Value);
        }

        return output.ToArray();
    }

    private static string TypeOf(string extension) =>
        extension switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".json" => "application/json",
            ".woff2" => "font/woff2",
            ".txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
}
