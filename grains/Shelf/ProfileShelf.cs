using System.Collections.Concurrent;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="IProfileShelf"/>
/// <remarks>
/// <para>
/// A reader sees what a read-only call to the customer would have shown at that moment, and README.md beside this file says why.
/// What is missing is only missing: whoever finds nothing asks the grains. So it may forget anything at any time, and does
/// so when it holds too much.
/// </para>
/// <para>
/// Readers and activations use it from all threads at once. A name leads to a <see cref="Listing"/>, which belongs to one
/// activation; a name is only taken away by comparison with that listing, so an activation never takes down what another
/// has put up.
/// </para>
/// </remarks>
public sealed class ProfileShelf(IShelfTenure tenure, IOptions<ShelfOptions> options, TimeProvider time)
    : IProfileShelf,
        IRenderedBytes
{
    private readonly ConcurrentDictionary<Identifier, Listing> _listings = new();
    private Action<string?>? _tell;
    private IEnumerator<KeyValuePair<Identifier, Listing>>? _hand;
    private long _entries;
    private long _bytes;
    private int _isTrimming;

    /// <summary>Names that lead to a listing.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>Bytes of rendered profiles.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal long Term => tenure.Term;

    public PublishedProfile? Find(Identifier identifier) =>
        _listings.TryGetValue(identifier, out Listing? listing)
        && tenure.Term is var term and not IShelfTenure.None
        && listing.ProfileIn(term) is { } profile
        && (profile.View.Consent.ValidUntil is null || !profile.HasEnded(time.GetUtcNow()))
            ? profile
            : null;

    /// <summary>
    /// An activation of a customer begins: whatever an earlier one left here is void, since it answers no grain call any more.
    /// </summary>
    public ShelfPlace Enter(string customerId)
    {
        var self = Identifier.Create(IProfileShelf.CustomerType, customerId);
        if (_listings.TryGetValue(self, out Listing? earlier))
        {
            Remove(earlier);
        }

        return new ShelfPlace(this, self);
    }

    /// <summary>From now on somebody is told who may not be as before; the one who watched before no longer is.</summary>
    /// <param name="tell">Gets a customer's id, or null for the members of audiences. It is called from any thread, and must not wait.</param>
    public void Watch(Action<string?> tell) => Volatile.Write(ref _tell, tell);

    public void Kept(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        if (bytes > 0)
        {
            Trim();
        }
    }

    internal void Tell(string? customerId) => Volatile.Read(ref _tell)?.Invoke(customerId);

    /// <summary>Puts a listing up under all its names, in place of whatever its customer had here.</summary>
    internal void Put(Listing next)
    {
        Identifier self = next.Keys[0];
        while (!_listings.TryAdd(self, next))
        {
            if (_listings.TryGetValue(self, out Listing? earlier))
            {
                Remove(earlier);
            }
        }

        PutUnderIdentifiers(next);
    }

    /// <summary>
    /// The same for an activation whose listing shows nothing while it changes; false where that listing is void by now.
    /// </summary>
    internal bool TryPutInPlaceOf(Listing before, Listing next)
    {
        if (!_listings.TryUpdate(next.Keys[0], next, before))
        {
            return false;
        }

        Remove(before);
        PutUnderIdentifiers(next);
        return true;
    }

    /// <summary>
    /// The last step of whoever has put a listing up: if it became void meanwhile, the names that were added afterwards go, too.
    /// </summary>
    internal void Settle(Listing listing)
    {
        if (listing.IsVoid)
        {
            TakeNamesOff(listing);
        }

        Trim();
    }

    internal void Remove(Listing listing)
    {
        if (listing.MakeVoid())
        {
            Interlocked.Add(ref _entries, -listing.Keys.Length);
        }

        TakeNamesOff(listing);
    }

    private void PutUnderIdentifiers(Listing listing)
    {
        Interlocked.Add(ref _entries, listing.Keys.Length);
        for (int index = 1; index < listing.Keys.Length; index++)
        {
            _listings[listing.Keys[index]] = listing;
        }
    }

    private void TakeNamesOff(Listing listing)
    {
        foreach (Identifier key in listing.Keys)
        {
            _listings.TryRemove(new KeyValuePair<Identifier, Listing>(key, listing));
        }
    }

    private bool IsOver(long entries, long bytes) =>
        Interlocked.Read(ref _entries) > entries || Interlocked.Read(ref _bytes) > bytes;

    /// <summary>
    /// Takes listings off until there is room: those that were not read since the hand came by the last time. One thread at a
    /// time; the others go on.
    /// </summary>
    private void Trim()
    {
        ShelfOptions limits = options.Value;
        if (!IsOver(limits.EntriesMax, limits.BytesMax) || Interlocked.Exchange(ref _isTrimming, 1) == 1)
        {
            return;
        }

        try
        {
            // A little more than needed, so that not every further reader has to.
            long entries = limits.EntriesMax - (limits.EntriesMax / 16);
            long bytes = limits.BytesMax - (limits.BytesMax / 16);
            // Two rounds reach everything: the first takes the marks off.
            for (int rounds = 0; rounds <= 2 && IsOver(entries, bytes); )
            {
                _hand ??= _listings.GetEnumerator();
                if (!_hand.MoveNext())
                {
                    _hand.Dispose();
                    _hand = null;
                    rounds++;
                    continue;
                }

                (Identifier key, Listing listing) = _hand.Current;
                // Once a listing, not once a name.
                if (key == listing.Keys[0] && !listing.WasRead())
                {
                    Remove(listing);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isTrimming, 0);
        }
    }
}
