using System.Collections.Concurrent;

namespace Customer360.Api.Changes;

/// <summary>Bounds the streams that are open in this process: all, and those of one caller.</summary>
internal sealed class OpenStreams(ChangesOptions options)
{
    private readonly ConcurrentDictionary<string, int> _callers = new(StringComparer.Ordinal);
    private int _open;

    /// <summary>A place for one more; null where there is none. It is given back when it is disposed.</summary>
    public IDisposable? Enter(string caller)
    {
        if (Interlocked.Increment(ref _open) > options.StreamsMax)
        {
            Interlocked.Decrement(ref _open);
            return null;
        }

        int own = _callers.AddOrUpdate(caller, 1, static (_, count) => count + 1);
        var place = new Place(this, caller);
        if (own <= options.StreamsPerCallerMax)
        {
            return place;
        }

        place.Dispose();
        return null;
    }

    private void Leave(string caller)
    {
        Interlocked.Decrement(ref _open);
        _callers.AddOrUpdate(caller, 0, static (_, count) => count - 1);
        // Whoever has none is forgotten; one who comes at this moment keeps hers, since hers is no zero.
        _callers.TryRemove(new KeyValuePair<string, int>(caller, 0));
    }

    private sealed class Place(OpenStreams owner, string caller) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                owner.Leave(caller);
            }
        }
    }
}
