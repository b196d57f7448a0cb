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
        id = Bare(id);
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
        string domain = UnicodeComposition.Compose(
            Punycode.WithPlainStops(InPlainWidth(composed[(at + 1)..])).ToLowerInvariant()
        );
        // All of them, so that the spelling of a spelling is itself.
        domain = domain.TrimEnd('.');
        return domain.Length > 0 ? composed[..(at + 1)] + domain : null;
    }

    /// <summary>Without what a link or a list of addresses has around one: <c>mailto:j@x.com?subject=…</c>, <c>'j@x.com'</c>.</summary>
    private static string Bare(string id)
    {
        const string Scheme = "mailto:";
        // Until nothing is left to take off, so that the spelling of a spelling is itself.
        while (true)
        {
            if (id.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            {
                id = id[Scheme.Length..].Split('?')[0];
            }
            else if (id.Length > 2 && id[0] == '\'' && id[^1] == '\'')
            {
                id = id[1..^1];
            }
            else
            {
                return id;
            }
        }
    }

    /// <summary>Letters as keyboards of East Asia write them in full width are the plain ones in a domain (UTS 46).</summary>
    private static string InPlainWidth(string domain) =>
        domain.AsSpan().ContainsAnyInRange('\uFF01', '\uFF5E')
            ? string.Concat(domain.Select(one => one is >= '\uFF01' and <= '\uFF5E' ? (char)(one - 0xFEE0) : one))
            : domain;

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
