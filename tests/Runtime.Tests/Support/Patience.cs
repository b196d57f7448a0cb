namespace Customer360.Runtime.Tests.Support;

/// <summary>How long a test waits for what must happen; only a broken engine waits this long.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    public static Task WithinLimit(this Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.WaitAsync(Limit);
    }

    public static Task<T> WithinLimit<T>(this Task<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.WaitAsync(Limit);
    }

    /// <summary>Waits until the task has ended, in whichever way.</summary>
    public static async Task EndedWithinLimit(this Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        await task.WaitAsync(Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!task.IsCompleted)
        {
            throw new TimeoutException("The task has not ended.");
        }
    }
}
