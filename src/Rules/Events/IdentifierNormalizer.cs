using Customer360.Rules.Identity;

namespace Customer360.Rules.Events;

/// <summary>
/// Why a value that stands in an identifier's place is none. The code is what receipts and envelopes hold.
/// </summary>
public static class BlockedReasons
{
    /// <summary>A placeholder (<see cref="BlockedValues"/>).</summary>
    public const string IllegalValue = "illegal_value";

    /// <summary>Longer than <see cref="IdentifierNormalizer.LengthMax"/> characters.</summary>
    public const string TooLong = "too_long";

    /// <summary>Not an e-mail address.</summary>
    public const string InvalidEmail = "invalid_email";

    /// <summary>Not a phone number that E.164 could write.</summary>
    public const string InvalidPhone = "invalid_phone";

    /// <summary>Holds control characters.</summary>
    public const string InvalidText = "invalid_text";

    /// <summary>The message holds more identifiers than are read from one.</summary>
    public const string TooMany = "too_many";
}

/// <summary>
/// Brings an identifier's value to the form in which two values are the same exactly when their characters are.
/// </summary>
/// <remarks>
/// No Unicode normal form is applied: the base class library's is switched off in invariant globalization mode, in
/// which the grid runs, so the result would hang on a host's settings. Case is folded by the invariant rules, which
/// don't.
/// </remarks>
public static class IdentifierNormalizer
{
    /// <summary>
    /// Characters of a value at most. A longer one is a mistake (a token, a document), and would be a grain's key.
    /// </summary>
    public const int LengthMax = 500;

    // RFC 5321 lets a path have 256 octets, its angle brackets included.
    private const int EmailLengthMax = 254;

    /// <summary>The value in normal form; null, and the reason, where it is no identifier.</summary>
    public static string? Normalize(string value, IdentifierRule rule, IdentityRules rules, out string reason)
    {
        reason = BlockedReasons.IllegalValue;
        string trimmed = value.Trim();
        if (rules.Blocked.IsBlocked(trimmed))
        {
            return null;
        }

        if (trimmed.Length > LengthMax)
        {
            reason = BlockedReasons.TooLong;
            return null;
        }

        if (trimmed.AsSpan().IndexOfAnyInRange('\u0000', '\u001f') >= 0)
        {
            reason = BlockedReasons.InvalidText;
            return null;
        }

        if (Normalize(trimmed, rule.Normalisation, rules.DefaultRegion, ref reason) is not { } normal)
        {
            return null;
        }

        reason = BlockedReasons.IllegalValue;
        return rule.Blocked.Contains(normal) ? null : normal;
    }

    /// <summary>The normal form of a trimmed value alone, or null where it is not of that form.</summary>
    internal static string? Normalize(
        string trimmed,
        Normalisation normalisation,
        string defaultRegion,
        ref string reason
    )
    {
        switch (normalisation)
        {
            case Normalisation.Exact:
                return trimmed;
            case Normalisation.LowerCase:
                return trimmed.ToLowerInvariant();
            case Normalisation.Email:
                reason = BlockedReasons.InvalidEmail;
                return IsEmail(trimmed) ? trimmed.ToLowerInvariant() : null;
            case Normalisation.Phone:
                reason = BlockedReasons.InvalidPhone;
                return PhoneNumbers.ToE164(trimmed, defaultRegion);
            default:
                throw new ArgumentOutOfRangeException(
                    nameof(normalisation),
                    normalisation,
                    "An unknown normalisation."
                );
        }
    }

    /// <summary>
    /// One @ with something on both sides; no white space, and none of the characters that only lists of addresses and
    /// display names have. Whether it can receive mail is not a question that a text answers.
    /// </summary>
    private static bool IsEmail(ReadOnlySpan<char> text)
    {
        int at = text.IndexOf('@');
        if (at <= 0 || at == text.Length - 1 || text.Length > EmailLengthMax || text[(at + 1)..].Contains('@'))
        {
            return false;
        }

        foreach (char character in text)
        {
            if (
                char.IsWhiteSpace(character)
                || char.IsControl(character)
                || character is '<' or '>' or ',' or ';' or '"'
            )
            {
                return false;
            }
        }

        return true;
    }
}
