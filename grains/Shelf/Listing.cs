using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>
/// What one activation publishes under one set of names. It shows a profile, or shows nothing while its customer changes, or is
/// void: then it shows nothing ever again. One reference holds the state, so all names change with it at once.
/// </summary>
/// <param name="keys">The customer's own name first, then its identifiers.</param>
/// <param name="term">Under which the customer last answered a grain call.</param>
internal sealed class Listing(ImmutableArray<Identifier> keys, long term)
{
    private static readonly object s_down = new();
    private static readonly object s_void = new();
    private object _state = s_down;
    private long _term = term;
    private bool _isRead;

    public ImmutableArray<Identifier> Keys { get; } = keys;

    public long Term => Volatile.Read(ref _term);

    public bool IsVoid => ReferenceEquals(Volatile.Read(ref _state), s_void);

    /// <summary>What its owner shows, under whatever term.</summary>
    public PublishedProfile? Profile => Volatile.Read(ref _state) as PublishedProfile;

    /// <summary>What a reader may see.</summary>
    public PublishedProfile? ProfileIn(long term)
    {
        if (term != Volatile.Read(ref _term) || Profile is not { } profile)
        {
            return null;
        }

        if (!_isRead)
        {
            // Written once between two rounds of eviction: readers on all processors share this line of memory.
            _isRead = true;
        }

        return profile;
    }

    /// <summary>True where it was read since this was last asked.</summary>
    public bool WasRead()
    {
        bool wasRead = _isRead;
        _isRead = false;
        return wasRead;
    }

    /// <summary>The customer answers a grain call under this term, so what it shows counts under it.</summary>
    public void Confirm(long term) => Volatile.Write(ref _term, term);

    public void Show(PublishedProfile profile)
    {
        if (!Become(profile))
        {
            profile.Drop();
        }
    }

    public void TakeDown() => Become(s_down);

    /// <summary>True for the one call that made it void.</summary>
    public bool MakeVoid()
    {
        object before = Interlocked.Exchange(ref _state, s_void);
        (before as PublishedProfile)?.Drop();
        return !ReferenceEquals(before, s_void);
    }

    private bool Become(object next)
    {
        object before = Volatile.Read(ref _state);
        while (!ReferenceEquals(before, s_void))
        {
            object found = Interlocked.CompareExchange(ref _state, next, before);
            if (ReferenceEquals(found, before))
            {
                (before as PublishedProfile)?.Drop();
                return true;
            }

            before = found;
        }

        return false;
    }
}
