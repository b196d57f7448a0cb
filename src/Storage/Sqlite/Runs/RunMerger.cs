using Customer360.Storage.Pipelines;
using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// Keeps the runs few: eight of one level become one of the next. It reads on a connection of its own and writes small
/// pieces through the commit pipeline, one at a time, so no commit waits for a merge.
/// </summary>
/// <remarks>An unfinished merge leaves its inputs in use; after a crash it begins anew.</remarks>
internal sealed partial class RunMerger(
    SqliteConnection connection,
    CommitPipelineReference commits,
    TimeProvider time,
    ILogger logger
) : IAsyncDisposable
{
    /// <summary>How many runs of a level are merged into one.</summary>
    private const int RunsPerMerge = 8;

    private const int MessagesPerPiece = 32 * RunTables.MessageBlockEntries;
    private const int AnchorsPerPiece = 32 * RunTables.AnchorBlockEntries;
    private static readonly TimeSpan s_outagePause = TimeSpan.FromSeconds(1);

    private readonly RunTables _tables = new(connection);
    private readonly SemaphoreSlim _signal = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SqliteThread _thread = new("sqlite-merge");
    private Task _running = Task.CompletedTask;

    public void Start()
    {
        _running = RunAsync();
        Wake();
    }

    /// <summary>Tells that there may be something to merge.</summary>
    public void Wake() => _signal.Release();

    /// <summary>Ends after the piece under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _thread.Dispose();
        connection.Dispose();
        _stopping.Dispose();
        _signal.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _signal.WaitAsync(_stopping.Token);
                await RemoveUnusedAsync();
                while (await MergeOnceAsync())
                {
                    await RemoveUnusedAsync();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                // The index works with many runs too, only slower; so an outage here is no caller's trouble.
                LogPostponed(logger, exception.GetType().Name);
                await Task.Delay(s_outagePause, time, _stopping.Token)
                    .ContinueWith(
                        static _ => { },
                        CancellationToken.None,
                        TaskContinuationOptions.ExecuteSynchronously,
                        TaskScheduler.Default
                    );
                Wake();
            }
        }
    }

    private async Task RemoveUnusedAsync()
    {
        List<LogRun> unused = await ReadAsync(() => _tables.ReadRuns(RunState.ToBeRemoved));
        foreach (LogRun run in unused)
        {
            while (await SubmitAsync(new RemoveRunWork(run.Run))) { }
        }
    }

    /// <summary>Merges the oldest runs of the lowest level that has enough; false where no level has.</summary>
    private async Task<bool> MergeOnceAsync()
    {
        List<LogRun> runs = await ReadAsync(() => _tables.ReadRuns(RunState.InUse));
        IGrouping<int, LogRun>? full = runs.GroupBy(run => run.Level)
            .OrderBy(level => level.Key)
            .FirstOrDefault(level => level.Count() >= RunsPerMerge);
        if (full is null)
        {
            return false;
        }

        LogRun[] inputs = [.. full.OrderBy(run => run.Run).Take(RunsPerMerge)];
        long entries = inputs.Sum(run => run.Entries);
        long number = await SubmitAsync(new BeginRunWork(full.Key + 1, entries));
        RunFilter filter = new(entries);
        await MergeMessagesAsync(inputs, number, filter);
        await MergeAnchorsAsync(inputs, number);
        int piece = 0;
        while (await SubmitAsync(new FilterPieceWork(number, piece, filter)))
        {
            piece++;
        }

        IndexedRun merged = new(new LogRun(number, full.Key + 1, entries), filter);
        await SubmitAsync(new PublishRunWork(merged, [.. inputs.Select(run => run.Run)]));
        return true;
    }

    private async Task MergeMessagesAsync(LogRun[] runs, long target, RunFilter filter)
    {
        List<MergeInput<MessageEntry>> inputs =
        [
            .. runs.Select(run => new MergeInput<MessageEntry>(run.Run, _tables.ReadMessageBlocks)),
        ];
        List<MessageEntry> piece = await ReadAsync(() => MergeInput<MessageEntry>.Take(inputs, MessagesPerPiece));
        for (long number = 0; piece.Count > 0; number += MessagesPerPiece / RunTables.MessageBlockEntries)
        {
            foreach (MessageEntry entry in piece)
            {
                filter.Add(entry.Hash);
            }

            await SubmitAsync(new MessageBlocksWork(target, number, piece));
            piece = await ReadAsync(() => MergeInput<MessageEntry>.Take(inputs, MessagesPerPiece));
        }
    }

    private async Task MergeAnchorsAsync(LogRun[] runs, long target)
    {
        List<MergeInput<AnchorEntry>> inputs =
        [
            .. runs.Select(run => new MergeInput<AnchorEntry>(run.Run, _tables.ReadAnchorBlocks)),
        ];
        List<AnchorEntry> piece = await ReadAsync(() => MergeInput<AnchorEntry>.Take(inputs, AnchorsPerPiece));
        for (long number = 0; piece.Count > 0; number += AnchorsPerPiece / RunTables.AnchorBlockEntries)
        {
            await SubmitAsync(new AnchorBlocksWork(target, number, piece));
            piece = await ReadAsync(() => MergeInput<AnchorEntry>.Take(inputs, AnchorsPerPiece));
        }
    }

    private Task<TResult> ReadAsync<TResult>(Func<TResult> read) => _thread.RunAsync(read, _stopping.Token);

    private Task<TResult> SubmitAsync<TResult>(PipelineWork<TResult> work)
    {
        _stopping.Token.ThrowIfCancellationRequested();
        return commits.Pipeline.SubmitAsync(work, CancellationToken.None);
    }

    [LoggerMessage(30, LogLevel.Information, "Merging the log's index is postponed ({Reason}).")]
    private static partial void LogPostponed(ILogger logger, string reason);
}
