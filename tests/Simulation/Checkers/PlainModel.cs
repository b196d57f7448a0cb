using Customer360.Simulation.Workload;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// What profiles must say: the acknowledged messages of the identifiers that a customer has, counted. It shares no code with
/// the grid.
/// </summary>
internal sealed class PlainModel(IEnumerable<Message> acknowledged)
{
    private readonly ILookup<string, Message> _byAnchor = acknowledged.ToLookup(message => message.Anchor);

    public IEnumerable<string> Anchors => _byAnchor.Select(anchor => anchor.Key);

    public int Count => _byAnchor.Sum(anchor => anchor.Count());

    /// <summary>How many, by event, the latest plan, the first and the last time.</summary>
    public string Profile(IEnumerable<string> identifiers)
    {
        Message[] mine = [.. identifiers.SelectMany(identifier => _byAnchor[identifier])];
        string events = string.Join(
            ',',
            mine.GroupBy(message => message.Event)
                .OrderBy(name => name.Key, StringComparer.Ordinal)
                .Select(name => $"{name.Key}={name.Count()}")
        );
        string? plan = mine.OrderBy(message => message.Second)
            .ThenBy(message => message.Id, StringComparer.Ordinal)
            .LastOrDefault()
            ?.Plan;
        return $"count={mine.Length} events={events} plan={plan}";
    }
}
