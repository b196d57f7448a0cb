using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Storage.Tests.Databases;

/// <summary>A fresh database for one test class, and the storage opened on it.</summary>
public abstract class TestDatabase : IAsyncLifetime
{
    private GridStorage? _storage;
    private int _partition;

    /// <summary>What the storage logged: scanned for personal data.</summary>
    public RecordingLogger Logger { get; } = new();

    public GridStorage Storage => _storage ?? throw new InvalidOperationException("The database is not open.");

    public IEventLog Log => Storage.EventLog;

    /// <summary>A partition that no other test of the class uses.</summary>
    public int NewPartition() => Interlocked.Increment(ref _partition);

    public virtual async Task InitializeAsync() => _storage = await OpenAsync();

    public virtual async Task DisposeAsync()
    {
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
    }

    /// <summary>Closes the storage and opens it anew on the same data, as a restart of the process does.</summary>
    public async Task ReopenAsync()
    {
        await Storage.DisposeAsync();
        _storage = await OpenAsync();
    }

    /// <summary>Opens the storage anew after a test has closed it.</summary>
    public async Task InitializeAgainAsync() => _storage = await OpenAsync();

    /// <summary>Makes a storage on the data without initializing it.</summary>
    internal abstract GridStorage Create(TimeSpan? startTimeout = null);

    /// <summary>Fails a statement of a shared transaction for a reason that the storage can't foresee.</summary>
    public abstract Task FailUnexpectedlyAsync();

    private async Task<GridStorage> OpenAsync()
    {
        GridStorage opened = Create();
        await opened.InitializeAsync(CancellationToken.None);
        return opened;
    }
}

/// <summary>Keeps what is logged.</summary>
public sealed class RecordingLogger : ILogger
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        lock (_lines)
        {
            _lines.Add(formatter(state, exception) + exception);
        }
    }
}
