using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Customer360.EmbeddedEngine.Storage;

/// <summary>
/// Keeps states in memory, as JSON, so that a state read is never the object that was written. For tests and for data
/// that may be lost.
/// </summary>
public sealed class MemoryGrainStorage(JsonSerializerOptions? serializerOptions = null) : IGrainStorage
{
    private readonly ConcurrentDictionary<(string StateName, GrainId GrainId), Record> _records = new();
    private long _version;

    /// <inheritdoc />
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        if (_records.TryGetValue((stateName, grainId), out var record))
        {
            grainState.State = JsonSerializer.Deserialize<T>(record.Json, serializerOptions);
            grainState.ETag = record.ETag;
            grainState.RecordExists = true;
        }
        else
        {
            Empty(grainState);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var key = (stateName, grainId);
        var record = new Record(
            JsonSerializer.SerializeToUtf8Bytes(grainState.State, serializerOptions),
            Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture)
        );
        var isWritten = grainState.ETag is null
            ? _records.TryAdd(key, record)
            : _records.TryGetValue(key, out var stored)
                && stored.ETag == grainState.ETag
                && _records.TryUpdate(key, record, stored);
        if (!isWritten)
        {
            return Task.FromException(Conflict("write", key, grainState.ETag));
        }

        grainState.ETag = record.ETag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var key = (stateName, grainId);
        if (_records.TryGetValue(key, out var stored))
        {
            var isCleared =
                stored.ETag == grainState.ETag
                && ((ICollection<KeyValuePair<(string, GrainId), Record>>)_records).Remove(new(key, stored));
            if (!isCleared)
            {
                return Task.FromException(Conflict("clear", key, grainState.ETag));
            }
        }

        Empty(grainState);
        return Task.CompletedTask;
    }

    private static void Empty<T>(IGrainState<T> grainState)
    {
        grainState.State = Runtime.StateDefaults<T>.Make();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private InconsistentStateException Conflict(
        string operation,
        (string StateName, GrainId GrainId) key,
        string? etag
    ) =>
        new(
            $"Cannot {operation} state \"{key.StateName}\" of grain {key.GrainId}: it was changed by another writer.",
            _records.TryGetValue(key, out var stored) ? stored.ETag : null,
            etag
        );

    private sealed record Record(byte[] Json, string ETag);
}
