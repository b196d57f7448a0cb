using System.Buffers;
using System.IO.Compression;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Http;

/// <summary>How much of a body is taken.</summary>
/// <param name="BytesMax">Unpacked.</param>
/// <param name="TimeMax">From the first byte to the last.</param>
public readonly record struct BodyLimits(int BytesMax, TimeSpan TimeMax);

/// <summary>A whole body in a pooled buffer, unpacked and bounded. Dispose it when nothing points into it.</summary>
public sealed class RequestBody : IDisposable
{
    private const int FirstBufferBytes = 16 * 1024;

    private readonly int _bufferBytesMax;
    private readonly IBodyRoom? _room;
    private byte[] _buffer;
    private int _length;

    private RequestBody(int bufferBytes, int bufferBytesMax, IBodyRoom? room)
    {
        // One more: a short body that is as long as promised ends without another buffer.
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(bufferBytes + 1, FirstBufferBytes));
        _bufferBytesMax = bufferBytesMax;
        _room = room;
    }

    /// <summary>The bytes, without the byte order mark that some senders put before them.</summary>
    public ReadOnlyMemory<byte> Bytes =>
        _buffer.AsSpan(0, _length).StartsWith("\uFEFF"u8)
            ? _buffer.AsMemory(3, _length - 3)
            : _buffer.AsMemory(0, _length);

    /// <summary>True where the headers alone say that the body is too large: no byte of it needs to be read.</summary>
    public static bool IsDeclaredTooLarge(HttpRequest request, int bytesMax) => request.ContentLength > bytesMax;

    /// <summary>
    /// What reading begins with, in bytes: a body whose headers promise much has sent nothing of it yet, and gets more as it
    /// arrives.
    /// </summary>
    public static int FirstBytes(HttpRequest request, int bytesMax)
    {
        // What a packed body's length says is nothing of what comes out of it.
        bool isLengthKnown = request.ContentLength is not null && request.Headers.ContentEncoding.Count == 0;
        return (int)
            Math.Min(
                isLengthKnown ? Math.Min(request.ContentLength!.Value, FirstBufferBytes) : FirstBufferBytes,
                bytesMax
            );
    }

    /// <summary>Reads and unpacks the body, whatever its content type says.</summary>
    /// <remarks>
    /// A body over the limit is left unread, and the server then throws away what still comes (for 5 seconds and 30 MB at
    /// most). It must not cut the connection instead: the sender would take that for a lost network and send the body for ever.
    /// </remarks>
    /// <param name="request">The request.</param>
    /// <param name="limits">What is taken at most.</param>
    /// <param name="time">The clock of the limits.</param>
    /// <param name="room">
    /// Asked for each byte of memory beyond <see cref="FirstBytes"/>; without room the answer is <see cref="TooBusy"/>. Null: there is
    /// room for the whole.
    /// </param>
    /// <exception cref="BadHttpRequestException">The server found the body broken off or too slow.</exception>
    public static async Task<Outcome<RequestBody>> ReadAsync(
        HttpRequest request,
        BodyLimits limits,
        TimeProvider time,
        IBodyRoom? room = null
    )
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

        // One more than the limit tells that there is more. Of a body that is not packed the headers say how much comes.
        int bytesMax = request.ContentLength is { } length && !isGzip ? (int)length : limits.BytesMax;
        RequestBody body = new(FirstBytes(request, limits.BytesMax), bytesMax + 1, room);
        try
        {
            await using GZipStream? gzip = isGzip
                ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true)
                : null;
            if (await body.FillAsync(gzip ?? request.Body, limits.BytesMax, cancellation.Token) is not { } refusal)
            {
                return body;
            }

            body.Dispose();
            return refusal;
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
        catch (IOException error)
            when (error is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            // What can't be read from a caller who is still there is the caller's doing: a chunk whose size fits no number. It is
            // no outage, after which the same body would be sent again and again.
            body.Dispose();
            return new BodyBadlySent();
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

    /// <summary>Reads to the end, or answers why not. It never unpacks more than the limit.</summary>
    private async ValueTask<Refusal?> FillAsync(Stream source, int bytesMax, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length && !TryGrow())
            {
                return new TooBusy(RetryAfterSeconds: 1);
            }

            int read = await source.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            _length += read;
            if (_length > bytesMax)
            {
                return new BodyTooLarge(bytesMax);
            }
        }
    }

    /// <summary>Doubles what is kept, up to what the body can have.</summary>
    private bool TryGrow()
    {
        int wanted = Math.Max(Math.Min(_buffer.Length * 2, _bufferBytesMax), _buffer.Length + 1);
        if (_room is not null && !_room.TryGrow(wanted - _buffer.Length))
        {
            return false;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(wanted);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        return true;
    }

    /// <summary>
    /// A list of codings in the order of their application, whose names have no case (RFC 9110, 8.4.1). Identity is none; what
    /// is packed twice is packed once too often.
    /// </summary>
    private static bool TryReadEncoding(HttpRequest request, out bool isGzip)
    {
        isGzip = false;
        foreach (string? line in request.Headers.ContentEncoding)
        {
            foreach (Range part in line.AsSpan().Split(','))
            {
                ReadOnlySpan<char> coding = line.AsSpan()[part].Trim();
                bool packs =
                    coding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
                    || coding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase);
                bool isKnown = packs || coding.IsEmpty || coding.Equals("identity", StringComparison.OrdinalIgnoreCase);
                if (!isKnown || (packs && isGzip))
                {
                    return false;
                }

                isGzip |= packs;
            }
        }

        return true;
    }
}
