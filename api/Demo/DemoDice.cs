using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Api.Demo;

/// <summary>
/// Chance that comes out the same every time: numbers that follow from a seed and a name (SplitMix64). Each person has dice of their
/// own, so that more people change nothing about the others.
/// </summary>
internal sealed class DemoDice(long seed, string name)
{
    private ulong _state = BinaryPrimitives.ReadUInt64BigEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {name}"))
    );

    /// <summary>0 to <paramref name="count"/> - 1.</summary>
    public int Next(int count) => (int)(Next() % (ulong)count);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Between(int least, int most) => least + Next(most - least + 1);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Chance(int percent) => Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
