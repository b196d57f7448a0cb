namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>Writes numbers bit by bit into the base64url alphabet, as the encoders of consent platforms do.</summary>
internal sealed class BitText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private readonly List<bool> _bits = [];

    public int Length => _bits.Count;

    public BitText Write(long value, int count)
    {
        for (int bit = count - 1; bit >= 0; bit--)
        {
            _bits.Add(((value >> bit) & 1) == 1);
        }

        return this;
    }

    public BitText Write(bool value) => Write(value ? 1 : 0, 1);

    /// <summary>A bit for each id from 1 on.</summary>
    public BitText WriteIds(IEnumerable<int> ids, int count)
    {
        var set = ids.ToHashSet();
        for (int id = 1; id <= count; id++)
        {
            Write(set.Contains(id));
        }

        return this;
    }

    /// <summary>The Fibonacci code: greedy from the largest weight down, written from the smallest up, then a 1.</summary>
    public BitText WriteFibonacci(int value)
    {
        List<int> weights = [1, 2];
        while (weights[^1] < value)
        {
            weights.Add(weights[^1] + weights[^2]);
        }

        while (weights[^1] > value)
        {
            weights.RemoveAt(weights.Count - 1);
        }

        bool[] isIn = new bool[weights.Count];
        for (int i = weights.Count - 1; i >= 0; i--)
        {
            isIn[i] = weights[i] <= value;
            value -= isIn[i] ? weights[i] : 0;
        }

        foreach (bool bit in isIn)
        {
            Write(bit);
        }

        return Write(true);
    }

    /// <summary>Filled up with zeros to a multiple of <paramref name="fill"/>, then to one of 6.</summary>
    public string ToText(int fill = 6)
    {
        List<bool> bits = [.. _bits];
        foreach (int multiple in (int[])[fill, 6])
        {
            while (bits.Count % multiple != 0)
            {
                bits.Add(false);
            }
        }

        return string.Concat(
            bits.Chunk(6).Select(chunk => Alphabet[chunk.Aggregate(0, (value, bit) => (value << 1) | (bit ? 1 : 0))])
        );
    }
}
