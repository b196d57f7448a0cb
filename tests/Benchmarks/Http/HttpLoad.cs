using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Customer360.Benchmarks.Http;

/// <summary>What a load measured.</summary>
/// <param name="Requests">Answered in the measured time.</param>
/// <param name="Failures">Answers whose status was not 200.</param>
/// <param name="Seconds">The measured time.</param>
/// <param name="LatenciesMicroseconds">Of every request, unsorted.</param>
internal sealed record LoadResult(long Requests, long Failures, double Seconds, int[] LatenciesMicroseconds)
{
    public double PerSecond => Requests / Seconds;

    public int Percentile(double share)
    {
        int[] sorted = [.. LatenciesMicroseconds];
        Array.Sort(sorted);
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}

/// <summary>
/// A closed loop over keep-alive connections: each sends its next request when the answer to the last one is in. Written
/// on sockets, because a general client costs more than the server it would measure.
/// </summary>
internal static class HttpLoad
{
    /// <param name="request">The bytes of the n-th request (head and body) of a connection; null ends that connection.</param>
    public static async Task<LoadResult> RunAsync(
        int port,
        int connections,
        TimeSpan warmUp,
        TimeSpan measured,
        Func<int, long, ReadOnlyMemory<byte>?> request
    )
    {
        long start = Stopwatch.GetTimestamp();
        long measureFrom = start + Ticks(warmUp);
        long measureTo = measured == Timeout.InfiniteTimeSpan ? long.MaxValue : measureFrom + Ticks(measured);
        var workers = new Worker[connections];
        for (int index = 0; index < connections; index++)
        {
            workers[index] = new Worker(port, index, measureFrom, measureTo, request);
        }

        await Task.WhenAll(workers.Select(worker => worker.RunAsync()));
        double seconds =
            measured == Timeout.InfiniteTimeSpan
                ? Stopwatch.GetElapsedTime(measureFrom).TotalSeconds
                : measured.TotalSeconds;
        return new LoadResult(
            workers.Sum(worker => (long)worker.Latencies.Count),
            workers.Sum(worker => worker.Failures),
            seconds,
            [.. workers.SelectMany(worker => worker.Latencies)]
        );
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private sealed class Worker(
        int port,
        int connection,
        long measureFrom,
        long measureTo,
        Func<int, long, ReadOnlyMemory<byte>?> request
    )
    {
        private readonly byte[] _buffer = new byte[256 * 1024];

        public List<int> Latencies { get; } = [];

        public long Failures { get; private set; }

        public async Task RunAsync()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.NoDelay = true;
            await socket.ConnectAsync(IPAddress.Loopback, port);
            for (long number = 0; ; number++)
            {
                long sent = Stopwatch.GetTimestamp();
                if (sent >= measureTo || request(connection, number) is not { } bytes)
                {
                    return;
                }

                await SendAsync(socket, bytes);
                bool ok = await ReceiveAsync(socket);
                long now = Stopwatch.GetTimestamp();
                if (sent >= measureFrom && now <= measureTo)
                {
                    Latencies.Add((int)Stopwatch.GetElapsedTime(sent, now).TotalMicroseconds);
                    Failures += ok ? 0 : 1;
                }
            }
        }

        private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await socket.SendAsync(bytes)..];
            }
        }

        /// <summary>Reads one answer, whole; true where its status is 200.</summary>
        private async Task<bool> ReceiveAsync(Socket socket)
        {
            int filled = 0;
            while (true)
            {
                int read = await socket.ReceiveAsync(_buffer.AsMemory(filled));
                if (read == 0)
                {
                    throw new IOException("The server closed the connection.");
                }

                filled += read;
                if (TotalLength(_buffer.AsSpan(0, filled)) is { } total && filled >= total)
                {
                    return _buffer.AsSpan(9, 3).SequenceEqual("200"u8);
                }
            }
        }

        private static int? TotalLength(ReadOnlySpan<byte> answer)
        {
            int headEnd = answer.IndexOf("\r\n\r\n"u8);
            if (headEnd < 0)
            {
                return null;
            }

            int at = answer.IndexOf("Content-Length: "u8);
            if (at >= 0 && at < headEnd)
            {
                return Utf8Parser.TryParse(answer[(at + 16)..], out int length, out _)
                    ? headEnd + 4 + length
                    : throw new IOException("The answer's length is not a number.");
            }

            // The answer is chunked, and the last chunk is empty.
            int end = answer[headEnd..].IndexOf("\r\n0\r\n\r\n"u8);
            return end < 0 ? null : headEnd + end + 7;
        }
    }
}
