using System.Runtime.InteropServices;

namespace Customer360.Rules.Profiles;

/// <summary>
/// The latest value of a trait that one source has given. Of two, the later one stands: by time, then by message id,
/// then by the value's bytes, so that the order of arrival never matters.
/// </summary>
/// <remarks>A struct of 40 bytes: a hundred thousand warm customers have millions of these.</remarks>
public readonly struct Trait : IEquatable<Trait>, IFoldEntry<Trait>
{
    private static readonly byte[][] Common =
    [
        [.. "true"u8],
        [.. "false"u8],
        [.. "null"u8],
        [.. "\"\""u8],
    ];

    private readonly byte[] _value;
    private readonly long _ticks;

    /// <param name="name">The trait's name.</param>
    /// <param name="source">The source that gave it.</param>
    /// <param name="valueJson">Compact UTF-8 JSON; <c>null</c> means that the source has removed it. Copied unless it
    /// is a whole array.</param>
    /// <param name="at">The event's time, UTC.</param>
    /// <param name="messageId">The message that set it.</param>
    public Trait(string name, string source, ReadOnlyMemory<byte> valueJson, DateTimeOffset at, string messageId)
    {
        Name = name;
        Source = source;
        _value = Owned(valueJson);
        _ticks = at.UtcTicks;
        MessageId = messageId;
    }

    public string Name { get; }

    public string Source { get; }

    /// <summary>Compact UTF-8 JSON; <c>null</c> means that the source has removed the trait.</summary>
    public ReadOnlyMemory<byte> ValueJson => _value;

    public DateTimeOffset At => new(_ticks, TimeSpan.Zero);

    public string MessageId { get; }

    /// <summary>
    /// The source has removed the trait. Kept, so that an older value that arrives later stays removed.
    /// </summary>
    public bool IsRemoved => _value.AsSpan().SequenceEqual("null"u8);

    /// <summary>Name, then source (ordinal).</summary>
    public static int CompareKeys(in Trait left, in Trait right)
    {
        int byName = string.CompareOrdinal(left.Name, right.Name);
        return byName != 0 ? byName : string.CompareOrdinal(left.Source, right.Source);
    }

    public static bool TryCombine(in Trait left, in Trait right, out Trait combined)
    {
        bool isLater = right.CompareTimes(left) > 0;
        combined = isLater ? right : left;
        return isLater;
    }

    /// <summary>Which of two values is the later one: above zero where this is.</summary>
    public int CompareTimes(in Trait other)
    {
        int byTime = _ticks.CompareTo(other._ticks);
        if (byTime != 0)
        {
            return byTime;
        }

        int byMessage = string.CompareOrdinal(MessageId, other.MessageId);
        return byMessage != 0 ? byMessage : _value.AsSpan().SequenceCompareTo(other._value);
    }

    public bool Equals(Trait other) =>
        _ticks == other._ticks
        && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && string.Equals(Source, other.Source, StringComparison.Ordinal)
        && string.Equals(MessageId, other.MessageId, StringComparison.Ordinal)
        && _value.AsSpan().SequenceEqual(other._value);

    public override bool Equals(object? obj) => obj is Trait other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Name, Source, MessageId, _ticks);

    public static bool operator ==(Trait left, Trait right) => left.Equals(right);

    public static bool operator !=(Trait left, Trait right) => !left.Equals(right);

    /// <summary>
    /// A copy, because a slice would keep the whole message in memory for as long as its trait lives.
    /// </summary>
    private static byte[] Owned(ReadOnlyMemory<byte> value)
    {
        if (
            MemoryMarshal.TryGetArray(value, out ArraySegment<byte> segment)
            && segment.Offset == 0
            && segment.Count == segment.Array!.Length
        )
        {
            return segment.Array;
        }

        ReadOnlySpan<byte> span = value.Span;
        foreach (byte[] common in span.Length <= 5 ? Common : [])
        {
            if (span.SequenceEqual(common))
            {
                return common;
            }
        }

        return span.ToArray();
    }
}
