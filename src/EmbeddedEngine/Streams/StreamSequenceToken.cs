using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orleans.Streams;

namespace Orleans.Streams
{
    /// <summary>The place of an event in its stream.</summary>
    [GenerateSerializer]
    [SuppressMessage("Design", "CA1036", Justification = "Orleans has no operators here.")]
    [SuppressMessage("Design", "MA0097", Justification = "Orleans has no operators here.")]
    public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken?>, IComparable<StreamSequenceToken?>
    {
        public abstract long SequenceNumber { get; protected set; }

        public abstract int EventIndex { get; protected set; }

        /// <inheritdoc />
        public abstract bool Equals(StreamSequenceToken? other);

        /// <inheritdoc />
        public abstract int CompareTo(StreamSequenceToken? other);

        /// <inheritdoc />
        public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

        /// <inheritdoc />
        public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);
    }

    /// <summary>Comparisons of tokens.</summary>
    public static class StreamSequenceTokenUtilities
    {
        public static bool Newer(this StreamSequenceToken me, StreamSequenceToken other) => me.CompareTo(other) > 0;

        public static bool Older(this StreamSequenceToken me, StreamSequenceToken other) => me.CompareTo(other) < 0;
    }
}

namespace Orleans.Providers.Streams.Common
{
    /// <summary>A number per published batch, and the event's index in it.</summary>
    [GenerateSerializer]
    public class EventSequenceTokenV2 : StreamSequenceToken
    {
        public EventSequenceTokenV2() { }

        public EventSequenceTokenV2(long seqNumber)
            : this(seqNumber, 0) { }

        public EventSequenceTokenV2(long seqNumber, int eventInd)
        {
            SequenceNumber = seqNumber;
            EventIndex = eventInd;
        }

        [Id(0)]
        public sealed override long SequenceNumber { get; protected set; }

        [Id(1)]
        public sealed override int EventIndex { get; protected set; }

        /// <inheritdoc />
        public override bool Equals(StreamSequenceToken? other) =>
            other is EventSequenceTokenV2 && SequenceNumber == other.SequenceNumber && EventIndex == other.EventIndex;

        /// <inheritdoc />
        public override int CompareTo(StreamSequenceToken? other)
        {
            if (other is null)
            {
                return 1;
            }

            var bySequence = SequenceNumber.CompareTo(other.SequenceNumber);
            return bySequence != 0 ? bySequence : EventIndex.CompareTo(other.EventIndex);
        }

        /// <inheritdoc />
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"[EventSequenceTokenV2: SeqNum={SequenceNumber}, EventIndex={EventIndex}]"
            );
    }
}
