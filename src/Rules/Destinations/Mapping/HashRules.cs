using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Destinations;

/// <summary>
/// How ad platforms want what names a person: brought into one form, and hashed. What is hashed already (64 hexadecimal digits) stays. A
/// value that has no such form is left out, since its hash would match nobody.
/// </summary>
/// <remarks>
/// By the platforms' own pages: Meta's Customer Information Parameters, Google's Customer Match and enhanced conversions, LinkedIn's and
/// TikTok's matching, Mailchimp's member ids.
/// </remarks>
public static class HashRules
{
    private const int HexLength = 64;

    private static readonly FrozenDictionary<string, Func<string, string?>> s_rules = new Dictionary<
        string,
        Func<string, string?>
    >(StringComparer.Ordinal)
    {
        ["lower"] = static value => Lower(value),
        ["sha256"] = static value => Hash(value.Trim()),
        ["meta.email"] = static value => Hash(Lower(value)),
        ["meta.phone"] = static value => Hash(MetaPhone(value)),
        ["meta.name"] = static value => Hash(WithoutMarks(Lower(value))),
        ["meta.city"] = static value => Hash(WithoutMarks(Lower(value))?.Replace(" ", "", StringComparison.Ordinal)),
        ["meta.state"] = static value => Hash(Letters(Lower(value), 2)),
        ["meta.zip"] = static value => Hash(Zip(value)),
        ["meta.country"] = static value => Hash(Letters(Lower(value), 2)),
        ["meta.gender"] = static value => Hash(Gender(value)),
        ["meta.birthday"] = static value => Hash(Birthday(value)),
        ["google.email"] = static value => Hash(GoogleEmail(value)),
        ["google.phone"] = static value => Hash(E164(value)),
        ["google.name"] = static value => Hash(Lower(value)),
        ["linkedin.email"] = static value => Hash(Lower(value)),
        ["tiktok.email"] = static value => Hash(Lower(value)),
        ["tiktok.phone"] = static value => Hash(E164(value)),
        ["mailchimp.email"] = static value => Md5(Lower(value)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of rules, in order.</summary>
    public static IEnumerable<string> Names => s_rules.Keys.Order(StringComparer.Ordinal);

    public static bool Has(string name) => s_rules.ContainsKey(name);

    /// <summary>The value by a rule; null: it has no such form.</summary>
    public static string? Apply(string rule, string value) =>
        // A member's id is an MD5, and lower case keeps a hash what it is.
        IsHashed(value) && rule is not ("lower" or "mailchimp.email")
            ? value.ToLowerInvariant()
            : s_rules[rule](value);

    private static bool IsHashed(string value) => value.Length == HexLength && value.All(char.IsAsciiHexDigit);

    private static string? Lower(string? value) =>
        value?.Trim().ToLowerInvariant() is { Length: > 0 } lower ? lower : null;

    private static string? Hash(string? value) =>
        value is { Length: > 0 } ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value))) : null;

    /// <summary>
    /// Mailchimp's id of a member is the MD5 of its address in lower case, whoever asks: a stronger hash would find nobody. It is a name
    /// on that wire, as the address would be, and nothing is kept secret or proved by it.
    /// </summary>
    private static string? Md5(string? value) =>
        value is null ? null
#pragma warning disable CA5351 // A broken algorithm harms nothing here: see above.
            : Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(value)));
#pragma warning restore CA5351

    /// <summary>Digits with the country's code, without a plus and leading zeros.</summary>
    private static string? MetaPhone(string value)
    {
        string digits = Digits(value).TrimStart('0');
        return digits.Length >= 7 ? digits : null;
    }

    /// <summary>With a plus. Of a number without one nobody knows the country.</summary>
    private static string? E164(string value)
    {
        string digits = Digits(value);
        return value.Trim().StartsWith('+') && digits.Length is >= 7 and <= 15 ? "+" + digits : null;
    }

    private static string Digits(string value) => string.Concat(value.Where(char.IsAsciiDigit));

    /// <summary>Of Gmail's own domains all dots before the at sign go, and what follows a plus. Of no other domain.</summary>
    private static string? GoogleEmail(string value)
    {
        if (Lower(value) is not { } email)
        {
            return null;
        }

        int at = email.LastIndexOf('@');
        if (at <= 0 || email[(at + 1)..] is not ("gmail.com" or "googlemail.com"))
        {
            return email;
        }

        string local = email[..at];
        int plus = local.IndexOf('+', StringComparison.Ordinal);
        local = (plus < 0 ? local : local[..plus]).Replace(".", "", StringComparison.Ordinal);
        return local.Length == 0 ? null : local + email[at..];
    }

    /// <summary>Without punctuation; letters of any language stay.</summary>
    private static string? WithoutMarks(string? value) =>
        value is null
            ? null
            : string.Concat(value.Where(one => !char.IsPunctuation(one) && !char.IsSymbol(one) && !char.IsDigit(one)))
                .Trim();

    private static string? Letters(string? value, int length) =>
        value is not null && value.Length == length && value.All(char.IsAsciiLetter) ? value : null;

    /// <summary>Of the United States the first five digits.</summary>
    private static string? Zip(string value)
    {
        string? zip = Lower(value)?.Replace(" ", "", StringComparison.Ordinal);
        return zip is { Length: 10 } && zip[5] == '-' && zip[..5].All(char.IsAsciiDigit)
            ? zip[..5]
            : zip?.Replace("-", "", StringComparison.Ordinal);
    }

    private static string? Gender(string value) =>
        Lower(value) switch
        {
            "f" or "female" => "f",
            "m" or "male" => "m",
            _ => null,
        };

    private static string? Birthday(string value) =>
        DateOnly.TryParseExact(
            value.Trim(),
            ["yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out DateOnly day
        )
            ? day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)
            : null;
}
