using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>An edge of a dry run as it is answered.</summary>
internal readonly record struct FoundEdge(string? MessageId, Identifier One, Identifier Other, string Because);

/// <summary>
/// Why a customer comes apart that no rule forbids: what held it together is no identifier under the proposed rules. The log
/// under those rules does not show it, so what the customer was linked by says it.
/// </summary>
internal static class GoneEdges
{
    private const int EdgesMax = 3;

    /// <summary>
    /// The links that go: <c>gone:{type}</c> where the rules have no such type, <c>no_value:{type}</c> where the value is blocked
    /// or not valid.
    /// </summary>
    public static async Task<IReadOnlyList<FoundEdge>> Find(
        JobTools tools,
        IdentityRules rules,
        ShadowReading reading,
        string customerId,
        CancellationToken stop
    )
    {
        StoredState? state = await tools.States.ReadAsync(GrainKeys.CustomerState, customerId, stop);
        if (state is null)
        {
            return [];
        }

        List<FoundEdge> edges = [];
        foreach (ProfileEntry entry in CustomerStateCodec.Decode(state.Json).Map.Entries)
        {
            if (entry.Evidence.Anchor is not { } anchor || anchor == entry.Identifier || edges.Count == EdgesMax)
            {
                continue;
            }

            Identifier? gone =
                reading.Normalize(anchor) is null ? anchor
                : reading.Normalize(entry.Identifier) is null ? entry.Identifier
                : null;
            if (gone is { } lost)
            {
                string because = rules.Find(lost.Type) is null ? $"gone:{lost.Type}" : $"no_value:{lost.Type}";
                edges.Add(new FoundEdge(entry.Evidence.MessageId, anchor, entry.Identifier, because));
            }
        }

        return edges;
    }
}
