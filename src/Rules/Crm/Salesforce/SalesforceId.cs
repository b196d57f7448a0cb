using System.Diagnostics.CodeAnalysis;

namespace Customer360.Rules.Crm.Salesforce;

/// <summary>
/// Ids of Salesforce's records in one form, 18 characters. Of 15 characters the case counts. The three more say which letters are
/// capitals, so that a system that ignores or changes case loses nothing.
/// </summary>
public static class SalesforceId
{
    public const string AccountPrefix = "001";
    public const string ContactPrefix = "003";
    public const string LeadPrefix = "00Q";
    public const string OpportunityPrefix = "006";

    private const int ShortLength = 15;
    private const int LongLength = 18;
    private const int Chunk = 5;

    /// <summary>A check character says in five bits which of five characters are capitals.</summary>
    private const string CheckCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    /// <summary>Brings an id of either form to 18 characters; false where it is none, or its check characters can't be its own.</summary>
    public static bool TryNormalize(string? text, [NotNullWhen(true)] out string? id)
    {
        id = null;
        if (text is not { Length: ShortLength or LongLength } || !text.All(char.IsAsciiLetterOrDigit))
        {
            return false;
        }

        Span<char> characters = stackalloc char[LongLength];
        text.CopyTo(characters);
        for (int chunk = 0; chunk < ShortLength / Chunk; chunk++)
        {
            Span<char> letters = characters.Slice(chunk * Chunk, Chunk);
            ref char check = ref characters[ShortLength + chunk];
            if (text.Length == LongLength && !TryRestoreCase(letters, char.ToUpperInvariant(check)))
            {
                return false;
            }

            check = CheckOf(letters);
        }

        id = new string(characters);
        return true;
    }

    private static bool TryRestoreCase(Span<char> letters, char check)
    {
        int capitals = CheckCharacters.IndexOf(check, StringComparison.Ordinal);
        if (capitals < 0)
        {
            return false;
        }

        for (int place = 0; place < letters.Length; place++)
        {
            bool isCapital = (capitals >> place & 1) == 1;
            if (isCapital && !char.IsAsciiLetter(letters[place]))
            {
                // A digit has no case: the check characters are another id's.
                return false;
            }

            letters[place] = isCapital ? char.ToUpperInvariant(letters[place]) : char.ToLowerInvariant(letters[place]);
        }

        return true;
    }

    private static char CheckOf(ReadOnlySpan<char> letters)
    {
        int capitals = 0;
        for (int place = 0; place < letters.Length; place++)
        {
            capitals |= char.IsAsciiLetterUpper(letters[place]) ? 1 << place : 0;
        }

        return CheckCharacters[capitals];
    }
}
