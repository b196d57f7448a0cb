using System.Buffers;
using System.IO.Pipelines;

namespace Customer360.Api.Privacy;

/// <summary>
/// Writes to an answer's body. ZIP writes an entry's end synchronously also where it is disposed asynchronously, which the server
/// refuses; those few bytes wait here for the next flush.
/// </summary>
/// <remarks>An answer goes one way: what reads, seeks or asks for a length is refused, as <see cref="Stream"/> has it for such.</remarks>
internal sealed class PackageStream(PipeWriter body) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override async Task FlushAsync(CancellationToken cancellationToken) =>
        await body.FlushAsync(cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer) => body.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => await body.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
