using Customer360.Simulation.Runtime;

namespace Customer360.Simulation.World;

/// <summary>
/// How the next step is picked. Pure chance treats all alike and so rarely lets one wait for very long; the others favour
/// some, as a loaded machine does (after probabilistic concurrency testing, Burckhardt et al. 2010).
/// </summary>
internal sealed class SchedulePolicy(SchedulePolicyKind kind, ulong salt)
{
    private const int Sample = 4;
    private const int StepsOfFavour = 100;
    private ulong _favour = salt;
    private int _left = StepsOfFavour;

    public int Choose(List<Ready> ready, Dice dice) =>
        kind switch
        {
            SchedulePolicyKind.Newest when dice.Next(4) != 0 => ready.Count - 1,
            SchedulePolicyKind.Favourites => Favourite(ready, dice),
            _ => dice.Next(ready.Count),
        };

    /// <summary>Picks from a few the one whose grain is in favour now.</summary>
    private int Favourite(List<Ready> ready, Dice dice)
    {
        if (--_left == 0)
        {
            _left = StepsOfFavour;
            _favour = dice.NextUInt64();
        }

        int best = dice.Next(ready.Count);
        ulong highest = FavourOf(ready[best]);
        for (int tries = 1; tries < Sample; tries++)
        {
            int other = dice.Next(ready.Count);
            ulong favour = FavourOf(ready[other]);
            if (favour > highest)
            {
                (best, highest) = (other, favour);
            }
        }

        return best;
    }

    private ulong FavourOf(Ready one)
    {
        ulong key = one.Work switch
        {
            ITurn turn => turn.GrainId.GetUniformHashCode(),
            IStep step => step.Key,
            _ => 1,
        };
        return (key ^ _favour) * 0x9E3779B97F4A7C15;
    }
}

internal enum SchedulePolicyKind
{
    Chance,
    Newest,
    Favourites,
}
