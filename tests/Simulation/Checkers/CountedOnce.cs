using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>Invariant 1: an acknowledged message is in the log exactly once, and counted in exactly one profile.</summary>
internal static class CountedOnce
{
    private const string Name = "1 counted once";

    public static void Check(AtRest rest, IEnumerable<string> acknowledged)
    {
        Dictionary<string, int> logged = rest
            .Log.GroupBy(row => row.MessageId, StringComparer.Ordinal)
            .ToDictionary(row => row.Key, row => row.Count(), StringComparer.Ordinal);
        foreach (string message in acknowledged)
        {
            ViolationException.ThrowIf(
                logged.GetValueOrDefault(message) != 1,
                Name,
                () => $"{message} was acknowledged, and is in the log {logged.GetValueOrDefault(message)} times"
            );
        }

        long counted = rest.Customers.Values.Sum(customer => customer.View?.Fold.MessageCount ?? 0);
        ViolationException.ThrowIf(
            counted != rest.Log.Length,
            Name,
            () => $"{rest.Log.Length} messages are in the log, and {counted} in all profiles together"
        );
    }
}
