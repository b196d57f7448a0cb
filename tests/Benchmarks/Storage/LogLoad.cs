using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Customer360.Rules.Ports;

namespace Customer360.Benchmarks.Storage;

/// <summary>Callers that append batches of 100 messages of about 800 bytes, each to its own partition.</summary>
internal sealed class LogLoad(IEventLog log)
{
    private const int BatchRows = 100;
    private const int PayloadBytes = 800;
    private const int AnchorsPerCaller = 50_000;
    private static readonly string s_filler = new('x', PayloadBytes - 110);
    private readonly Dictionary<int, long> _nextPositions = [];
    private long _rows;

    public long Rows => Interlocked.Read(ref _rows);

    public static ImmutableArray<LogAppend> MakeBatch(int caller, long first, int count)
    {
        LogAppend[] messages = new LogAppend[count];
        for (int index = 0; index < count; index++)
        {
            long position = first + index;

            // They are as random as the ids of real senders, so neighbours in the log are far apart in an index.
            ulong random = unchecked((ulong)((caller * 1_000_003L) + position) * 0x9E3779B97F4A7C15UL);
            string id = string.Create(CultureInfo.InvariantCulture, $"{random:x16}-{position:x8}-{caller:x8}");
            string json = string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"messageId":"{{id}}","type":"track","event":"Viewed","n":{{position}},"properties":{"text":"{{s_filler}}"} }"""
            );
            messages[index] = new LogAppend(
                position,
                id,
                string.Create(CultureInfo.InvariantCulture, $"user_id:{caller}-{random % AnchorsPerCaller}"),
                DateTimeOffset.UnixEpoch.AddMilliseconds(1_800_000_000_000 + position),
                Encoding.UTF8.GetBytes(json)
            );
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(messages);
    }

    /// <summary>Appends until the time is over or so many rows are in; answers rows per second.</summary>
    public async Task<double> RunAsync(int callers, TimeSpan time, long rowsMax)
    {
        long before = Rows;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(AppendAsync));
        return (Rows - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;

        async Task AppendAsync(int caller)
        {
            long next = await OpenAsync(caller);
            while (Stopwatch.GetElapsedTime(start) < time && Rows - before < rowsMax)
            {
                ImmutableArray<LogAppend> batch = MakeBatch(caller, next, BatchRows);
                AppendResult result = await log.AppendAsync(caller, batch, CancellationToken.None);
                if (result.Fenced || result.Duplicates.Any(position => position != 0))
                {
                    throw new InvalidOperationException("An append was refused.");
                }

                next += BatchRows;
                Interlocked.Add(ref _rows, BatchRows);
            }

            lock (_nextPositions)
            {
                _nextPositions[caller] = next;
            }
        }
    }

    private async Task<long> OpenAsync(int caller)
    {
        lock (_nextPositions)
        {
            if (_nextPositions.TryGetValue(caller, out long known))
            {
                return known;
            }
        }

        return (await log.OpenAsync(caller, CancellationToken.None)).NextPosition;
    }
}
