using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Customer360.Api.Collect;

/// <summary>
/// Bounds what is under way at once, so memory stays flat whatever arrives, and shares it out, so that no caller shuts out
/// another. Thread-safe.
/// </summary>
/// <remarks>
/// A caller may have no more under way than what would still be free: one alone gets half of everything, a second a quarter,
/// and whoever has little is let in while anything is left. Those who have shown no key are one more such caller together,
/// and share what is left to them in the same way by network. So keys are never shut out by strangers, and a stranger never
/// by another network.
/// </remarks>
public sealed class IntakeGate(CollectOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IntakeCaller, IntakeUse> _callers = [];
    private IntakeUse _all;
    private IntakeUse _guests;

    /// <summary>Requests under way.</summary>
    public int Requests
    {
        get
        {
            lock (_lock)
            {
                return _all.Requests;
            }
        }
    }

    /// <summary>Bytes of bodies under way.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _all.Bytes;
            }
        }
    }

    /// <summary>Takes a place for a request; false where there is none. Dispose the place when the request is answered.</summary>
    /// <param name="caller">Who is known to ask.</param>
    /// <param name="bytes">What the first part of its body may take.</param>
    /// <param name="place">The place.</param>
    public bool TryEnter(IntakeCaller caller, int bytes, [NotNullWhen(true)] out IntakePlace? place)
    {
        var wanted = new IntakeUse(bytes, 1);
        lock (_lock)
        {
            if (!Fits(caller, wanted, own: default))
            {
                place = null;
                return false;
            }

            Add(caller, wanted);
        }

        place = new IntakePlace(this, caller, bytes);
        return true;
    }

    /// <summary>Takes more bytes for a request that is under way.</summary>
    internal bool TryGrow(IntakeCaller caller, int held, int more)
    {
        lock (_lock)
        {
            // Its place it has, and only bytes are asked for. Those it has count as free for it: alone it may have everything.
            bool fits = Fits(caller, new IntakeUse(more, 0), own: new IntakeUse(held, options.RequestsInFlightMax));
            if (fits)
            {
                Add(caller, new IntakeUse(more, 0));
            }

            return fits;
        }
    }

    /// <summary>Counts a request as another caller's from now on; false where that one has too much under way.</summary>
    internal bool TryMove(IntakeCaller from, IntakeCaller to, int held)
    {
        var moved = new IntakeUse(held, 1);
        lock (_lock)
        {
            Add(from, -moved);
            bool fits = Fits(to, moved, own: default);
            Add(fits ? to : from, moved);
            return fits;
        }
    }

    internal void Leave(IntakeCaller caller, int held)
    {
        lock (_lock)
        {
            Add(caller, -new IntakeUse(held, 1));
        }
    }

    private bool Fits(IntakeCaller caller, IntakeUse more, IntakeUse own)
    {
        IntakeUse free = new IntakeUse(options.BytesInFlightMax, options.RequestsInFlightMax) - _all;
        if (!more.FitsIn(free))
        {
            return false;
        }

        IntakeUse held = _callers.GetValueOrDefault(caller);
        IntakeUse left = caller.IsGuest ? free - _guests + own : free;
        return (held + more).FitsIn(left + own);
    }

    private void Add(IntakeCaller caller, IntakeUse more)
    {
        _all += more;
        if (caller.IsGuest)
        {
            _guests += more;
        }

        ref IntakeUse held = ref CollectionsMarshal.GetValueRefOrAddDefault(_callers, caller, out _);
        held += more;
        if (held.Requests == 0)
        {
            // As many are remembered as have something under way.
            _callers.Remove(caller);
        }
    }
}
