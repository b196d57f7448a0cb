using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Where grain states live. Register one as a keyed service under its storage name.</summary>
/// <remarks>
/// Called inside the grain's turn; implementations may batch, and may complete on any thread. A write with a stale ETag
/// must throw <see cref="InconsistentStateException"/>. If there is no record, a read sets a new state, no ETag and
/// RecordExists = false.
/// </remarks>
public interface IGrainStorage
{
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    Task ReadStateAsync<T>(
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken
    ) => ReadStateAsync(stateName, grainId, grainState);

    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    Task WriteStateAsync<T>(
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken
    ) => WriteStateAsync(stateName, grainId, grainState);

    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    Task ClearStateAsync<T>(
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken
    ) => ClearStateAsync(stateName, grainId, grainState);
}

/// <summary>
/// The stored version is not the one that was read: another writer was faster. When it escapes a call, the activation that
/// it came from is dropped, so that the next call reads anew.
/// </summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException() { }

    public InconsistentStateException(string message)
        : base(message) { }

    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException) { }

    public InconsistentStateException(
        string errorMsg,
        string? storedEtag,
        string? currentEtag,
        Exception? storageException
    )
        : base(errorMsg, storageException)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null) { }

    public InconsistentStateException(string? storedEtag, string? currentEtag, Exception storageException)
        : this(storageException.Message, storedEtag, currentEtag, storageException) { }

    /// <summary>The version in the storage.</summary>
    [Id(1)]
    public string? StoredEtag { get; private set; }

    /// <summary>The version that the writer had read.</summary>
    [Id(2)]
    public string? CurrentEtag { get; private set; }

    /// <summary>True until the activation that it came from was dropped, so that callers up the chain stay.</summary>
    [Id(0)]
    internal bool IsSourceActivation { get; set; } = true;
}
