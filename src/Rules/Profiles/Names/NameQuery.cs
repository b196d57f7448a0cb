using System.Collections.Immutable;
using Customer360.Rules.Identifiers;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Profiles.Names;

/// <summary>What somebody typed to find people: each word is a word of the name, or how one begins. Their order does not matter.</summary>
public sealed class NameQuery
{
    /// <summary>Characters of what is typed.</summary>
    public const int TextLengthMax = 256;

    /// <summary>Words that are asked for at once.</summary>
    public const int WordsMax = 8;

    private NameQuery(ImmutableArray<string> words) => Words = words;

    /// <summary>
    /// In their one spelling, the longest first. One that is the beginning of another is left out: whoever has the other has it.
    /// </summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>Takes what was typed apart; refused where there is nothing to look for, or too much.</summary>
    public static Outcome<NameQuery> Of(string text)
    {
        if (text.Length > TextLengthMax)
        {
            return new NameTooLong();
        }

        ImmutableArray<string> words = NameText.Words(text);
        string[] asked =
        [
            .. words
                .Where(word =>
                    !words.Any(other => other.Length > word.Length && other.StartsWith(word, StringComparison.Ordinal))
                )
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(word => word.Length)
                .ThenBy(word => word, StringComparer.Ordinal),
        ];
        return asked.Length == 0 ? new NameEmpty()
            : asked.Length > WordsMax ? new NameTooLong()
            : new NameQuery([.. asked]);
    }

    /// <summary>The number of the word with which a search begins: the rarest, and of those that are as rare the longest.</summary>
    /// <param name="counts">How many names have each word, or as many as were counted.</param>
    public static int Rarest(ImmutableArray<int> counts) => counts.IndexOf(counts.Min());

    /// <summary>Whether somebody has these words. Each word that is asked for is the beginning of one of them.</summary>
    public bool Matches(ImmutableArray<NameWord> names) =>
        Words.All(word => names.Any(name => name.Word.StartsWith(word, StringComparison.Ordinal)));

    /// <summary>Whether a name is meant: of a company, say.</summary>
    public bool Matches(string name)
    {
        ImmutableArray<string> words = NameText.Words(name);
        return Words.All(word => words.Any(one => one.StartsWith(word, StringComparison.Ordinal)));
    }
}

/// <summary>There is no letter and no digit in it.</summary>
public sealed record NameEmpty() : Refusal("name_empty", "A name needs a letter or a digit.");

/// <summary>It is longer than any name.</summary>
public sealed record NameTooLong() : Refusal("name_too_long", "A name is sought by up to 256 characters and 8 words.");
