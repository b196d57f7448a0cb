using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>What a cut-over asks of a comparison, once it was made.</summary>
public sealed partial class GraphComparison
{
    /// <summary>
    /// In which customer of the shadow an identifier is, as a number; null where no message of the shadow had it. Equal
    /// numbers: together.
    /// </summary>
    public int? ClusterOf(Identifier underRules) =>
        shadow.Find(underRules) is var place and >= 0 ? ClusterOf(place) : null;

    /// <summary>The id that the cluster would have had from the beginning; null where it is one identifier that nobody owns.</summary>
    public string? CustomerIdOf(int cluster) => cluster >= 0 ? shadow.CustomerIdOf(cluster) : null;

    /// <summary>
    /// The clusters that these customers are in and that have identifiers of several of today's customers, with all of these.
    /// </summary>
    public IReadOnlyDictionary<int, List<string>> Shared(IEnumerable<string> customers)
    {
        HashSet<string> wanted = [.. customers];
        HashSet<int> clusters =
        [
            .. _pairs.Where(pair => wanted.Contains(_owners.TextOf(pair.Owner))).Select(pair => pair.Cluster),
        ];
        return _pairs
            .Where(pair => clusters.Contains(pair.Cluster))
            .GroupBy(pair => pair.Cluster, pair => _owners.TextOf(pair.Owner))
            .ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <summary>
    /// Identifiers that messages link in the shadow and that nobody owns today, each with the message and one of today's
    /// customers in its cluster. Those of clusters without any are left out: nobody is there to link them to.
    /// </summary>
    public IEnumerable<(Identifier Identifier, LogPlace Place, string Customer)> Unowned()
    {
        int[] firstOwner = new int[shadow.CustomerNumbers];
        Array.Fill(firstOwner, None);
        foreach ((int owner, int cluster) in _pairs)
        {
            if (cluster >= 0 && firstOwner[cluster] == None)
            {
                firstOwner[cluster] = owner;
            }
        }

        var seen = new HashSet<int>();
        foreach (ShadowEdge edge in shadow.Edges)
        {
            foreach (int place in new[] { edge.One, edge.Other })
            {
                if (
                    _ownerOf[place] == None
                    && shadow.CustomerOf(place) is var cluster and >= 0
                    && firstOwner[cluster] != None
                    && seen.Add(place)
                )
                {
                    yield return (shadow.IdentifierOf(place), edge.Place, _owners.TextOf(firstOwner[cluster]));
                }
            }
        }
    }
}
