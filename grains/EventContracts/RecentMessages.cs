using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Hands over what the log has of the last days, partition by partition. Times of receipt rise within a partition but for those of one moment,
/// so the first message is found by halving.
/// </summary>
internal sealed class RecentMessages(JobTools tools, DateTimeOffset since, JobPace pace, CancellationToken stop)
{
    private const int PageRows = 500;
    private const int PieceRows = 50;

    /// <param name="take">Takes a message by its place.</param>
    /// <param name="progress">Told how far it is, 0 to 100.</param>
    public async Task ReadAll(Action<LogRow> take, JobProgress progress)
    {
        ImmutableArray<long> heads = await tools.ReadHeads(stop);
        long[] after = new long[heads.Length];
        for (int partition = 0; partition < heads.Length; partition++)
        {
            after[partition] = await FindFirst(partition, heads[partition]);
        }

        double total = Math.Max(1, heads.Select((head, partition) => head - after[partition]).Sum());
        long read = 0;
        for (int partition = 0; partition < heads.Length; partition++)
        {
            while (after[partition] < heads[partition])
            {
                ImmutableArray<LogRow> rows = await pace.Storage(
                    tools.Log.ReadPartitionAsync(partition, after[partition], PageRows, stop)
                );
                foreach (LogRow[] piece in rows.Where(row => row.Position <= heads[partition]).Chunk(PieceRows))
                {
                    Array.ForEach(piece, take);
                    await pace.Rest();
                }

                long next = rows.Length < PageRows ? heads[partition] : rows[^1].Position;
                read += next - after[partition];
                after[partition] = next;
                await progress(100 * read / total);
            }
        }
    }

    /// <summary>The position behind which messages are recent. What is missing of a log that was trimmed counts as older.</summary>
    private async Task<long> FindFirst(int partition, long head)
    {
        (long older, long recent) = (0, head);
        while (older < recent)
        {
            long middle = older + ((recent - older) / 2);
            ImmutableArray<LogRow> rows = await pace.Storage(tools.Log.ReadPartitionAsync(partition, middle, 1, stop));
            if (rows is [var row] && IsOlder(row))
            {
                older = row.Position;
            }
            else
            {
                recent = middle;
            }
        }

        return older;
    }

    /// <summary>One that can't be read may be recent: whoever takes it says what becomes of that.</summary>
    private bool IsOlder(LogRow row)
    {
        try
        {
            return EnvelopeReader.FromJson(row.Payload).ReceivedAt < since;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
