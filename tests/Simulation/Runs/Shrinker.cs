using System.Collections.Immutable;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Runs;

/// <summary>
/// Takes out of a failing plan what it fails without: rounds, then smaller and smaller groups of deeds (after Zeller's delta
/// debugging). A smaller plan meets other chances, so it is kept only if it breaks the same promise.
/// </summary>
internal sealed class Shrinker(NodeTemplate template, string checker, int runsMax)
{
    private int _runs;

    public Plan Shrink(Plan plan)
    {
        Plan best = plan;
        for (int round = best.Rounds.Length - 1; round >= 0; round--)
        {
            best = Better(best with { Rounds = best.Rounds.RemoveAt(round) }) ?? best;
        }

        for (int size = Math.Max(1, best.Deeds / 2); size >= 1 && _runs < runsMax; size /= 2)
        {
            for (int round = 0; round < best.Rounds.Length; round++)
            {
                best = Without(best, round, size);
            }
        }

        return best;
    }

    private Plan Without(Plan plan, int round, int size)
    {
        Plan best = plan;
        for (int first = Math.Max(0, best.Rounds[round].Length - size); first >= 0 && _runs < runsMax; first -= size)
        {
            ImmutableArray<Deed> deeds = best.Rounds[round];
            int count = Math.Min(size, deeds.Length - first);
            if (count > 0)
            {
                best =
                    Better(best with { Rounds = best.Rounds.SetItem(round, deeds.RemoveRange(first, count)) }) ?? best;
            }
        }

        return best;
    }

    private Plan? Better(Plan plan)
    {
        _runs++;
        return Simulation.Run(plan, template, new Marks()).Violation?.Checker == checker ? plan : null;
    }
}
