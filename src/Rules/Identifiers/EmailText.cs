namespace Customer360.Rules.Identifiers;

/// <summary>The one spelling of an e-mail address.</summary>
internal static class EmailText
{
    // RFC 5321 lets a path have 256 octets, its angle brackets included.
    private const int LengthMax = 254;

    /// <summary>
    /// In lower case, without the dot of the root behind the domain; null where it is no address. What stands before the @ is
    /// the receiver's business: <c>j+tag@</c> and <c>j@</c> stay two.
    /// </summary>
    /// <param name="id">As <see cref="IdText"/> gives it.</param>
    public static string? Of(string id)
    {
        if (!IsAddress(id))
        {
            return null;
        }

        string lower = id.ToLowerInvariant();
        if (System.Text.Ascii.IsValid(lower) && lower[^1] != '.')
        {
            return lower;
        }

        string composed = UnicodeComposition.Compose(lower);
        int at = composed.IndexOf('@', StringComparison.Ordinal);
        string domain = Punycode.WithPlainStops(composed[(at + 1)..]);
        // All of them, so that the spelling of a spelling is itself.
        domain = domain.TrimEnd('.');
        return domain.Length > 0 ? composed[..(at + 1)] + domain : null;
    }

    /// <summary>
    /// One @ with something on both sides; no white space, and none of the characters that only lists of addresses and
    /// display names have. Whether it can receive mail is not a question that a text answers.
    /// </summary>
    private static bool IsAddress(ReadOnlySpan<char> text)
    {
        int at = text.IndexOf('@');
        if (at <= 0 || at == text.Length - 1 || text.Length > LengthMax || text[(at + 1)..].Contains('@'))
        {
            return false;
        }

        foreach (char character in text)
        {
            if (char.IsWhiteSpace(character) || character is '<' or '>' or ',' or ';' or '"')
            {
                return false;
            }
        }

        return true;
    }
}
