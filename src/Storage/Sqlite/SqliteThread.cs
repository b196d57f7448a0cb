using System.Collections.Concurrent;

namespace Customer360.Storage.Sqlite;

/// <summary>
/// A thread of its own for blocking work. SQLite's calls wait for the disk and would starve the thread pool.
/// </summary>
internal sealed class SqliteThread : IDisposable
{
    private readonly BlockingCollection<Action> _jobs = [];
    private readonly Thread _thread;

    public SqliteThread(string name)
    {
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>
    /// Runs <paramref name="job"/> on the thread. What awaits the task goes on right there (no hop through a busy
    /// thread pool), so only the pipelines may await it, never a caller's code.
    /// </summary>
    public Task RunInlineAsync(Action job)
    {
        TaskCompletionSource completion = new();
        _jobs.Add(() =>
        {
            try
            {
                job();
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
                return;
            }

            completion.SetResult();
        });
        return completion.Task;
    }

    /// <summary>Runs <paramref name="job"/> on the thread, unless it was cancelled before its turn.</summary>
    public Task<TResult> RunAsync<TResult>(Func<TResult> job, CancellationToken cancellationToken)
    {
        TaskCompletionSource<TResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _jobs.Add(
            () =>
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    completion.SetCanceled(cancellationToken);
                    return;
                }

                try
                {
                    completion.SetResult(job());
                }
                catch (Exception exception)
                {
                    completion.SetException(exception);
                }
            },
            CancellationToken.None
        );
        return completion.Task;
    }

    /// <summary>Carries out what is queued and ends the thread.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
            _jobs.Dispose();
        }
    }

    private void Work()
    {
        foreach (Action job in _jobs.GetConsumingEnumerable())
        {
            job();
        }
    }
}
