using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Pipelines;

/// <summary>
/// What a pipeline last came to. A trouble is said in the log when it begins or changes and each minute while it lasts, with
/// the number of requests that failed, and so is its end. Thread-safe.
/// </summary>
internal sealed partial class PipelineWatch(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_reminder = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _workedAt;
    private string? _trouble;
    private string? _damage;
    private long _saidAt;
    private long _failedSinceSaid;
    private long _failed;

    /// <summary>Why the last batch failed; null where it did not.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>Damage that a request has met since the process began; it does not mend itself.</summary>
    public string? Damage => Volatile.Read(ref _damage);

    /// <summary>The last batch went through, and that is not longer ago.</summary>
    public bool HasWorkedWithin(TimeSpan span) =>
        Trouble is null && Volatile.Read(ref _workedAt) is var at and not 0 && time.GetElapsedTime(at) < span;

    /// <summary>A batch went through.</summary>
    public void Worked()
    {
        Volatile.Write(ref _workedAt, time.GetTimestamp());
        if (Trouble is null)
        {
            return;
        }

        long count;
        lock (_gate)
        {
            if (_trouble is null)
            {
                return;
            }

            Volatile.Write(ref _trouble, null);
            (count, _failed, _failedSinceSaid) = (_failed, 0, 0);
        }

        LogWorksAgain(logger, count);
    }

    /// <summary>So many requests failed together. One that was refused is no trouble of the database's.</summary>
    public void Failed(in StorageFailure failure, int requests)
    {
        if (failure.Kind == FailureKind.Damage)
        {
            Met(failure, requests);
        }
        else if (failure.Kind != FailureKind.Refused)
        {
            Begin(failure.Sentence, requests);
        }
    }

    private void Met(in StorageFailure failure, int requests)
    {
        StorageInstruments.Damaged.Add(requests, new KeyValuePair<string, object?>("code", failure.Code));
        bool says;
        lock (_gate)
        {
            _failedSinceSaid += requests;
            says = _damage is null || time.GetElapsedTime(_saidAt) >= s_reminder;
            Volatile.Write(ref _damage, failure.Sentence);
            requests = Said(says, requests);
        }

        if (says)
        {
            LogDamage(logger, failure.Sentence, requests);
        }
    }

    private void Begin(string sentence, int requests)
    {
        bool says;
        lock (_gate)
        {
            _failed += requests;
            _failedSinceSaid += requests;
            says = _trouble != sentence || time.GetElapsedTime(_saidAt) >= s_reminder;
            Volatile.Write(ref _trouble, sentence);
            requests = Said(says, requests);
        }

        if (says)
        {
            LogTrouble(logger, sentence, requests);
        }
    }

    private int Said(bool says, int requests)
    {
        if (says)
        {
            requests = (int)Math.Min(_failedSinceSaid, int.MaxValue);
            _failedSinceSaid = 0;
            _saidAt = time.GetTimestamp();
        }

        return requests;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Sentence} {Count} requests failed; what fails is told in one line a minute.")]
    private static partial void LogTrouble(ILogger logger, string sentence, int count);

    [LoggerMessage(3, LogLevel.Warning, "Storage works again; {Count} requests failed meanwhile.")]
    private static partial void LogWorksAgain(ILogger logger, long count);

    [LoggerMessage(4, LogLevel.Error, "{Sentence} {Count} requests met it.")]
    private static partial void LogDamage(ILogger logger, string sentence, int count);
}
