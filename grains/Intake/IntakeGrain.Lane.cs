using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>A lane of the second stage: what it holds and what it is counted as.</summary>
public sealed partial class IntakeGrain
{
    /// <summary>What a lane is counted as.</summary>
    private enum LanePlace
    {
        /// <summary>It waits: for a place, or for its next try.</summary>
        None = 0,

        /// <summary>It holds one of <see cref="GridOptions.LanesMax"/> places.</summary>
        Running = 1,

        /// <summary>It took long, and holds one of <see cref="GridOptions.SlowLanesMax"/> places.</summary>
        Slow = 2,
    }

    /// <summary>The messages of one anchor that are on their way.</summary>
    private sealed class Lane(Identifier anchor)
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
        public int Count => _waiting + Taken.Length;

        public LanePlace Place { get; set; }

        /// <summary>When it took its place or last got something done; a timestamp of the clock.</summary>
        public long Since { get; set; }

        /// <summary>Failed handovers since the last that succeeded.</summary>
        public int Attempt { get; set; }

        /// <summary>Those of them that no outage explains.</summary>
        public int Faults { get; set; }

        /// <summary>What is being handed over, in log order; it stays until that has succeeded.</summary>
        public Delivery[] Taken { get; set; } = [];

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
            if (Taken.Length > 0 || _waiting == 0)
            {
                return;
            }

            Taken = new Delivery[Math.Min(_oneByOne > 0 ? 1 : most, _waiting)];
            _oneByOne = Math.Max(0, _oneByOne - 1);
            for (int index = 0; index < Taken.Length; index++)
            {
                Taken[index] = _first!;
                _first = _first!.Next;
            }

            _last = _first is null ? null : _last;
            _waiting -= Taken.Length;
        }

        /// <summary>Keeps the first of what is taken and puts the others back, each to be taken alone.</summary>
        public void HandOverOneByOne()
        {
            _oneByOne = Taken.Length - 1;
            Taken[^1].Next = _first;
            _last ??= Taken[^1];
            _first = Taken[1];
            _waiting += Taken.Length - 1;
            Taken = [Taken[0]];
        }

        /// <summary>What was taken is done: tries count anew.</summary>
        public void Succeeded(long timestamp)
        {
            Since = timestamp;
            Attempt = 0;
            Faults = 0;
        }

        public ImmutableArray<StoredEnvelope> Messages()
        {
            var messages = new StoredEnvelope[Taken.Length];
            for (int index = 0; index < messages.Length; index++)
            {
                messages[index] = Taken[index].Message;
            }

            return ImmutableCollectionsMarshal.AsImmutableArray(messages);
        }

        public bool HasGroupCall()
        {
            foreach (Delivery delivery in Taken)
            {
                if (IsGroupCall(delivery.Message))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
