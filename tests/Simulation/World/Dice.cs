using Customer360.Simulation.Runtime;

namespace Customer360.Simulation.World;

/// <summary>
/// The run's chance: SplitMix64 (Steele, Lea, Flood 2014). It is written out, because a seed must always mean the same run,
/// whatever becomes of <see cref="Random"/>.
/// </summary>
internal sealed class Dice(ulong seed) : IChance
{
    private ulong _state = seed;

    /// <summary>Another sequence of the same seed for another purpose, so that more faults don't change the workload.</summary>
    public static Dice For(ulong seed, ulong purpose) =>
        new(new Dice((seed * 0x9E3779B97F4A7C15) ^ purpose).NextUInt64());

    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below) => (int)((NextUInt64() >> 32) * (ulong)below >> 32);

    public int Between(int least, int most) => least + Next(most - least + 1);

    /// <summary>True in so many of a thousand cases.</summary>
    public bool Chance(int perMille) => perMille > 0 && Next(1_000) < perMille;

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];
}
