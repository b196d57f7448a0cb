using System.Runtime.InteropServices;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>
/// The latest value of a trait that one source has given. Of two, the later one stands: by time, and of two that happened at
/// once the one that arrived later. An older value that arrives later loses.
/// </summary>
/// <remarks>
/// <para>
/// What a public source says with a signature is kept beside what it says without one. Else anybody who sends with that
/// source's key could take the signed word away.
/// </para>
/// <para>A struct of 64 bytes: a hundred thousand warm customers have millions of these.</para>
/// </remarks>
public readonly struct Trait : IEquatable<Trait>, IFoldEntry<Trait>
{
    private static readonly byte[][] s_common =
    [
        [.. "true"u8],
        [.. "false"u8],
        [.. "null"u8],
        [.. "\"\""u8],
    ];

    // The value of one that is too long to be kept: of the same bytes as a removal, and told from it by this object.
    private static readonly byte[] s_unkept = [.. "null"u8];

    private readonly byte[] _value;
    private readonly long _ticks;

    /// <param name="name">The trait's name.</param>
    /// <param name="source">The source that gave it.</param>
    /// <param name="valueJson">Compact UTF-8 JSON; <c>null</c> means that the source has removed it. Copied unless it
    /// is a whole array.</param>
    /// <param name="at">The event's time, UTC.</param>
    /// <param name="messageId">The message that set it.</param>
    /// <param name="arrival">When that message arrived.</param>
    /// <param name="trust">How far that message is believed.</param>
    public Trait(
        string name,
        string source,
        ReadOnlyMemory<byte> valueJson,
        DateTimeOffset at,
        string messageId,
        Arrival arrival,
        StatementTrust trust = StatementTrust.Trusted
    )
        : this(name, source, Owned(valueJson), at, messageId, arrival, trust) { }

    private Trait(
        string name,
        string source,
        byte[] value,
        DateTimeOffset at,
        string messageId,
        Arrival arrival,
        StatementTrust trust
    )
    {
        Trust = trust;
        Name = name;
        Source = source;
        _value = value;
        _ticks = at.UtcTicks;
        MessageId = messageId;
        Arrival = arrival;
    }

    /// <summary>
    /// The source has given a value that is too long to be kept. The word counts all the same: what it said before no longer
    /// stands, and readers are told why there is nothing.
    /// </summary>
    public static Trait TooLong(
        string name,
        string source,
        DateTimeOffset at,
        string messageId,
        Arrival arrival,
        StatementTrust trust = StatementTrust.Trusted
    ) => new(name, source, s_unkept, at, messageId, arrival, trust);

    public string Name { get; }

    public string Source { get; }

    /// <summary>Compact UTF-8 JSON; <c>null</c> means that the source has removed the trait.</summary>
    public ReadOnlyMemory<byte> ValueJson => _value;

    public DateTimeOffset At => new(_ticks, TimeSpan.Zero);

    public string MessageId { get; }

    public Arrival Arrival { get; }

    public StatementTrust Trust { get; }

    /// <summary>Anybody may have said it: it does not stand against what a source said that is believed.</summary>
    public bool IsClaimed => Trust == StatementTrust.Claimed;

    /// <summary>An officer has put it right: it stands against every word that was said before it.</summary>
    public bool IsCorrection => Trust == StatementTrust.Corrected;

    /// <summary>What is signed, and what is put right, is kept beside what the same source says without.</summary>
    private int Place =>
        Trust switch
        {
            StatementTrust.Signed => 1,
            StatementTrust.Corrected => 2,
            _ => 0,
        };

    /// <summary>
    /// There is no value: the source has removed the trait, or its value is too long. Kept, so that an older value that
    /// arrives later does not come back.
    /// </summary>
    public bool IsRemoved => _value.AsSpan().SequenceEqual("null"u8);

    /// <summary>There is no value because it is too long to be kept.</summary>
    public bool IsTooLong => ReferenceEquals(_value, s_unkept);

    /// <summary>Name, then source (ordinal), then what is neither signed nor put right before what is.</summary>
    public static int CompareKeys(in Trait left, in Trait right)
    {
        int byName = string.CompareOrdinal(left.Name, right.Name);
        if (byName != 0)
        {
            return byName;
        }

        int bySource = string.CompareOrdinal(left.Source, right.Source);
        return bySource != 0 ? bySource : left.Place.CompareTo(right.Place);
    }

    /// <summary>Whoever holds a public key could else push a trusted value out by claiming thousands of others.</summary>
    public static bool GivesWay(in Trait entry) => entry.IsClaimed;

    public static bool TryCombine(in Trait left, in Trait right, out Trait combined)
    {
        bool isLater = right.CompareTimes(left) > 0;
        combined = isLater ? right : left;
        return isLater;
    }

    internal Trait WithoutArrival() => new(Name, Source, _value, At, MessageId, default, Trust);

    /// <summary>
    /// Which of two sources' words stands where no rule says otherwise: what is only claimed never against what is believed,
    /// else the later one. Above zero where this is.
    /// </summary>
    internal int CompareWords(in Trait other) =>
        IsClaimed == other.IsClaimed ? CompareTimes(other) : other.IsClaimed.CompareTo(IsClaimed);

    /// <summary>Which of two values is the later one: above zero where this is.</summary>
    public int CompareTimes(in Trait other)
    {
        int byTime = _ticks.CompareTo(other._ticks);
        if (byTime != 0)
        {
            return byTime;
        }

        int byArrival = Arrival.CompareTo(other.Arrival);
        if (byArrival != 0)
        {
            return byArrival;
        }

        // Where neither has an arrival, the order of the release that stored them stands.
        int byMessage = string.CompareOrdinal(MessageId, other.MessageId);
        return byMessage != 0 ? byMessage : _value.AsSpan().SequenceCompareTo(other._value);
    }

    public bool Equals(Trait other) =>
        _ticks == other._ticks
        && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && string.Equals(Source, other.Source, StringComparison.Ordinal)
        && string.Equals(MessageId, other.MessageId, StringComparison.Ordinal)
        && Arrival == other.Arrival
        && Trust == other.Trust
        && IsTooLong == other.IsTooLong
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
        foreach (byte[] common in span.Length <= 5 ? s_common : [])
        {
            if (span.SequenceEqual(common))
            {
                return common;
            }
        }

        return span.ToArray();
    }
}
