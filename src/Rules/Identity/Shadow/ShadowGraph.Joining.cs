using System.Runtime.CompilerServices;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>What <see cref="JoinCheck"/> asks of the customers and identifiers that a message would bring together.</summary>
public sealed partial class ShadowGraph
{
    /// <summary>Of a region that the rules don't name: one for all of them.</summary>
    private const int UnknownRegion = Regions.CountMax + 1;

    private byte RegionNumberOf(Identifier identifier)
    {
        if (_rules.Regions is not { } regions || _rules.RegionOf(identifier) is not { } region)
        {
            return 0;
        }

        return (byte)(regions.Names.IndexOf(region) is var place and >= 0 ? place + 1 : UnknownRegion);
    }

    /// <summary>The kept identifiers and their owners, as they stand at this moment.</summary>
    private readonly struct GraphJoining(ShadowGraph graph, bool isClaimed) : IJoining
    {
        public int Customers => graph._owners.Count;

        public int Carried => graph._kept.Count;

        public int Together
        {
            get
            {
                int count = 0;
                foreach (int owner in graph._owners)
                {
                    count += graph._customers[owner].Count;
                }

                foreach (int identifier in graph._kept)
                {
                    count += IsUnowned(identifier) ? 1 : 0;
                }

                return count;
            }
        }

        public IReadOnlyCollection<string>? Regions
        {
            get
            {
                uint regions = 0;
                foreach (int owner in graph._owners)
                {
                    regions |= graph._customers[owner].Regions;
                }

                foreach (int identifier in graph._kept)
                {
                    regions |= 1u << graph._nodes[identifier].Region;
                }

                return (regions & 1) == 1 ? null : NamesOf(regions);
            }
        }

        public IReadOnlyList<int> Separations
        {
            get
            {
                if (graph._separationsOf.Count == 0)
                {
                    return [];
                }

                var all = new SortedSet<int>();
                foreach (int owner in graph._owners)
                {
                    all.UnionWith(graph._separationsOf.GetValueOrDefault(owner, []));
                }

                return [.. all];
            }
        }

        public MergeTie TieAt(int place)
        {
            int identifier = graph._kept[place];
            Node node = graph._nodes[identifier];
            IdentifierRule rule = graph._rules.Identifiers[node.Type];
            return new MergeTie(
                graph.CustomerOf(identifier) is var owner and not None ? graph._owners.IndexOf(owner) : None,
                rule,
                IsListed: true
            )
            {
                IsClaimed = isClaimed || (rule.Kind == IdentifierKind.Device && node.IsLinkClaimed),
            };
        }

        public MergeSide SideOf(int customer)
        {
            Span<int> counts = stackalloc int[graph._rules.Identifiers.Length];
            graph.CountsOf(graph._owners[customer], counts);
            var side = new MergeSide { IsKnown = graph._customers[graph._owners[customer]].IsKnown };
            for (int type = 0; type < counts.Length; type++)
            {
                side = counts[type] > 0 ? side.With(graph._rules.Identifiers[type], type) : side;
            }

            return side;
        }

        public int CountOf(int customer) => graph._customers[graph._owners[customer]].Count;

        public int CountOf(int customer, int type, DateTimeOffset since) =>
            graph.CountOf(graph._owners[customer], type, since);

        public int TogetherOf(int type, DateTimeOffset since)
        {
            int count = 0;
            foreach (int owner in graph._owners)
            {
                count += graph.CountOf(owner, type, since);
            }

            foreach (int identifier in graph._kept)
            {
                count += IsUnowned(identifier) && graph._nodes[identifier].Type == type ? 1 : 0;
            }

            return count;
        }

        /// <summary>By number alone: how many bytes a profile takes depends on what messages say.</summary>
        public bool IsOversized(int customer) => false;

        public int IdentifiersMaxOf(int customer) => graph._rules.ProfileIdentifiersMax;

        public bool IsThere(int separation, SeparationSide side)
        {
            foreach (int identifier in graph._separations.SideOf(separation, side))
            {
                int owner = graph.CustomerOf(identifier);
                if (graph._kept.Contains(identifier) || (owner != None && graph._owners.Contains(owner)))
                {
                    return true;
                }
            }

            return false;
        }

        public bool IsOn(int separation, SeparationSide side, int place)
        {
            int carried = graph._kept[place];
            int owner = graph.CustomerOf(carried);
            foreach (int identifier in graph._separations.SideOf(separation, side))
            {
                if (identifier == carried || (owner != None && graph.CustomerOf(identifier) == owner))
                {
                    return true;
                }
            }

            return false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool IsUnowned(int identifier) => graph._nodes[identifier].Customer == None;

        private List<string> NamesOf(uint regions)
        {
            List<string> names = [];
            for (int number = 1; number <= UnknownRegion; number++)
            {
                if ((regions & (1u << number)) != 0)
                {
                    names.Add(number == UnknownRegion ? "" : graph._rules.Regions!.Names[number - 1]);
                }
            }

            return names;
        }
    }

    /// <summary>How many identifiers of a type a customer holds that were linked at that time or later.</summary>
    private int CountOf(int customer, int type, DateTimeOffset since)
    {
        if (since == DateTimeOffset.MinValue && _countsOf.GetValueOrDefault(customer) is { } known)
        {
            return known[type];
        }

        int count = 0;
        int left = _customers[customer].Count;
        for (int identifier = _customers[customer].First; left > 0; left--, identifier = _nodes[identifier].Next)
        {
            count += _nodes[identifier].Type == type && _nodes[identifier].LinkedAtTicks >= since.UtcTicks ? 1 : 0;
        }

        return count;
    }
}
