using System.Globalization;
using Customer360.ClusterRuns.Load;

namespace Customer360.ClusterRuns.Runs;

/// <summary>What a run prints at its end.</summary>
internal static class Reports
{
    public static void Tell(Journal journal, IReadOnlyList<string> wrong)
    {
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{journal.Acknowledged.Count} messages acknowledged; the longest from first try to acknowledgement {journal.Longest.TotalSeconds:0.0} s"
            )
        );
        foreach ((string why, int count) in journal.Retries.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"sent again, {why}: {count}");
        }

        foreach (string fault in wrong)
        {
            Console.WriteLine($"WRONG: {fault}");
        }

        Console.WriteLine(
            wrong.Count == 0
                ? "every acknowledged message is in the log once and counted once; every identifier has one owner that lists it; nothing was set aside; every partition is served"
                : $"{wrong.Count} invariants do not hold"
        );
    }
}
