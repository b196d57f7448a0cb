using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Tests.Support;

/// <summary>Says when a faulty store fails: before or after the write reached the disk. The caller can't tell which.</summary>
public enum FaultKind
{
    BeforeCommit,
    AfterCommit,
}

/// <summary>Which writes of a test's grid fail.</summary>
public sealed class Faults
{
    private readonly Lock _gate = new();
    private int _writes;
    private bool _isDead;
    private bool _isCutOff;
    private bool _countsBeside;
    private Func<int, FaultKind?> _plan = _ => null;
    private Func<string, Task> _beforeRead = _ => Task.CompletedTask;
    private Func<int, Task> _beforeWrite = _ => Task.CompletedTask;
    private Func<int, Task> _beforeAppend = _ => Task.CompletedTask;
    private Func<int, Task> _afterAppend = _ => Task.CompletedTask;
    private int _finds;

    /// <summary>Writes counted since the last plan.</summary>
    public int Writes
    {
        get
        {
            lock (_gate)
            {
                return _writes;
            }
        }
    }

    /// <summary>The plan is asked for every write, with its number from 1.</summary>
    /// <param name="countsBeside">
    /// True: also for what is written beside messages, a moment later (what is counted of them). Otherwise that would take the
    /// numbers of the writes that a test is about.
    /// </param>
    public void Plan(Func<int, FaultKind?> plan, bool countsBeside = false)
    {
        lock (_gate)
        {
            _plan = plan;
            _writes = 0;
            _isCutOff = false;
            _countsBeside = countsBeside;
        }
    }

    /// <summary>What every write waits for, with its number from 1.</summary>
    public void OnWrite(Func<int, Task> before)
    {
        lock (_gate)
        {
            _beforeWrite = before;
            _writes = 0;
        }
    }

    /// <summary>True between the process's death and the healing: the event log takes nothing either.</summary>
    public bool IsDead
    {
        get
        {
            lock (_gate)
            {
                return _isDead;
            }
        }
    }

    /// <summary>From now on no state and no decision reaches the disk.</summary>
    public void CutOff()
    {
        lock (_gate)
        {
            Plan(_ => FaultKind.BeforeCommit);
            _isCutOff = true;
        }
    }

    /// <summary>From now on nothing reaches the disk, as after a crash.</summary>
    public void Die()
    {
        lock (_gate)
        {
            _isDead = true;
        }

        CutOff();
    }

    public void Heal()
    {
        lock (_gate)
        {
            _isDead = false;
        }

        Plan(_ => null);
        OnWrite(_ => Task.CompletedTask);
        BeforeRead(_ => Task.CompletedTask);
        OnAppend();
    }

    /// <summary>Looks for messages by their id.</summary>
    public int Finds => Volatile.Read(ref _finds);

    public void CountFind() => Interlocked.Increment(ref _finds);

    /// <summary>What an append of a partition waits for or fails with, before or after it has reached the disk.</summary>
    public void OnAppend(Func<int, Task>? before = null, Func<int, Task>? after = null)
    {
        lock (_gate)
        {
            _beforeAppend = before ?? (_ => Task.CompletedTask);
            _afterAppend = after ?? (_ => Task.CompletedTask);
        }
    }

    public async Task<T> Append<T>(int partition, Func<Task<T>> append)
    {
        Func<int, Task> before;
        Func<int, Task> after;
        lock (_gate)
        {
            (before, after) = (_beforeAppend, _afterAppend);
        }

        await before(partition);
        T result = await append();
        await after(partition);
        return result;
    }

    /// <summary>States with such keys can't be read.</summary>
    public void Refuse(Func<string, bool> keys, Func<Exception> error) =>
        BeforeRead(key => keys(key) ? Task.FromException(error()) : Task.CompletedTask);

    /// <summary>Reads of states with such keys don't come back until the task is done.</summary>
    public void Hold(Func<string, bool> keys, Task until) => BeforeRead(key => keys(key) ? until : Task.CompletedTask);

    public Task Read(string key)
    {
        lock (_gate)
        {
            return _beforeRead(key);
        }
    }

    private void BeforeRead(Func<string, Task> beforeRead)
    {
        lock (_gate)
        {
            _beforeRead = beforeRead;
        }
    }

    public async Task<T> Write<T>(Func<Task<T>> write, bool isBeside = false)
    {
        FaultKind? fault;
        Task before;
        lock (_gate)
        {
            bool isCounted = !isBeside || _countsBeside;
            fault =
                isCounted ? _plan(++_writes)
                : _isCutOff ? FaultKind.BeforeCommit
                : null;
            before = isCounted ? _beforeWrite(_writes) : Task.CompletedTask;
        }

        await before;
        if (fault == FaultKind.BeforeCommit)
        {
            throw new StorageUnavailableException("Planned by the test, before the commit.");
        }

        T result = await write();
        return fault == FaultKind.AfterCommit
            ? throw new StorageUnavailableException("Planned by the test, after the commit.")
            : result;
    }
}

/// <summary>A state store that fails where the test says.</summary>
public sealed class FaultyStateStore(IGrainStateStore inner, Faults faults) : IGrainStateStore
{
    public async Task<StoredState?> ReadAsync(string kind, string key, CancellationToken cancellationToken)
    {
        await faults.Read(key);
        return await inner.ReadAsync(kind, key, cancellationToken);
    }

    public Task<long?> WriteAsync(
        string kind,
        string key,
        ReadOnlyMemory<byte> json,
        long expectedVersion,
        StateCompanions with,
        CancellationToken cancellationToken
    ) =>
        faults.Write(() => inner.WriteAsync(kind, key, json, expectedVersion, with, cancellationToken), IsBeside(kind));

    public Task<bool> ClearAsync(string kind, string key, long expectedVersion, CancellationToken cancellationToken) =>
        faults.Write(() => inner.ClearAsync(kind, key, expectedVersion, cancellationToken), IsBeside(kind));

    /// <summary>What is counted of messages is told with the checkpoint, whenever that comes.</summary>
    private static bool IsBeside(string kind) =>
        kind
            is GrainKeys.QualityHourState
                or GrainKeys.QualityCheckState
                or GrainKeys.QualityMonitorState
                or GrainKeys.SourceActivityState;
}

/// <summary>A decision log that fails where the test says.</summary>
public sealed class FaultyDecisionLog(IDecisionLog inner, Faults faults) : IDecisionLog
{
    public Task AppendAsync(ImmutableArray<DecisionRecord> decisions, CancellationToken cancellationToken) =>
        faults.Write(async () =>
        {
            await inner.AppendAsync(decisions, cancellationToken);
            return true;
        });

    public Task<DecisionRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        inner.FindAsync(id, cancellationToken);

    public Task<ImmutableArray<DecisionRecord>> ReadAsync(
        string customerId,
        DecisionCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => inner.ReadAsync(customerId, after, limit, cancellationToken);
}
