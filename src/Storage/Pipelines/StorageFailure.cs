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
}

/// <summary>A classified failure. <paramref name="Code"/> names it without any stored value (SQLSTATE, SQLite code).</summary>
internal readonly record struct StorageFailure(FailureKind Kind, string Code);
