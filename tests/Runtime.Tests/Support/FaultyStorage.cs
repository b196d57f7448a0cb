using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Storage;

namespace Customer360.Runtime.Tests.Support;

/// <summary>
/// Grain storage in memory that outlives the host, checks ETags, and fails where a test says. It is written against
/// <see cref="IGrainStorage"/>, so both runtimes use the very same one. Grains are named by their key.
/// </summary>
public sealed class FaultyStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string State, string Key), Row> _rows = new();
    private readonly ConcurrentDictionary<string, Exception> _readFaults = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Exception> _writeFaults = new(StringComparer.Ordinal);
    private long _version;

    public void FailNextRead(string key, Exception exception) => _readFaults[key] = exception;

    public void FailNextWrite(string key, Exception exception) => _writeFaults[key] = exception;

    /// <summary>Writes as another writer would: behind the activation's back.</summary>
    public void Overwrite<T>(string stateName, string key, T state) =>
        _rows[(stateName, key)] = new Row(JsonSerializer.Serialize(state), NextEtag());

    public T? Stored<T>(string stateName, string key) =>
        _rows.TryGetValue((stateName, key), out var row) ? JsonSerializer.Deserialize<T>(row.Json) : default;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var key = KeyOf(grainId);
        if (_readFaults.TryRemove(key, out var fault))
        {
            return Task.FromException(fault);
        }

        if (_rows.TryGetValue((stateName, key), out var row))
        {
            grainState.State = JsonSerializer.Deserialize<T>(row.Json)!;
            grainState.ETag = row.Etag;
            grainState.RecordExists = true;
        }
        else
        {
            Forget(grainState);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var key = KeyOf(grainId);
        if (_writeFaults.TryRemove(key, out var fault))
        {
            return Task.FromException(fault);
        }

        var row = new Row(JsonSerializer.Serialize(grainState.State), NextEtag());
        var expected = grainState.ETag;
        var won = _rows.TryGetValue((stateName, key), out var stored)
            ? stored.Etag == expected && _rows.TryUpdate((stateName, key), row, stored)
            : expected is null && _rows.TryAdd((stateName, key), row);
        if (!won)
        {
            return Task.FromException(new InconsistentStateException("Lost the race.", stored?.Etag, expected));
        }

        grainState.ETag = row.Etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var key = KeyOf(grainId);
        if (_rows.TryGetValue((stateName, key), out var stored) && stored.Etag != grainState.ETag)
        {
            return Task.FromException(new InconsistentStateException("Lost the race.", stored.Etag, grainState.ETag));
        }

        _rows.TryRemove((stateName, key), out _);
        Forget(grainState);
        return Task.CompletedTask;
    }

    private static void Forget<T>(IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static string KeyOf(GrainId grainId) => grainId.Key.ToString()!;

    private string NextEtag() => Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);

    private sealed record Row(string Json, string Etag);
}
