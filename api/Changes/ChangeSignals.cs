using System.Collections.Concurrent;
using System.Threading.Channels;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Changes;

/// <summary>Wakes the open streams that a hint concerns.</summary>
internal sealed class ChangeSignals : IChangeListener
{
    private readonly ConcurrentDictionary<ChangeSignal, bool> _signals = new();

    public ChangeSignal Open() => new(this);

    public void Hear(ChangeHint hint)
    {
        if (_signals.IsEmpty)
        {
            return;
        }

        HashSet<string> customers = new(hint.Customers, StringComparer.Ordinal);
        foreach (ChangeSignal signal in _signals.Keys)
        {
            if (
                signal.CustomerId is not { } customer
                    ? hint.IsOfAudiences
                    : hint.IsOfEverybody || customers.Contains(customer)
            )
            {
                signal.Wake();
            }
        }
    }

    internal void Add(ChangeSignal signal) => _signals[signal] = true;

    internal void Remove(ChangeSignal signal) => _signals.TryRemove(signal, out _);
}

/// <summary>
/// A stream's own bell. However often it rings, there is one thing to do: to look again. So it holds one ring, and a slow reader costs no memory.
/// </summary>
internal sealed class ChangeSignal : IDisposable
{
    private readonly ChangeSignals _owner;
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );
    private string? _customerId;

    public ChangeSignal(ChangeSignals owner)
    {
        _owner = owner;
        owner.Add(this);
    }

    /// <summary>Whose changes ring it; null: those of audiences.</summary>
    public string? CustomerId
    {
        get => Volatile.Read(ref _customerId);
        set => Volatile.Write(ref _customerId, value);
    }

    public void Wake() => _rings.Writer.TryWrite(true);

    /// <summary>True where it rang; false where nothing did for so long, or the stream is to end.</summary>
    public async Task<bool> Wait(TimeSpan most, TimeProvider time, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            return await _rings.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _owner.Remove(this);
}
