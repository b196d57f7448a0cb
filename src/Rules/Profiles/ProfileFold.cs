using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>
/// What was learned from a set of messages: traits per source, counters per event name, accounts, first and last
/// touch. Immutable. Messages fold in any order, folds join in any grouping: the same messages give the same bytes.
/// </summary>
/// <remarks>
/// Every part is a join-semilattice or a sum: the later of two values, the smaller and the greater of two times, a sum
/// of counts over messages that the caller hands over once each. A fold is bounded; over a bound the ordinally
/// smallest keys stay (<see cref="FoldEntries.Union"/> says why that keeps the order out of it) and
/// <see cref="IsTruncated"/> tells.
/// </remarks>
public sealed class ProfileFold : IEquatable<ProfileFold>
{
    /// <summary>Traits, counted per name and source.</summary>
    public const int TraitCountMax = 2_000;

    public const int CounterCountMax = 2_000;

    public const int AccountCountMax = 1_000;

    /// <summary>
    /// Characters of a trait's or an event's name. A longer trait is not folded (it stays in the log), a longer event
    /// counts under the empty name of its kind: nobody names things so, but a sender's mistake can put a text there
    /// each time anew.
    /// </summary>
    public const int NameLengthMax = 255;

    /// <summary>
    /// Bytes of a trait's value. Of a larger one only that it came is kept (<see cref="Trait.TooLong"/>): state is written
    /// with every batch and has to stay small.
    /// </summary>
    public const int ValueLengthMax = 8 * 1024;

    public static ProfileFold Empty { get; } = new();

    /// <summary>By name, then source (ordinal), then what was said without a signature before what was signed.</summary>
    public ImmutableArray<Trait> Traits { get; init; } = [];

    /// <summary>By kind, then name (ordinal).</summary>
    public ImmutableArray<EventCounter> Counters { get; init; } = [];

    /// <summary>By group id (ordinal); those that the person has left, too.</summary>
    public ImmutableArray<AccountLink> Accounts { get; init; } = [];

    public Touch? First { get; init; }

    public Touch? Last { get; init; }

    /// <summary>How many messages were folded.</summary>
    public long MessageCount { get; init; }

    /// <summary>How many of them were only claimed (<see cref="StatementTrust.Claimed"/>).</summary>
    public long ClaimedCount { get; init; }

    /// <summary>There were more traits, counters or accounts than a fold keeps.</summary>
    public bool IsTruncated { get; init; }

    private bool IsEmpty =>
        MessageCount == 0 && Traits.IsEmpty && Counters.IsEmpty && Accounts.IsEmpty && First is null;

    /// <summary>The fold of one message.</summary>
    public static ProfileFold Of(Envelope envelope, LogPlace place) => Empty.Apply(envelope, place);

    /// <summary>The fold with one more message in it. The caller sees to it that no message comes twice.</summary>
    /// <param name="envelope">The message.</param>
    /// <param name="place">Where it stands in the log.</param>
    public ProfileFold Apply(Envelope envelope, LogPlace place)
    {
        bool isTruncated = IsTruncated;
        var arrival = Arrival.Of(envelope, place);
        var counter = new EventCounter(
            envelope.Kind,
            envelope.Name is { Length: <= NameLengthMax } name ? name : "",
            1,
            envelope.Timestamp,
            envelope.Timestamp
        );
        var touch = new Touch(envelope.Timestamp, envelope.MessageId, envelope.Source, arrival);
        return new ProfileFold
        {
            Traits = FoldEntries.Union(
                Traits,
                TraitsOf(envelope.Traits, envelope, arrival),
                TraitCountMax,
                ref isTruncated
            ),
            Counters = FoldEntries.Union(Counters, [counter], CounterCountMax, ref isTruncated),
            Accounts = FoldEntries.Union(Accounts, AccountsOf(envelope), AccountCountMax, ref isTruncated),
            First = Touch.First(First, touch),
            Last = Touch.Last(Last, touch),
            MessageCount = MessageCount + 1,
            ClaimedCount = ClaimedCount + (envelope.Trust == StatementTrust.Claimed ? 1 : 0),
            IsTruncated = isTruncated,
        };
    }

    /// <summary>
    /// The fold of both sets of messages. Commutative and associative; <see cref="Empty"/> is neutral.
    /// </summary>
    public static ProfileFold Join(ProfileFold left, ProfileFold right)
    {
        // The same object, so a customer with one identifier keeps one fold in memory and not two.
        if (left.IsEmpty || right.IsEmpty)
        {
            return left.IsEmpty ? right : left;
        }

        bool isTruncated = left.IsTruncated || right.IsTruncated;
        return new ProfileFold
        {
            Traits = FoldEntries.Union(left.Traits, right.Traits.AsSpan(), TraitCountMax, ref isTruncated),
            Counters = FoldEntries.Union(left.Counters, right.Counters.AsSpan(), CounterCountMax, ref isTruncated),
            Accounts = FoldEntries.Union(left.Accounts, right.Accounts.AsSpan(), AccountCountMax, ref isTruncated),
            First = Touch.First(left.First, right.First),
            Last = Touch.Last(left.Last, right.Last),
            MessageCount = left.MessageCount + right.MessageCount,
            ClaimedCount = left.ClaimedCount + right.ClaimedCount,
            IsTruncated = isTruncated,
        };
    }

    /// <summary>
    /// The fold without the arrivals, as a release that did not note them has stored it. A check compares this form, because
    /// a state without arrivals would else be reported as different from the log.
    /// </summary>
    public ProfileFold WithoutArrivals() =>
        new()
        {
            Traits = [.. Traits.Select(trait => trait.WithoutArrival())],
            Counters = Counters,
            Accounts = Accounts,
            First = First?.WithoutArrival(),
            Last = Last?.WithoutArrival(),
            MessageCount = MessageCount,
            ClaimedCount = ClaimedCount,
            IsTruncated = IsTruncated,
        };

    /// <summary>Writes the canonical form: equal folds give equal bytes.</summary>
    /// <remarks>
    /// <c>{"messageCount","claimedCount"?,"first":{"at","messageId","source","arrival"},"last":{…},
    /// "traits":[{"name","source","trust"?,"value","tooLong"?,"at","messageId","arrival"}],"counters":[{"kind","name","count","firstAt","lastAt"}],
    /// "accounts":[{"groupId","firstAt","lastAt","leftAt"}],"truncated"}</c>; an arrival is <c>[receivedAt, partition, position]</c>.
    /// What is empty, false or not known is left out.
    /// </remarks>
    public void WriteJson(Utf8JsonWriter writer) => ProfileFoldWriter.Write(writer, this);

    /// <summary>
    /// Reads what <see cref="WriteJson"/> wrote. The reader stands before or on the object, over one span.
    /// </summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ProfileFold ReadJson(ref Utf8JsonReader reader) => ProfileFoldReader.Read(ref reader);

    public bool Equals(ProfileFold? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && MessageCount == other.MessageCount
            && ClaimedCount == other.ClaimedCount
            && IsTruncated == other.IsTruncated
            && First == other.First
            && Last == other.Last
            && Traits.AsSpan().SequenceEqual(other.Traits.AsSpan())
            && Counters.AsSpan().SequenceEqual(other.Counters.AsSpan())
            && Accounts.AsSpan().SequenceEqual(other.Accounts.AsSpan())
        );

    public override bool Equals(object? obj) => Equals(obj as ProfileFold);

    public override int GetHashCode() => HashCode.Combine(MessageCount, First, Last, Traits.Length, Counters.Length);

    /// <summary>A message's words on traits, of a person or of an account.</summary>
    internal static ReadOnlySpan<Trait> TraitsOf(
        ImmutableArray<TraitAssignment> assignments,
        Envelope envelope,
        Arrival arrival
    )
    {
        if (assignments.IsEmpty)
        {
            return [];
        }

        var traits = new Trait[assignments.Length];
        int count = 0;
        (string source, DateTimeOffset at, string messageId, StatementTrust trust) = (
            envelope.Source,
            envelope.Timestamp,
            envelope.MessageId,
            envelope.Trust
        );
        foreach ((string name, ReadOnlyMemory<byte> value) in assignments)
        {
            if (name.Length <= NameLengthMax)
            {
                traits[count++] =
                    value.Length <= ValueLengthMax
                        ? new Trait(name, source, value, at, messageId, arrival, trust)
                        : Trait.TooLong(name, source, at, messageId, arrival, trust);
            }
        }

        return traits.AsSpan(0, count);
    }

    private static ReadOnlySpan<AccountLink> AccountsOf(Envelope envelope) =>
        envelope is { Kind: EventKind.Group, GroupId: { } groupId }
            ? new[] { new AccountLink(groupId, envelope.Timestamp, envelope.Timestamp) }
        : AccountLeaving.Is(envelope) ? new[] { AccountLink.Left(envelope.GroupId!, envelope.Timestamp) }
        : [];
}
