using Customer360.Rules.Ports;

namespace Customer360.Storage.Pipelines;

/// <summary>What kind of trouble an exception of a database is.</summary>
internal enum FailureKind
{
    /// <summary>The database is away or can't write: nobody's fault, and it passes.</summary>
    Outage,

    /// <summary>A lock conflict with another process: worth another try.</summary>
    Conflict,

    /// <summary>The database refused this very request, or our own code failed on it.</summary>
    Refused,

    /// <summary>What this request needs is damaged; others may go through. Waiting does not help.</summary>
    Damage,
}

/// <summary>A classified failure.</summary>
/// <param name="Kind">What kind of trouble it is.</param>
/// <param name="Code">Names it without any stored value (SQLSTATE, SQLite code).</param>
/// <param name="Cause">
/// What is wrong and what to do, in a sentence or two for an operator: no stored value, no place, no password, since anybody
/// who asks whether the process is ready is shown it. Null: only the code is known.
/// </param>
internal readonly record struct StorageFailure(FailureKind Kind, string Code, string? Cause = null)
{
    public string Sentence => Cause is null ? $"Storage does not answer ({Code})." : $"{Cause} ({Code})";

    /// <summary>What the caller of a request that failed so is told.</summary>
    public Exception ToException() =>
        Kind switch
        {
            FailureKind.Refused => new InvalidOperationException($"The database refused the request ({Code})."),
            FailureKind.Damage => new StorageDamagedException(Sentence),
            _ => new StorageUnavailableException(Sentence),
        };
}
