using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>
/// What was learned from a set of messages: traits per source, counters per event name, accounts, first and last touch.
/// Immutable. Messages fold in any order, folds join in any grouping: the same messages give the same bytes.
/// </summary>
public sealed class ProfileFold
{
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

    /// <summary>The fold with one more message in it. The caller sees to it that no message comes twice.</summary>
    public ProfileFold Apply(Envelope envelope) => throw new NotImplementedException();

    /// <summary>The fold of both sets of messages. Commutative and associative; <see cref="Empty"/> is neutral.</summary>
    public static ProfileFold Join(ProfileFold left, ProfileFold right) => throw new NotImplementedException();

    /// <summary>Writes the canonical form: equal folds give equal bytes.</summary>
    public void WriteJson(Utf8JsonWriter writer) => throw new NotImplementedException();

    /// <summary>Reads what <see cref="WriteJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ProfileFold ReadJson(ref Utf8JsonReader reader) => throw new NotImplementedException();
}
