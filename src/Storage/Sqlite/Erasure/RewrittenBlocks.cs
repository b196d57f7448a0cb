using System.Buffers.Binary;
using System.Text;
using Customer360.Rules.Privacy;
using Customer360.Storage.Sqlite.Blocks;

namespace Customer360.Storage.Sqlite.Erasure;

/// <summary>Blocks of the log of which something was removed or replaced, packed anew.</summary>
internal sealed class RewrittenBlocks
{
    private RewrittenBlocks() { }

    /// <summary>Only those that changed, under the ids that they had.</summary>
    public List<(long LastId, byte[] Content)> Blocks { get; } = [];

    public int Read { get; private set; }

    public int Removed { get; private set; }

    public int Replaced { get; private set; }

    /// <summary>Judges every message of the blocks. What was removed before stays so, and is not asked about.</summary>
    public static RewrittenBlocks Of(List<(long LastId, byte[] Content)> blocks, ILogJudge judge, KeyHash hash)
    {
        var rewritten = new RewrittenBlocks();
        var reader = new LogBlockReader();
        var writer = new LogBlockWriter();
        List<LogVerdict> verdicts = [];
        foreach ((long lastId, byte[] content) in blocks)
        {
            verdicts.Clear();
            bool isChanged = false;
            reader.Load(lastId, content);
            while (reader.TryRead(out LogBlockEntry entry))
            {
                rewritten.Read++;
                LogVerdict verdict = entry.IsRemoved ? LogVerdict.Keep : Judge(entry, judge);
                verdicts.Add(verdict);
                isChanged |= verdict.Fate != LogFate.Keep;
            }

            if (isChanged)
            {
                reader.Load(lastId, content);
                rewritten.Rewrite(lastId, reader, writer, verdicts, hash);
            }
        }

        return rewritten;
    }

    private static LogVerdict Judge(in LogBlockEntry entry, ILogJudge judge) =>
        judge.Judge(
            Encoding.UTF8.GetString(entry.Anchor),
            StorageTime.FromMicroseconds(entry.Microseconds),
            entry.Payload
        );

    private void Rewrite(
        long lastId,
        LogBlockReader reader,
        LogBlockWriter writer,
        List<LogVerdict> verdicts,
        KeyHash hash
    )
    {
        Span<byte> left = stackalloc byte[LogBlockFormat.RemovedIdBytes];
        int index = 0;
        while (reader.TryRead(out LogBlockEntry entry))
        {
            LogVerdict verdict = verdicts[index++];
            if (verdict.Fate == LogFate.Keep)
            {
                writer.Add(entry);
            }
            else if (verdict.Fate == LogFate.Replace)
            {
                Replaced++;
                writer.Add(
                    new LogBlockEntry
                    {
                        Id = entry.Id,
                        Microseconds = entry.Microseconds,
                        MessageId = entry.MessageId,
                        Anchor = entry.Anchor,
                        Payload = verdict.Payload.Span,
                    }
                );
            }
            else
            {
                Removed++;
                BinaryPrimitives.WriteInt64LittleEndian(
                    left,
                    hash.OfMessage(LogId.Partition(entry.Id), entry.MessageId)
                );
                hash.OfRemoved(entry.MessageId, left[sizeof(long)..]);
                writer.Add(
                    new LogBlockEntry
                    {
                        Id = entry.Id,
                        Microseconds = 0,
                        MessageId = left,
                        Anchor = [],
                        Payload = [],
                    }
                );
            }
        }

        Blocks.Add((lastId, writer.Pack().ToArray()));
    }
}
