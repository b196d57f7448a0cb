namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// Knows the requests whose callers still wait, and ends their wait when its time is over. Costs an array store per call,
/// no timer and no lock.
/// </summary>
/// <remarks>
/// Each thread that sends has a ring of its latest requests. Almost all of them are answered before the ring comes round;
/// those that are not move to the engine's list. Every tick of the clock the rings and the list are looked through: what
/// is answered is forgotten, what is new gets its deadline, what is too late is failed. A thread writes its own slots; the sweep clears a slot only by
/// compare-and-swap with the answered request it saw there, so it can never lose a newer one. Rings outlive engines, so a
/// sweep only touches the requests of its own engine.
/// </remarks>
internal sealed class ResponseTimeouts(GrainEngine engine)
{
    private const int RingSize = 256;
    private static readonly List<Ring> s_rings = [];

    [ThreadStatic]
    private static Ring? s_ring;

    private readonly Lock _lock = new();
    private readonly List<GrainRequest> _slow = [];

    /// <summary>Begins to watch a request that is about to be sent.</summary>
    public static void Watch(GrainRequest request)
    {
        var ring = s_ring ?? MakeRing();
        var slots = ring.Slots;
        var index = ring.Next++ & (RingSize - 1);
        ref var slot = ref slots[index];
        var previous = slot;
        Volatile.Write(ref slot, request);
        if (previous is not null && !previous.IsSettled)
        {
            previous.Target.Binding.Engine.Timeouts.Keep(previous);
        }
    }

    /// <summary>Fails what is too late. Called by the clock, one call at a time.</summary>
    public void Sweep(long nowMs)
    {
        List<GrainRequest>? late = null;
        lock (_lock)
        {
            var kept = 0;
            for (var index = 0; index < _slow.Count; index++)
            {
                var request = _slow[index];
                if (request.IsSettled)
                {
                    continue;
                }

                if (IsLate(request, nowMs))
                {
                    (late ??= []).Add(request);
                    continue;
                }

                _slow[kept++] = request;
            }

            _slow.RemoveRange(kept, _slow.Count - kept);
            if (_slow.Capacity > 1024 && _slow.Count * 8 < _slow.Capacity)
            {
                _slow.Capacity = _slow.Count * 2;
            }
        }

        Ring[] rings;
        lock (s_rings)
        {
            s_rings.RemoveAll(static ring => ring.IsAbandoned);
            rings = s_rings.ToArray();
        }

        foreach (var ring in rings)
        {
            SweepRing(ring, nowMs, ref late);
        }

        foreach (var request in late ?? [])
        {
            engine.FailLate(request);
        }
    }

    /// <summary>Fails every request that is still waited for; at the engine's end.</summary>
    public void FailAll() => Sweep(long.MaxValue);

    private static Ring MakeRing()
    {
        var ring = new Ring();
        lock (s_rings)
        {
            s_rings.Add(ring);
        }

        s_ring = ring;
        return ring;
    }

    private void SweepRing(Ring ring, long nowMs, ref List<GrainRequest>? late)
    {
        // Oldest first, so that a repeated run fails them in the same order.
        var start = Volatile.Read(ref ring.Next);
        for (var offset = 0; offset < RingSize; offset++)
        {
            ref var slot = ref ring.Slots[(start + offset) & (RingSize - 1)];
            var request = Volatile.Read(ref slot);
            if (request is null || !ReferenceEquals(request.Target.Binding.Engine, engine))
            {
                continue;
            }

            if (request.IsSettled)
            {
                Interlocked.CompareExchange(ref slot, null, request);
            }
            else if (IsLate(request, nowMs))
            {
                (late ??= []).Add(request);
            }
        }
    }

    // The wait is counted from the first sweep that sees the request. So sending reads no clock, and a clock that stood
    // still for a while (a debugger, a paused machine) ends no wait too early; it ends up to two ticks late.
    private bool IsLate(GrainRequest request, long nowMs)
    {
        if (nowMs != long.MaxValue && request.DeadlineMs == 0)
        {
            var timeout = engine.TimeoutOf(request);
            request.DeadlineMs =
                timeout < TimeSpan.Zero ? long.MaxValue : nowMs + Math.Max(1, (long)timeout.TotalMilliseconds);
        }

        return request.DeadlineMs <= nowMs;
    }

    private void Keep(GrainRequest request)
    {
        lock (_lock)
        {
            _slow.Add(request);
        }
    }

    private sealed class Ring
    {
        private readonly Thread _thread = Thread.CurrentThread;

        public GrainRequest?[] Slots { get; } = new GrainRequest?[RingSize];

        public int Next;

        /// <summary>Its thread has ended and all its requests are answered.</summary>
        public bool IsAbandoned =>
            !_thread.IsAlive && Array.TrueForAll(Slots, static slot => slot is null or { IsSettled: true });
    }
}
