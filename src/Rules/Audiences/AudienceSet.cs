using System.Numerics;

namespace Customer360.Rules.Audiences;

/// <summary>Some of a policy's audiences, by their place in it. The default is none.</summary>
public readonly struct AudienceSet
{
    private readonly ulong[]? _words;

    private AudienceSet(ulong[] words) => _words = words;

    public bool IsEmpty => _words is null || Array.TrueForAll(_words, word => word == 0);

    public int Count => _words?.Sum(BitOperations.PopCount) ?? 0;

    public static AudienceSet All(int count) => Of(count, Enumerable.Range(0, count));

    public static AudienceSet Of(int count, IEnumerable<int> places)
    {
        ulong[] words = new ulong[(count + 63) / 64];
        foreach (int place in places)
        {
            words[place / 64] |= 1UL << (place % 64);
        }

        return new AudienceSet(words);
    }

    public bool Has(int place) => _words is not null && (_words[place / 64] & (1UL << (place % 64))) != 0;

    /// <summary>Both together. Sets of one policy only.</summary>
    public AudienceSet With(AudienceSet other)
    {
        if (_words is null || other._words is null || ReferenceEquals(_words, other._words))
        {
            return _words is null ? other : this;
        }

        ulong[] words = [.. _words];
        for (int index = 0; index < words.Length; index++)
        {
            words[index] |= other._words[index];
        }

        return new AudienceSet(words);
    }
}
