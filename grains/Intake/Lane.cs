using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>What a lane is counted as.</summary>
internal enum LanePlace
{
    /// <summary>It waits: for a place, or for its next try.</summary>
    None = 0,

    /// <summary>It holds one of <see cref="GridOptions.LanesMax"/> places.</summary>
    Running = 1,

    /// <summary>It took long, and holds one of <see cref="GridOptions.SlowLanesMax"/> places.</summary>
    Slow = 2,
}

/// <summary>The messages of one anchor that are on their way.</summary>
internal sealed class Lane(Identifier anchor)
{
    private Delivery? _first;
    private Delivery? _last;
    private int _waiting;
    private int _oneByOne;

    public Identifier Anchor { get; } = anchor;

    /// <summary>It has no messages on their way.</summary>
    public bool IsIdle { get; set; } = true;

    /// <summary>Who took the anchor's last messages: which saves asking the identifier. Null: nobody knows.</summary>
    public ICustomerGrain? Owner { get; set; }

    /// <summary>What it remembers is of use to the anchor's next message, and nothing is left over of a failure.</summary>
    public bool IsWorthKeeping => Owner is not null && Attempt == 0 && Merging is null or { Count: 0 };

    public bool HasWaiting => _waiting > 0;

    /// <summary>Its messages on their way.</summary>
    public int Count => _waiting + TakenCount;

    public LanePlace Place { get; set; }

    /// <summary>When it took its place or last got something done; a timestamp of the clock.</summary>
    public long Since { get; set; }

    /// <summary>Failed handovers since the last that succeeded.</summary>
    public int Attempt { get; set; }

    /// <summary>Those of them that no outage and no lost race explains.</summary>
    public int Faults { get; set; }

    /// <summary>Races that it has lost since the last handover that succeeded.</summary>
    public int LostRaces { get; set; }

    /// <summary>
    /// What is being handed over, in log order, the first with the others behind it; it stays until that has succeeded.
    /// Null: nothing is.
    /// </summary>
    public Delivery? Taken { get; private set; }

    public int TakenCount { get; private set; }

    /// <summary>The call that a wave has begun for what is taken, or null.</summary>
    public Task<ApplyReply>? Begun { get; set; }

    /// <summary>Customers whose merge this lane began and did not see end: the next try goes on with them first.</summary>
    public HashSet<string>? Merging { get; set; }

    public void Add(Delivery delivery)
    {
        if (_last is null)
        {
            _first = delivery;
        }
        else
        {
            _last.Next = delivery;
        }

        _last = delivery;
        _waiting++;
    }

    /// <summary>Takes waiting messages, once those taken before are done.</summary>
    public void TakeUp(int most)
    {
        if (Taken is not null || _waiting == 0)
        {
            return;
        }

        TakenCount = Math.Min(_oneByOne > 0 ? 1 : most, _waiting);
        _oneByOne = Math.Max(0, _oneByOne - 1);
        Taken = _first;
        Delivery last = LastTaken();
        _first = last.Next;
        last.Next = null;
        _last = _first is null ? null : _last;
        _waiting -= TakenCount;
    }

    /// <summary>Keeps the first of what is taken and puts the others back, each to be taken alone.</summary>
    public void HandOverOneByOne()
    {
        Delivery last = LastTaken();
        last.Next = _first;
        _last ??= last;
        _first = Taken!.Next;
        Taken.Next = null;
        _oneByOne = TakenCount - 1;
        _waiting += TakenCount - 1;
        TakenCount = 1;
    }

    /// <summary>What was taken is in its place.</summary>
    public void Drop()
    {
        Taken = null;
        TakenCount = 0;
    }

    /// <summary>What was taken is done: tries count anew.</summary>
    public void Succeeded(long timestamp)
    {
        Since = timestamp;
        Attempt = 0;
        Faults = 0;
        LostRaces = 0;
    }

    public ImmutableArray<StoredEnvelope> Messages()
    {
        var messages = new StoredEnvelope[TakenCount];
        int index = 0;
        for (Delivery? delivery = Taken; delivery is not null; delivery = delivery.Next)
        {
            messages[index++] = delivery.Message;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(messages);
    }

    public bool HasAccountCall()
    {
        for (Delivery? delivery = Taken; delivery is not null; delivery = delivery.Next)
        {
            if (delivery.IsAccountCall)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where what is taken says something of leads.</summary>
    public bool Concerns(LeadWatch leads)
    {
        for (Delivery? delivery = leads.IsOn ? Taken : null; delivery is not null; delivery = delivery.Next)
        {
            if (leads.Concerns(delivery.Message.Envelope))
            {
                return true;
            }
        }

        return false;
    }

    private Delivery LastTaken()
    {
        Delivery last = Taken!;
        for (int index = 1; index < TakenCount; index++)
        {
            last = last.Next!;
        }

        return last;
    }
}
