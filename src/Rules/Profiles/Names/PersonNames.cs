using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Identifiers;

namespace Customer360.Rules.Profiles.Names;

/// <summary>A word of a person's names.</summary>
/// <param name="Word">In its one spelling (<see cref="NameText"/>).</param>
/// <param name="Fields">The traits that have it.</param>
public readonly record struct NameWord(string Word, NameFields Fields);

/// <summary>
/// The words by which a person is found. Those of every source, whichever of them is the master: so another policy changes nothing that is
/// stored, and who reads decides what the caller may see of it.
/// </summary>
public static class PersonNames
{
    /// <summary>How words are made. Another number has the list of names made anew.</summary>
    public const int Version = 1;

    /// <summary>Words of one person; of more the first by ordinal order are kept.</summary>
    public const int WordsMax = 64;

    private static readonly (string Trait, NameFields Field)[] s_traits =
    [
        ("firstName", NameFields.FirstName),
        ("lastName", NameFields.LastName),
        ("name", NameFields.Name),
    ];

    /// <summary>The traits that are names, with the field that each is.</summary>
    public static IEnumerable<(string Trait, NameFields Field)> Traits => s_traits;

    /// <summary>Whether a message says anything about names.</summary>
    public static bool Concern(ImmutableArray<TraitAssignment> traits)
    {
        foreach (TraitAssignment trait in traits)
        {
            if (FieldOf(trait.Name) != NameFields.None)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The words of all that a customer holds, by ordinal order.</summary>
    public static ImmutableArray<NameWord> Of(ProfileMap map)
    {
        SortedDictionary<string, NameFields>? words = null;
        foreach (ProfileEntry entry in map.Entries)
        {
            Add(entry.Fold.Traits, ref words);
        }

        return Listed(words);
    }

    /// <summary>The words of some traits, by ordinal order.</summary>
    public static ImmutableArray<NameWord> Of(IEnumerable<Trait> traits)
    {
        SortedDictionary<string, NameFields>? words = null;
        Add(traits, ref words);
        return Listed(words);
    }

    private static ImmutableArray<NameWord> Listed(SortedDictionary<string, NameFields>? words) =>
        words is null ? [] : [.. words.Take(WordsMax).Select(one => new NameWord(one.Key, one.Value))];

    private static void Add(ImmutableArray<Trait> traits, ref SortedDictionary<string, NameFields>? words)
    {
        // Sorted by name, and a profile has many: most are passed over by their first letter.
        foreach (ref readonly Trait trait in traits.AsSpan())
        {
            if (trait.Name is ['f' or 'l' or 'n', ..])
            {
                Add(trait, ref words);
            }
        }
    }

    private static void Add(IEnumerable<Trait> traits, ref SortedDictionary<string, NameFields>? words)
    {
        foreach (Trait trait in traits)
        {
            Add(trait, ref words);
        }
    }

    private static void Add(in Trait trait, ref SortedDictionary<string, NameFields>? words)
    {
        NameFields field = FieldOf(trait.Name);
        if (field == NameFields.None || TextOf(trait.ValueJson) is not { } text)
        {
            return;
        }

        foreach (string word in NameText.Words(text))
        {
            words ??= new SortedDictionary<string, NameFields>(StringComparer.Ordinal);
            words[word] = words.GetValueOrDefault(word) | field;
        }
    }

    private static NameFields FieldOf(string trait)
    {
        foreach ((string name, NameFields field) in s_traits)
        {
            if (string.Equals(name, trait, StringComparison.Ordinal))
            {
                return field;
            }
        }

        return NameFields.None;
    }

    /// <summary>Null of what is no text.</summary>
    private static string? TextOf(ReadOnlyMemory<byte> json)
    {
        if (json.Length < 3 || json.Span[0] != '"')
        {
            return null;
        }

        using var value = JsonDocument.Parse(json);
        return value.RootElement.GetString();
    }
}
