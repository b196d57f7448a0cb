using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>An activation's place on the shelf of its node. Only that activation's turns use it.</summary>
public sealed class ShelfPlace
{
    private readonly ProfileShelf _shelf;
    private readonly Identifier _self;
    private Listing? _listing;
    private bool _isLeft;

    internal ShelfPlace(ProfileShelf shelf, Identifier self)
    {
        _shelf = shelf;
        _self = self;
    }

    /// <summary>
    /// What stands there now; null where nothing does: never published, taken off, evicted, or another activation of the
    /// customer has begun.
    /// </summary>
    public PublishedProfile? Shown => _listing?.Profile;

    /// <summary>Something stands there, or is taken off for the time of a change.</summary>
    public bool IsKept => _listing is { IsVoid: false };

    /// <summary>The customer answers a grain call with what stands there, so that counts from now on.</summary>
    public void Confirm() => _listing?.Confirm(_shelf.Term);

    /// <summary>Publishes the answer to a grain call under all its identifiers.</summary>
    public PublishedProfile Publish(ProfileView view)
    {
        if (_isLeft)
        {
            return new PublishedProfile(view);
        }

        var profile = new PublishedProfile(view, _shelf);
        var next = new Listing(KeysOf(view), _shelf.Term);
        _shelf.Put(next);
        _listing = next;
        next.Show(profile);
        _shelf.Settle(next);
        return profile;
    }

    /// <summary>Shows a later state under the same identifiers, where something stands.</summary>
    public void Replace(ProfileView view)
    {
        if (_listing is { } listing)
        {
            listing.Show(new PublishedProfile(view, _shelf));
            _shelf.Tell(_self.Value);
        }
    }

    /// <summary>Somebody has entered an audience or left one, which is written.</summary>
    public void TellOfAudiences() => _shelf.Tell(customerId: null);

    /// <summary>Before a change: nobody finds it until it is put back.</summary>
    public void TakeOff() => _listing?.TakeDown();

    /// <summary>
    /// After a change is written: shows the customer again if it was shown before, and nobody has evicted it or begun another
    /// activation since. Under the term of before: a write is no answer to a grain call.
    /// </summary>
    public void PutBack(ProfileView view)
    {
        if (_listing is not { } before)
        {
            return;
        }

        ImmutableArray<Identifier> keys = KeysOf(view);
        if (keys.AsSpan().SequenceEqual(before.Keys.AsSpan()))
        {
            before.Show(new PublishedProfile(view, _shelf));
            _shelf.Tell(_self.Value);
            return;
        }

        var next = new Listing(keys, before.Term);
        if (_shelf.TryPutInPlaceOf(before, next))
        {
            _listing = next;
            next.Show(new PublishedProfile(view, _shelf));
            _shelf.Settle(next);
        }
        else
        {
            _listing = null;
        }

        _shelf.Tell(_self.Value);
    }

    /// <summary>Takes everything off, for good: the activation ends, or knows no longer what is stored.</summary>
    public void Leave()
    {
        _isLeft = true;
        Withdraw();
    }

    /// <summary>Takes everything off until it is published again.</summary>
    public void Withdraw()
    {
        if (_listing is { } listing)
        {
            _listing = null;
            _shelf.Remove(listing);
            _shelf.Tell(_self.Value);
        }
    }

    private ImmutableArray<Identifier> KeysOf(ProfileView view)
    {
        var keys = ImmutableArray.CreateBuilder<Identifier>(view.Identifiers.Length + 1);
        keys.Add(_self);
        foreach (ProfileIdentifier one in view.Identifiers)
        {
            keys.Add(one.Identifier);
        }

        return keys.MoveToImmutable();
    }
}
