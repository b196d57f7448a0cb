using System.Buffers;
using System.IO.Compression;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Payloads;

/// <summary>How much of a body is taken.</summary>
/// <param name="BytesMax">Unpacked.</param>
/// <param name="TimeMax">From the first byte to the last.</param>
public readonly record struct BodyLimits(int BytesMax, TimeSpan TimeMax);

/// <summary>A whole body in a pooled buffer, unpacked and bounded. Dispose it when nothing points into it.</summary>
public sealed class RequestBody : IDisposable
{
    private const int FirstBufferBytes = 16 * 1024;

    private byte[] _buffer;
    private int _length;

    private RequestBody(int bufferBytes) => _buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);

    /// <summary>The bytes, without the byte order mark that some senders put before them.</summary>
    public ReadOnlyMemory<byte> Bytes =>
        _buffer.AsSpan(0, _length).StartsWith("\uFEFF"u8)
            ? _buffer.AsMemory(3, _length - 3)
            : _buffer.AsMemory(0, _length);

    /// <summary>True where the headers alone say that the body is too large: no byte of it needs to be read.</summary>
    public static bool IsDeclaredTooLarge(HttpRequest request, int bytesMax) => request.ContentLength > bytesMax;

    /// <summary>What the body may take of memory, as far as the headers say.</summary>
    public static int BytesAtMost(HttpRequest request, int bytesMax) =>
        request.ContentLength is { } length && request.Headers.ContentEncoding.Count == 0
            ? (int)Math.Min(length, bytesMax)
            : bytesMax;

    /// <summary>Reads and unpacks the body, whatever its content type says.</summary>
    /// <remarks>
    /// A body over the limit is left unread, and the server then throws away what still comes (for 5 seconds and 30 MB at
    /// most). It must not cut the connection instead: the sender would take that for a lost network and send the body for ever.
    /// </remarks>
    /// <exception cref="BadHttpRequestException">The server found the body broken off or too slow.</exception>
    public static async Task<Outcome<RequestBody>> ReadAsync(HttpRequest request, BodyLimits limits, TimeProvider time)
    {
        if (IsDeclaredTooLarge(request, limits.BytesMax))
        {
            return new BodyTooLarge(limits.BytesMax);
        }

        if (!TryReadEncoding(request, out bool isGzip))
        {
            return new EncodingUnknown();
        }

        HttpContext context = request.HttpContext;
        using CancellationTokenSource deadline = new(limits.TimeMax, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token,
            context.RequestAborted
        );
        int first = request.ContentLength is > 0 and { } length && !isGzip ? (int)length + 1 : FirstBufferBytes;
        RequestBody body = new(first);
        try
        {
            Stream source = isGzip ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
            if (await body.FillAsync(source, limits.BytesMax, cancellation.Token))
            {
                return body;
            }

            body.Dispose();
            return new BodyTooLarge(limits.BytesMax);
        }
        catch (InvalidDataException)
        {
            body.Dispose();
            return new BodyBadlyPacked();
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            body.Dispose();
            return new BodyTooSlow(limits.TimeMax);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    /// <summary>Reads to the end; false where there is more than the limit. It never unpacks more than that.</summary>
    private async ValueTask<bool> FillAsync(Stream source, int bytesMax, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length)
            {
                Grow();
            }

            int read = await source.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
            {
                return true;
            }

            _length += read;
            if (_length > bytesMax)
            {
                return false;
            }
        }
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static bool TryReadEncoding(HttpRequest request, out bool isGzip)
    {
        string? encoding = request.Headers.ContentEncoding;
        isGzip =
            string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase)
            || string.Equals(encoding, "x-gzip", StringComparison.OrdinalIgnoreCase);
        return isGzip || string.IsNullOrEmpty(encoding) || encoding is "identity";
    }
}
