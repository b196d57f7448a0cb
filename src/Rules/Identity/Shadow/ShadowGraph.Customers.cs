namespace Customer360.Rules.Identity;

/// <summary>The customers: chains of identifiers.</summary>
public sealed partial class ShadowGraph
{
    /// <summary>A customer with more identifiers keeps a count per type; the others are counted when it matters.</summary>
    private const int CountedFrom = 64;

    private int RootOf(int customer)
    {
        while (_customers[customer].MergedInto is var into && into != customer)
        {
            // Halving the way: the next one who asks has it shorter.
            _customers[customer].MergedInto = _customers[into].MergedInto;
            customer = _customers[customer].MergedInto;
        }

        return customer;
    }

    private int Create(in Message message, int identifier)
    {
        int customer = _customerNumbers++;
        if (customer == _customers.Length)
        {
            Array.Resize(ref _customers, _customers.Length * 2);
        }

        _customers[customer] = new Customer
        {
            MergedInto = customer,
            First = None,
            Last = None,
            CreatedMs = message.ReceivedMs,
            Partition = message.Place.Partition,
            Position = message.Place.Position,
        };
        CustomerCount++;
        Hold(customer, identifier, message);
        return customer;
    }

    private void Hold(int customer, int identifier, in Message message)
    {
        ref Node node = ref _nodes[identifier];
        node.Customer = customer;
        node.LinkedAtTicks = message.At.UtcTicks;
        node.IsLinkClaimed = message.IsClaimed;
        node.IsClaimed = message.IsClaimed;
        ref Customer one = ref _customers[customer];
        one.IsKnown |= MergeSide.IsKnownBy(_rules.Identifiers[node.Type], message.IsClaimed);
        if (one.First == None)
        {
            one.First = identifier;
        }
        else
        {
            _nodes[one.Last].Next = identifier;
        }

        one.Last = identifier;
        one.Count++;
        one.Regions |= 1u << node.Region;
        Count(customer, node.Type);
    }

    private void TakeIn(int older, int younger)
    {
        ref Customer one = ref _customers[older];
        ref Customer other = ref _customers[younger];
        other.MergedInto = older;
        _nodes[one.Last].Next = other.First;
        one.Last = other.Last;
        one.Count += other.Count;
        one.IsKnown |= other.IsKnown;
        one.Regions |= other.Regions;
        CustomerCount--;
        bool wasCounted = _countsOf.Remove(younger, out int[]? counts);
        if (_countsOf.TryGetValue(older, out int[]? sum))
        {
            int[] added = wasCounted ? counts! : CountsFrom(other.First, other.Count);
            for (int type = 0; type < sum.Length; type++)
            {
                sum[type] += added[type];
            }
        }
        else if (one.Count > CountedFrom)
        {
            _countsOf[older] = CountsFrom(one.First, one.Count);
        }

        if (_separationsOf.Remove(younger, out int[]? separations))
        {
            _separationsOf[older] = [.. _separationsOf.GetValueOrDefault(older, []).Union(separations)];
        }
    }

    private void Count(int customer, byte type)
    {
        if (_countsOf.TryGetValue(customer, out int[]? counts))
        {
            counts[type]++;
        }
        else if (_customers[customer].Count > CountedFrom)
        {
            _countsOf[customer] = CountsFrom(_customers[customer].First, _customers[customer].Count);
        }
    }

    private int[] CountsFrom(int first, int count)
    {
        int[] counts = new int[_rules.Identifiers.Length];
        for (int identifier = first; count > 0; count--, identifier = _nodes[identifier].Next)
        {
            counts[_nodes[identifier].Type]++;
        }

        return counts;
    }

    /// <summary>How many identifiers of each type a customer holds.</summary>
    private void CountsOf(int customer, Span<int> counts)
    {
        if (_countsOf.GetValueOrDefault(customer) is { } known)
        {
            known.CopyTo(counts);
            return;
        }

        counts.Clear();
        int left = _customers[customer].Count;
        for (int identifier = _customers[customer].First; left > 0; left--, identifier = _nodes[identifier].Next)
        {
            counts[_nodes[identifier].Type]++;
        }
    }

    private struct Customer
    {
        public int MergedInto;
        public int First;
        public int Last;
        public int Count;
        public int Partition;

        /// <summary>A bit per number of <see cref="Node.Region"/>.</summary>
        public uint Regions;
        public long CreatedMs;
        public long Position;

        /// <summary>See <see cref="MergeSide.IsKnown"/>.</summary>
        public bool IsKnown;
    }
}
