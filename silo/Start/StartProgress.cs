using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Start;

/// <summary>How far the start of this process has come: what it waits for, whether it is done, or why it can't be.</summary>
public sealed partial class StartProgress(TimeProvider time, ILogger<StartProgress> logger)
{
    // Said when the reason changes, and now and then while it does not.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _said;
    private long _saidAt;

    /// <summary>
    /// While the start is under way what it does, in a sentence without addresses or values; else null. A host that starts its
    /// services one after another has nothing to say here: it answers nobody before it has started.
    /// </summary>
    public string? Waiting { get; private set; }

    /// <summary>Ends with the start; fails with what ended it.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Says what the start waits for, and why as far as that is known.</summary>
    /// <param name="sentence">Shown to anybody who asks whether this process is ready.</param>
    /// <param name="cause">For the log alone.</param>
    internal void WaitFor(string sentence, string? cause)
    {
        string said = cause is null ? sentence : $"{sentence} {cause}";
        lock (_gate)
        {
            Waiting = Waiting is null ? null : sentence;
            if (said == _said && time.GetElapsedTime(_saidAt) < s_pause)
            {
                return;
            }

            _said = said;
            _saidAt = time.GetTimestamp();
        }

        LogWaiting(logger, said);
    }

    /// <summary>What the start does now; not worth a line in the log.</summary>
    internal void Doing(string sentence)
    {
        lock (_gate)
        {
            Waiting = Waiting is null ? null : sentence;
        }
    }

    internal void Begin()
    {
        lock (_gate)
        {
            Waiting = "The grid is starting.";
        }
    }

    internal void Complete()
    {
        lock (_gate)
        {
            Waiting = null;
        }

        _completion.TrySetResult();
    }

    internal void Fail(Exception error)
    {
        _completion.TrySetException(error);

        // Whoever started the start reads it there; where nobody does, it was said all the same.
        _ = _completion.Task.Exception;
    }

    [LoggerMessage(330, LogLevel.Warning, "{Sentence}")]
    private static partial void LogWaiting(ILogger logger, string sentence);
}
