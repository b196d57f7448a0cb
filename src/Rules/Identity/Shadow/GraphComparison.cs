using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// Compares a shadow graph with the live one. Give it who owns each identifier now, then ask for the difference. Numbers and
/// flat arrays here, too.
/// </summary>
/// <remarks>
/// An identifier that no message of the shadow had is newer than what was read, and is left out on both sides.
/// </remarks>
public sealed partial class GraphComparison(ShadowGraph shadow)
{
    private const int None = -1;
    private const int NamesMax = 10;
    private const int EdgesMax = 3;

    private readonly TextNumbers _owners = new();
    private readonly List<int> _goneOf = [];
    private readonly List<(int Owner, int Cluster)> _memberships = [];
    private readonly List<(int One, int Other, int Identifier)> _sameValues = [];
    private readonly int[] _ownerOf = Filled(shadow.IdentifierCount);
    private (int Owner, int Cluster)[] _pairs = [];
    private int _gone;

    /// <summary>Says whose an identifier is now.</summary>
    /// <param name="underRules">The identifier in the normal form of the proposed rules; null where it would be none.</param>
    /// <param name="owner">The customer.</param>
    /// <returns>The identifier's number in the shadow, or -1 where it is not in it.</returns>
    public int AddLive(Identifier? underRules, string owner)
    {
        int number = _owners.Add(Encoding.UTF8.GetBytes(owner));
        if (number == _goneOf.Count)
        {
            _goneOf.Add(0);
        }

        if (underRules is not { } identifier)
        {
            _gone++;
            _goneOf[number]++;
            return None;
        }

        int place = shadow.Find(identifier);
        if (place < 0)
        {
            return None;
        }

        _memberships.Add((number, ClusterOf(place)));
        if (_ownerOf[place] == None)
        {
            _ownerOf[place] = number;
        }
        else if (_ownerOf[place] != number)
        {
            _sameValues.Add((_ownerOf[place], number, place));
        }

        return place;
    }

    /// <summary>What would change.</summary>
    /// <param name="affectedMax">Affected customers that are kept; the counts are exact in any case.</param>
    /// <param name="largestMax">Clusters in the list of the largest.</param>
    public GraphDifference Compare(int affectedMax, int largestMax)
    {
        _memberships.Sort();
        (int Owner, int Cluster)[] pairs = [.. Distinct(_memberships)];
        _pairs = pairs;
        int[] parts = new int[_owners.Count];
        var customersIn = new Dictionary<int, int>();
        foreach ((int owner, int cluster) in pairs)
        {
            parts[owner]++;
            CollectionsMarshal.GetValueRefOrAddDefault(customersIn, cluster, out _)++;
        }

        bool[] shares = new bool[_owners.Count];
        foreach ((int owner, int cluster) in pairs)
        {
            shares[owner] |= customersIn[cluster] > 1;
        }

        CustomerChange?[] changes =
        [
            .. Enumerable.Range(0, parts.Length).Select(owner => ChangeOf(parts[owner], shares[owner])),
        ];
        return new GraphDifference(
            CountsOf(changes, parts, customersIn.Count),
            _gone,
            LargestOf(customersIn, largestMax),
            AffectedOf(changes, parts, pairs, affectedMax)
        );
    }

    private static CustomerChange? ChangeOf(int parts, bool shares) =>
        (parts > 1, shares) switch
        {
            (true, true) => CustomerChange.MergeAndSplit,
            (true, false) => CustomerChange.Split,
            (false, true) => CustomerChange.Merge,
            _ => null,
        };

    private GraphCounts CountsOf(CustomerChange?[] changes, int[] parts, int clusters)
    {
        int vanish = 0;
        int unseen = 0;
        for (int owner = 0; owner < parts.Length; owner++)
        {
            vanish += parts[owner] == 0 && _goneOf[owner] > 0 ? 1 : 0;
            unseen += parts[owner] == 0 && _goneOf[owner] == 0 ? 1 : 0;
        }

        return new GraphCounts(
            changes.Length,
            clusters + unseen,
            changes.Count(change => change is null) - vanish,
            changes.Count(change => change == CustomerChange.Merge),
            changes.Count(change => change == CustomerChange.Split),
            changes.Count(change => change == CustomerChange.MergeAndSplit),
            vanish
        );
    }

    private ImmutableArray<ShadowCluster> LargestOf(Dictionary<int, int> customersIn, int largestMax)
    {
        // A heap of the largest so far, the smallest of them on top.
        var largest = new PriorityQueue<int, (int Size, int Younger)>();
        foreach (int cluster in customersIn.Keys.Where(cluster => cluster >= 0))
        {
            largest.Enqueue(cluster, (shadow.SizeOf(cluster), -cluster));
            if (largest.Count > largestMax)
            {
                largest.Dequeue();
            }
        }

        return
        [
            .. largest
                .UnorderedItems.OrderByDescending(item => item.Priority)
                .Select(item => new ShadowCluster(
                    shadow.CustomerIdOf(item.Element),
                    item.Priority.Size,
                    customersIn[item.Element]
                )),
        ];
    }

    private ImmutableArray<AffectedCustomer> AffectedOf(
        CustomerChange?[] changes,
        int[] parts,
        (int Owner, int Cluster)[] pairs,
        int affectedMax
    )
    {
        (string Id, int Owner)[] affected =
        [
            .. Enumerable
                .Range(0, changes.Length)
                .Where(owner => changes[owner] is not null)
                .Select(owner => (_owners.TextOf(owner), owner))
                .OrderBy(one => one.Item1, StringComparer.Ordinal)
                .Take(affectedMax),
        ];
        var kept = affected.ToDictionary(one => one.Owner, _ => new Causes());
        FindNeighbours(pairs, kept);
        FindMerges(kept);
        FindSplits(kept);
        return
        [
            .. affected.Select(one => new AffectedCustomer(
                one.Id,
                changes[one.Owner]!.Value,
                [.. kept[one.Owner].With.Select(_owners.TextOf).Order(StringComparer.Ordinal)],
                parts[one.Owner],
                [.. kept[one.Owner].Edges]
            )),
        ];
    }

    private static void FindNeighbours((int Owner, int Cluster)[] pairs, Dictionary<int, Causes> kept)
    {
        // A cluster's first owners are enough: no list is longer than that, and one place is the customer's own.
        var first = new Dictionary<int, List<int>>();
        foreach ((int owner, int cluster) in pairs)
        {
            ref List<int>? owners = ref CollectionsMarshal.GetValueRefOrAddDefault(first, cluster, out _);
            owners ??= [];
            if (owners.Count <= NamesMax)
            {
                owners.Add(owner);
            }
        }

        foreach ((int owner, int cluster) in pairs)
        {
            if (kept.TryGetValue(owner, out Causes? causes))
            {
                foreach (int other in first[cluster])
                {
                    if (other != owner && causes.With.Count < NamesMax)
                    {
                        causes.With.Add(other);
                    }
                }
            }
        }
    }

    /// <summary>
    /// The edges that bring customers together: along the shadow's trees, those whose ends lead to customers that nothing
    /// before has joined. Identifiers that nobody owns yet are only a part of the way.
    /// </summary>
    private void FindMerges(Dictionary<int, Causes> kept)
    {
        // A customer may be in several clusters: each of its parts is joined with others for itself.
        int[] parts = [.. Enumerable.Range(0, _pairs.Length)];
        foreach ((int one, int other, int identifier) in _sameValues)
        {
            if (Joins(one, other, identifier))
            {
                Identifier value = shadow.IdentifierOf(identifier);
                Keep(one, other, new CausingEdge(null, value, value, "same_value"));
            }
        }

        int[] ways = [.. Enumerable.Range(0, _ownerOf.Length)];
        int[] seen = [.. _ownerOf];
        foreach (ShadowEdge edge in shadow.Edges)
        {
            int left = Root(ways, edge.One);
            int right = Root(ways, edge.Other);
            int leftOwner = _ownerOf[edge.One] == None ? seen[left] : _ownerOf[edge.One];
            int rightOwner = _ownerOf[edge.Other] == None ? seen[right] : _ownerOf[edge.Other];
            ways[right] = left;
            seen[left] = seen[left] == None ? seen[right] : seen[left];
            if (leftOwner != None && rightOwner != None && Joins(leftOwner, rightOwner, edge.One))
            {
                Keep(leftOwner, rightOwner, EdgeOf(edge, "together"));
            }
        }

        bool Joins(int one, int other, int identifier)
        {
            int cluster = ClusterOf(identifier);
            int left = Root(parts, Array.BinarySearch(_pairs, (one, cluster)));
            int right = Root(parts, Array.BinarySearch(_pairs, (other, cluster)));
            parts[right] = left;
            return left != right;
        }

        void Keep(int one, int other, CausingEdge edge)
        {
            kept.GetValueOrDefault(one)?.Add(edge);
            kept.GetValueOrDefault(other)?.Add(edge);
        }
    }

    /// <summary>The refusals that keep apart what is one customer now.</summary>
    private void FindSplits(Dictionary<int, Causes> kept)
    {
        foreach (ShadowEdge edge in shadow.Refusals)
        {
            int owner = _ownerOf[edge.One];
            if (
                owner != None
                && owner == _ownerOf[edge.Other]
                && shadow.CustomerOf(edge.One) != shadow.CustomerOf(edge.Other)
                && kept.TryGetValue(owner, out Causes? causes)
            )
            {
                causes.Add(EdgeOf(edge, shadow.BecauseOf(edge)));
            }
        }
    }

    /// <summary>
    /// What was left out of every message that had it is nobody's, so it would stand alone: a negative number, since clusters
    /// have none.
    /// </summary>
    private int ClusterOf(int place)
    {
        int cluster = shadow.CustomerOf(place);
        return cluster == None ? ~place : cluster;
    }

    private CausingEdge EdgeOf(ShadowEdge edge, string because) =>
        new(edge.Place, shadow.IdentifierOf(edge.One), shadow.IdentifierOf(edge.Other), because);

    private static int Root(int[] into, int one)
    {
        while (into[one] != one)
        {
            into[one] = into[into[one]];
            one = into[one];
        }

        return one;
    }

    private static IEnumerable<(int Owner, int Cluster)> Distinct(List<(int Owner, int Cluster)> sorted)
    {
        for (int index = 0; index < sorted.Count; index++)
        {
            if (index == 0 || sorted[index] != sorted[index - 1])
            {
                yield return sorted[index];
            }
        }
    }

    private static int[] Filled(int count)
    {
        int[] numbers = new int[count];
        Array.Fill(numbers, None);
        return numbers;
    }

    private sealed class Causes
    {
        public HashSet<int> With { get; } = [];

        public List<CausingEdge> Edges { get; } = [];

        public void Add(CausingEdge edge)
        {
            if (Edges.Count < EdgesMax)
            {
                Edges.Add(edge);
            }
        }
    }
}
