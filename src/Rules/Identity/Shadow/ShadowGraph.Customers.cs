namespace Customer360.Rules.Identity;

/// <summary>The customers: chains of identifiers, and what may come together.</summary>
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
        Hold(customer, identifier, message.At);
        return customer;
    }

    private void Hold(int customer, int identifier, DateTimeOffset at)
    {
        ref Node node = ref _nodes[identifier];
        node.Customer = customer;
        node.LinkedAtTicks = at.UtcTicks;
        ref Customer one = ref _customers[customer];
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

    /// <summary>The first separation that the owners and what is kept would break, or -1.</summary>
    private int BrokenSeparation()
    {
        if (_separationsOf.Count == 0)
        {
            return None;
        }

        int broken = None;
        foreach (int owner in _owners)
        {
            foreach (int separation in _separationsOf.GetValueOrDefault(owner, []))
            {
                if ((broken == None || separation < broken) && _separations.IsBroken(separation, IsThere))
                {
                    broken = separation;
                }
            }
        }

        return broken;

        bool IsThere(int identifier) =>
            _kept.Contains(identifier) || (CustomerOf(identifier) is var owner and not None && _owners.Contains(owner));
    }

    /// <summary>Which identifier a separation leaves out; see <see cref="IdentityDecision"/>.</summary>
    private int PlaceOf(int separation)
    {
        for (int index = _kept.Count - 1; index > 0; index--)
        {
            int owner = CustomerOf(_kept[index]);
            if (
                _separations.Mentions(separation, _kept[index])
                || (owner != None && _separations.Touches(separation, identifier => CustomerOf(identifier) == owner))
            )
            {
                return index;
            }
        }

        return _kept.Count - 1;
    }

    /// <summary>The first type whose limit would be broken, or -1; see <see cref="IdentifierLimits"/>.</summary>
    private int BrokenLimit(DateTimeOffset at)
    {
        Span<int> union = stackalloc int[_rules.Identifiers.Length];
        Span<int> largest = stackalloc int[_rules.Identifiers.Length];
        union.Clear();
        largest.Clear();
        foreach (int owner in _owners)
        {
            AddCounts(owner, union, largest);
        }

        foreach (int identifier in _kept)
        {
            if (_nodes[identifier].Customer == None)
            {
                union[_nodes[identifier].Type]++;
            }
        }

        for (int type = 0; type < union.Length; type++)
        {
            IdentifierRule rule = _rules.Identifiers[type];
            if (
                union[type] > rule.Limit
                && union[type] > largest[type]
                && (rule.Window == LimitWindow.Ever || IsBrokenInWindow(type, rule, at))
            )
            {
                return type;
            }
        }

        return None;
    }

    private void AddCounts(int owner, Span<int> union, Span<int> largest)
    {
        Span<int> counts = stackalloc int[union.Length];
        CountsOf(owner, counts);
        for (int type = 0; type < union.Length; type++)
        {
            union[type] += counts[type];
            largest[type] = Math.Max(largest[type], counts[type]);
        }
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

    /// <summary>The same over what was linked within the window. Asked only where the limit would be broken without one.</summary>
    private bool IsBrokenInWindow(int type, IdentifierRule rule, DateTimeOffset at)
    {
        long since = IdentifierLimits.WindowStart(rule.Window, at).UtcTicks;
        int union = 0;
        int largest = 0;
        foreach (int owner in _owners)
        {
            int own = 0;
            int left = _customers[owner].Count;
            for (int identifier = _customers[owner].First; left > 0; left--, identifier = _nodes[identifier].Next)
            {
                own += _nodes[identifier].Type == type && _nodes[identifier].LinkedAtTicks >= since ? 1 : 0;
            }

            union += own;
            largest = Math.Max(largest, own);
        }

        foreach (int identifier in _kept)
        {
            union += _nodes[identifier].Customer == None && _nodes[identifier].Type == type ? 1 : 0;
        }

        return union > rule.Limit && union > largest;
    }

    private struct Customer
    {
        public int MergedInto;
        public int First;
        public int Last;
        public int Count;
        public int Partition;
        public long CreatedMs;
        public long Position;
    }
}
