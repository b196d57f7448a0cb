using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Erasure;
using Customer360.Storage.Sqlite.Erasure;
using Customer360.Storage.Work;
using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Sqlite;

/// <summary>Takes rows out. Blocks are read and judged beside the commits; only those that change go through the writer.</summary>
internal sealed partial class SqliteBackend
{
    /// <summary>Blocks of one piece: some two megabytes of messages.</summary>
    private const int BlocksPerPiece = 64;

    private const int DecisionsPerPiece = 2_000;

    private static readonly TimeSpan s_sealPause = TimeSpan.FromMilliseconds(20);

    /// <summary>A reader that stands in the way of emptying the log is gone after a moment; this often it is waited for.</summary>
    private const int SealTriesMax = 500;

    public async Task<ErasurePiece> EraseLogAsync(
        int partition,
        string after,
        ILogJudge judge,
        CancellationToken cancellationToken
    )
    {
        long afterId = after.Length > 0 ? Number(after) : LogId.Of(partition, 0);
        var blocks = await ScanAsync(
            reader => reader.ReadBlocks(partition, afterId, BlocksPerPiece),
            cancellationToken
        );
        // On a thread of its own: to unpack and to judge takes longer than to read.
        RewrittenBlocks rewritten = await _erasureThread.RunAsync(
            () => RewrittenBlocks.Of(blocks, judge, _hash!),
            cancellationToken
        );
        if (rewritten.Blocks.Count > 0)
        {
            await commits.Pipeline.SubmitAsync(new RewriteBlocksWork(rewritten), cancellationToken);
        }

        return new ErasurePiece(
            blocks.Count == BlocksPerPiece ? Text(blocks[^1].LastId) : null,
            rewritten.Read,
            rewritten.Removed,
            rewritten.Replaced,
            rewritten.Blocks.Count
        );
    }

    public async Task<ErasurePiece> EraseDecisionsAsync(
        string after,
        IDecisionJudge judge,
        CancellationToken cancellationToken
    )
    {
        long afterSequence = after.Length > 0 ? Number(after) : 0;
        (List<DecisionRecord> page, long last) = await ScanAsync(
            reader => reader.Decisions.ReadPage(afterSequence, DecisionsPerPiece),
            cancellationToken
        );
        DecisionErasureWork? work = JudgedDecisions.Of(page, judge);
        if (work is not null)
        {
            await commits.Pipeline.SubmitAsync(work, cancellationToken);
        }

        return new ErasurePiece(
            page.Count == DecisionsPerPiece ? Text(last) : null,
            page.Count,
            work?.Removed.Length ?? 0,
            work?.Replaced.Length ?? 0,
            Rewritten: 0
        );
    }

    /// <remarks>
    /// Deleting overwrites (<c>secure_delete</c>), but where SQLite moves rows from a page to its neighbour it leaves the old bytes in
    /// the page's free middle. So the files are looked through, and only where something is found the database is written anew,
    /// which keeps the writer busy for as long as that takes.
    /// </remarks>
    public async Task SealAsync(ImmutableArray<ReadOnlyMemory<byte>> texts, CancellationToken cancellationToken)
    {
        await EmptyLogAsync(cancellationToken);
        if (!texts.IsEmpty && !await HoldsAnyAsync(texts, cancellationToken))
        {
            return;
        }

        LogWritesAnew(logger);
        if (!await commits.Pipeline.SubmitAsync(new VacuumWork(), cancellationToken))
        {
            throw new StorageUnavailableException("The database could not be written anew.");
        }

        await EmptyLogAsync(cancellationToken);
    }

    private Task<bool> HoldsAnyAsync(ImmutableArray<ReadOnlyMemory<byte>> texts, CancellationToken cancellationToken) =>
        _erasureThread.RunAsync(
            () =>
                RawFiles.HoldAny(
                    [options.DatabasePath, SqliteOpenMark.LogOf(options.DatabasePath)],
                    texts,
                    cancellationToken
                ),
            cancellationToken
        );

    private async Task EmptyLogAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < SealTriesMax; attempt++)
        {
            if (await commits.Pipeline.SubmitAsync(new TruncateLogWork(), cancellationToken))
            {
                return;
            }

            await Task.Delay(s_sealPause, time, cancellationToken);
        }

        throw new StorageUnavailableException("Readers keep the write-ahead log from being emptied.");
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(
        36,
        LogLevel.Information,
        "The database is written anew, so that nothing of the erased is left in its free places."
    )]
    private static partial void LogWritesAnew(ILogger logger);
}
