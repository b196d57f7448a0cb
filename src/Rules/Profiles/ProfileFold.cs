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
    /// Bytes of a trait's value. A larger one is not folded: state is written with every batch and has to stay small.
    /// </summary>
    public const int ValueLengthMax = 8 * 1024;

    public static ProfileFold Empty { get; } = new();

    /// <summary>By name, then source (ordinal).</summary>
    public ImmutableArray<Trait> Traits { get; init; } = [];

    /// <summary>By kind, then name (ordinal).</summary>
    public ImmutableArray<EventCounter> Counters { get; init; } = [];

    /// <summary>By group id (ordinal).</summary>
    public ImmutableArray<AccountLink> Accounts { get; init; } = [];

    public Touch? First { get; init; }

    public Touch? Last { get; init; }

    /// <summary>How many messages were folded.</summary>
    public long MessageCount { get; init; }

    /// <summary>There were more traits, counters or accounts than a fold keeps.</summary>
    public bool IsTruncated { get; init; }

    private bool IsEmpty =>
        MessageCount == 0 && Traits.IsEmpty && Counters.IsEmpty && Accounts.IsEmpty && First is null;

    /// <summary>The fold of one message.</summary>
    public static ProfileFold Of(Envelope envelope) => Empty.Apply(envelope);

    /// <summary>The fold with one more message in it. The caller sees to it that no message comes twice.</summary>
    public ProfileFold Apply(Envelope envelope)
    {
        bool isTruncated = IsTruncated;
        var counter = new EventCounter(
            envelope.Kind,
            envelope.Name is { Length: <= NameLengthMax } name ? name : "",
            1,
            envelope.Timestamp,
            envelope.Timestamp
        );
        var touch = new Touch(envelope.Timestamp, envelope.MessageId, envelope.Source);
        return new ProfileFold
        {
            Traits = FoldEntries.Union(Traits, TraitsOf(envelope), TraitCountMax, ref isTruncated),
            Counters = FoldEntries.Union(Counters, [counter], CounterCountMax, ref isTruncated),
            Accounts = FoldEntries.Union(Accounts, AccountsOf(envelope), AccountCountMax, ref isTruncated),
            First = Touch.First(First, touch),
            Last = Touch.Last(Last, touch),
            MessageCount = MessageCount + 1,
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
            IsTruncated = isTruncated,
        };
    }

    /// <summary>Writes the canonical form: equal folds give equal bytes.</summary>
    /// <remarks>
    /// <c>{"messageCount","first":{"at","messageId","source"},"last":{…},
    /// "traits":[{"name","source","value","at","messageId"}],"counters":[{"kind","name","count","firstAt","lastAt"}],
    /// "accounts":[{"groupId","firstAt","lastAt"}],"truncated"}</c>; what is empty or false is left out.
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
            && IsTruncated == other.IsTruncated
            && First == other.First
            && Last == other.Last
            && Traits.AsSpan().SequenceEqual(other.Traits.AsSpan())
            && Counters.AsSpan().SequenceEqual(other.Counters.AsSpan())
            && Accounts.AsSpan().SequenceEqual(other.Accounts.AsSpan())
        );

    public override bool Equals(object? obj) => Equals(obj as ProfileFold);

    public override int GetHashCode() => HashCode.Combine(MessageCount, First, Last, Traits.Length, Counters.Length);

    private static ReadOnlySpan<Trait> TraitsOf(Envelope envelope)
    {
        if (envelope.Traits.IsEmpty)
        {
            return [];
        }

        var traits = new Trait[envelope.Traits.Length];
        int count = 0;
        foreach (TraitAssignment assignment in envelope.Traits)
        {
            if (assignment.Name.Length <= NameLengthMax && assignment.ValueJson.Length <= ValueLengthMax)
            {
                traits[count++] = new Trait(
                    assignment.Name,
                    envelope.Source,
                    assignment.ValueJson,
                    envelope.Timestamp,
                    envelope.MessageId
                );
            }
        }

        return traits.AsSpan(0, count);
    }

    private static ReadOnlySpan<AccountLink> AccountsOf(Envelope envelope) =>
        envelope is { Kind: EventKind.Group, GroupId: { } groupId }
            ? new[] { new AccountLink(groupId, envelope.Timestamp, envelope.Timestamp) }
            : [];
}
