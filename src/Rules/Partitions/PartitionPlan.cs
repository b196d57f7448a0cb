using System.Text;

namespace Customer360.Rules.Partitions;

/// <summary>
/// Which node has which partition. Whoever knows the same nodes comes to the same plan, so nobody has to ask: each node sees by
/// itself which partitions are its own and which of those that it has belong elsewhere now.
/// </summary>
/// <remarks>
/// Every node gets as many as any other, one more at the most. Among the nodes that still have room a partition takes the one that it
/// likes best, by a hash of both, so that most partitions stay where they are when a node joins or leaves.
/// </remarks>
public static class PartitionPlan
{
    /// <summary>Per partition the index of its node in <paramref name="nodes"/>.</summary>
    /// <param name="partitions">How many there are.</param>
    /// <param name="nodes">Names of the nodes, each once; the plan does not depend on their order. At least one.</param>
    public static int[] Of(int partitions, IReadOnlyList<string> nodes)
    {
        if (nodes.Count == 0)
        {
            throw new ArgumentException("There must be a node.", nameof(nodes));
        }

        ulong[] hashes = [.. nodes.Select(HashOf)];
        int[] counts = new int[nodes.Count];
        int least = partitions / nodes.Count;
        int withOneMore = partitions % nodes.Count;
        int[] plan = new int[partitions];
        for (int partition = 0; partition < partitions; partition++)
        {
            int best = -1;
            for (int node = 0; node < counts.Length; node++)
            {
                bool hasRoom = counts[node] < least || (counts[node] == least && withOneMore > 0);
                if (hasRoom && (best < 0 || Likes(partition, hashes[node], nodes[node], hashes[best], nodes[best])))
                {
                    best = node;
                }
            }

            withOneMore -= counts[best] == least ? 1 : 0;
            counts[best]++;
            plan[partition] = best;
        }

        return plan;
    }

    /// <summary>Whether a partition likes one node better than another; names decide where hashes are equal.</summary>
    private static bool Likes(int partition, ulong hash, string node, ulong otherHash, string other)
    {
        int order = Mix(hash, partition).CompareTo(Mix(otherHash, partition));
        return order > 0 || (order == 0 && string.CompareOrdinal(node, other) > 0);
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    private static ulong Mix(ulong hash, int partition)
    {
        ulong mixed = hash + ((ulong)(partition + 1) * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>FNV-1a, 64 bit: nodes of other versions must find the same.</summary>
    private static ulong HashOf(string node)
    {
        ulong hash = 14695981039346656037;
        foreach (byte one in Encoding.UTF8.GetBytes(node))
        {
            hash = (hash ^ one) * 1099511628211;
        }

        return hash;
    }
}
