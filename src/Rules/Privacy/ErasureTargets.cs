using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Identifiers;

namespace Customer360.Rules.Privacy;

/// <summary>
/// The identifiers that are being erased, and where JSON mentions them. A text is a mention where it is one of their values, or has
/// one as a word of its own (also in an address of a page, with its escapes). Immutable.
/// </summary>
/// <remarks>
/// <para>
/// A short value (a user id such as <c>42</c>) is looked for in the members only that hold identifiers: anywhere else it could be
/// anything. What is longer than <see cref="TellingLength"/>, or has an @, is looked for everywhere.
/// </para>
/// <para>
/// A mention is replaced by <c>null</c>, which removes a trait as its source's own <c>null</c> would. So folding the redacted log
/// and redacting the fold come to the same bytes, and nobody's history has to be folded anew.
/// </para>
/// </remarks>
public sealed class ErasureTargets
{
    /// <summary>Characters from which on a value is taken to mean nothing but itself.</summary>
    public const int TellingLength = 8;

    private const string Phone = "phone";
    private const int WordLengthMin = 5;
    private const int StackCharsMax = 512;
    private const int PhoneLengthMax = 32;

    // What stands between words.
    private static readonly char[] s_words = [.. " \t\r\n?&=/;,<>\"'()[]{}|\\#:!"];
    private static readonly SearchValues<char> s_between = SearchValues.Create(s_words);
    private static readonly SearchValues<char> s_phone = SearchValues.Create("+0123456789 ()./-");
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 1_100 };

    private static readonly HashSet<string> s_members = new(StringComparer.OrdinalIgnoreCase)
    {
        "userId",
        "user_id",
        "anonymousId",
        "anonymous_id",
        "previousId",
        "id",
        "email",
        "phone",
        "token",
        "advertisingId",
        "clientId",
        "value",
    };

    private readonly HashSet<Identifier> _identifiers;
    private readonly HashSet<Identifier> _former;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _telling = new(StringComparer.Ordinal);
    private readonly HashSet<string> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _short = new(StringComparer.Ordinal);
    private readonly HashSet<string> _digits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Identifier>> _byValue = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _lengthMin = int.MaxValue;

    /// <param name="identifiers">In normal form.</param>
    public ErasureTargets(IEnumerable<Identifier> identifiers)
    {
        _identifiers = [.. identifiers];
        _former = [.. _identifiers.Select(FormerIds.TwinOf).OfType<Identifier>()];
        foreach (Identifier identifier in _identifiers)
        {
            string value = identifier.Value;
            _texts.Add(identifier.ToString());
            _lengthMin = Math.Min(_lengthMin, value.Length);
            if (value.Contains('@', StringComparison.Ordinal))
            {
                _addresses.Add(value);
            }
            else if (value.Length >= TellingLength)
            {
                _telling.Add(value);
            }
            else
            {
                _short.Add(value);
            }

            if (identifier.Type == Phone || identifier.Type.StartsWith($"{Phone}@", StringComparison.Ordinal))
            {
                _digits.Add(DigitsOf(value));
            }

            if (!_byValue.TryGetValue(value, out List<Identifier>? same))
            {
                _byValue.Add(value, same = []);
            }

            same.Add(identifier);
        }
    }

    public IReadOnlyCollection<Identifier> Identifiers => _identifiers;

    public bool IsEmpty => _identifiers.Count == 0;

    public bool Contains(Identifier identifier) => _identifiers.Contains(identifier);

    /// <summary>True of one that an alias call may have made of an erased id: see <see cref="FormerIds"/>.</summary>
    public bool IsFormer(Identifier identifier) => _former.Contains(identifier);

    /// <summary>True of <c>type:value</c>.</summary>
    public bool ContainsText(string text) => _texts.Contains(text);

    /// <summary>The JSON with every mention replaced by <c>null</c> (of a member's name by <c>erased</c>); null where it has none.</summary>
    /// <param name="json">Valid JSON in UTF-8; what is not replaced keeps its bytes.</param>
    /// <param name="member">The name of the member whose value it is, or null.</param>
    public byte[]? Redact(ReadOnlySpan<byte> json, string? member = null)
    {
        List<(int Start, int End, bool IsName)>? mentions = FindMentions(json, member);
        if (mentions is null)
        {
            return null;
        }

        var redacted = new ArrayBufferWriter<byte>(json.Length);
        int copied = 0;
        foreach ((int start, int end, bool isName) in mentions)
        {
            redacted.Write(json[copied..start]);
            redacted.Write(isName ? "\"erased\""u8 : "null"u8);
            copied = end;
        }

        redacted.Write(json[copied..]);
        return redacted.WrittenSpan.ToArray();
    }

    /// <summary>True where the JSON has a mention.</summary>
    public bool AreMentioned(ReadOnlySpan<byte> json) => FindMentions(json, member: null) is not null;

    /// <summary>Those that the JSON mentions.</summary>
    public ImmutableArray<Identifier> MentionedIn(ReadOnlySpan<byte> json)
    {
        HashSet<Identifier> found = [];
        foreach ((int start, int end, _) in FindMentions(json, member: null) ?? [])
        {
            var token = new Utf8JsonReader(json[start..end]);
            token.Read();
            found.UnionWith(
                NamedBy(token.TokenType == JsonTokenType.String ? token.GetString()! : NumberText.Of(token.ValueSpan))
            );
        }

        return [.. found.Order()];
    }

    /// <summary>True where the text mentions one of them.</summary>
    /// <param name="text">Without escapes.</param>
    /// <param name="member">The name of the member that has it; empty: it stands alone.</param>
    public bool AreMentionedIn(ReadOnlySpan<char> text, ReadOnlySpan<char> member)
    {
        ReadOnlySpan<char> trimmed = text.Trim();
        if (trimmed.Length < _lengthMin)
        {
            return false;
        }

        if (IsWhole(trimmed) || IsInMember(trimmed, member))
        {
            return true;
        }

        bool hasWords = trimmed.ContainsAny(s_between);
        if (hasWords && HasWord(trimmed))
        {
            return true;
        }

        return HasOtherSpelling(trimmed) && IsSpelledIn(trimmed.ToString(), member, hasWords);
    }

    /// <summary>Whatever is read as one of the values when it comes in is a mention of it, however it is spelled.</summary>
    private bool IsSpelledIn(string text, ReadOnlySpan<char> member, bool hasWords)
    {
        string spelled = SpellingOf(text);
        return IsWhole(spelled)
            || IsInMember(spelled, member)
            || (
                hasWords
                && text.Split(s_words, StringSplitOptions.RemoveEmptyEntries)
                    .Select(word => SpellingOf(word.Trim('.')))
                    .Any(word => word.Length >= WordLengthMin && IsWhole(word))
            );
    }

    /// <summary>Plain letters and digits have one spelling; quickly seen of nearly all texts.</summary>
    private static bool HasOtherSpelling(ReadOnlySpan<char> text) =>
        !Ascii.IsValid(text)
        || text.Contains(".0", StringComparison.Ordinal)
        || text.Contains("xn--", StringComparison.OrdinalIgnoreCase)
        || text.Contains("mailto:", StringComparison.OrdinalIgnoreCase);

    private static string SpellingOf(string text)
    {
        string id = IdText.Of(text);
        return EmailText.Of(id) ?? id;
    }

    private HashSet<Identifier> NamedBy(string text)
    {
        HashSet<Identifier> named = [];
        Add(text.Trim());
        Add(SpellingOf(text));
        foreach (string word in text.Split(s_words, StringSplitOptions.RemoveEmptyEntries))
        {
            Add(word.Trim('.'));
            Add(SpellingOf(word.Trim('.')));
            Add(Uri.UnescapeDataString(word).Trim('.'));
        }

        string digits = DigitsOf(text);
        if (_digits.Contains(digits))
        {
            named.UnionWith(_identifiers.Where(one => DigitsOf(one.Value) == digits));
        }

        return named;

        void Add(string value)
        {
            if (_byValue.TryGetValue(value, out List<Identifier>? same))
            {
                named.UnionWith(same);
            }

            if (Identifier.TryParse(value, out Identifier identifier) && _identifiers.Contains(identifier))
            {
                named.Add(identifier);
            }
        }
    }

    private List<(int Start, int End, bool IsName)>? FindMentions(ReadOnlySpan<byte> json, string? member)
    {
        if (IsEmpty)
        {
            return null;
        }

        List<(int, int, bool)>? mentions = null;
        string current = member ?? "";
        var reader = new Utf8JsonReader(json, s_options);
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    current = NameOf(ref reader);
                    if (AreMentionedIn(current, member: default))
                    {
                        (mentions ??= []).Add((start, start + reader.ValueSpan.Length + 2, true));
                    }

                    break;
                case JsonTokenType.String when IsMention(ref reader, current):
                    (mentions ??= []).Add((start, start + reader.ValueSpan.Length + 2, false));
                    break;
                case JsonTokenType.Number when IsMention(ref reader, current):
                    (mentions ??= []).Add((start, start + reader.ValueSpan.Length, false));
                    break;
                default:
                    break;
            }
        }

        return mentions;
    }

    private bool IsMention(ref Utf8JsonReader reader, string member)
    {
        ReadOnlySpan<byte> value = reader.ValueSpan;
        if (reader.TokenType == JsonTokenType.Number && value.IndexOfAny(".eE"u8) >= 0)
        {
            // As ids of numbers are read: 1234.0 and 1.234e3 are 1234.
            return AreMentionedIn(NumberText.Of(value), member);
        }

        if (value.Length < _lengthMin)
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
        {
            return AreMentionedIn(reader.GetString(), member);
        }

        if (value.Length > StackCharsMax)
        {
            return AreMentionedIn(Encoding.UTF8.GetString(value), member);
        }

        Span<char> text = stackalloc char[StackCharsMax];
        return AreMentionedIn(text[..Encoding.UTF8.GetChars(value, text)], member);
    }

    private static string NameOf(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? reader.GetString()! : TextPool.Read(reader.ValueSpan);

    private bool IsWhole(ReadOnlySpan<char> text) =>
        Has(_telling, text) || Has(_texts, text) || (text.Contains('@') && Has(_addresses, text));

    private bool IsInMember(ReadOnlySpan<char> text, ReadOnlySpan<char> member)
    {
        if (member.IsEmpty || !s_members.GetAlternateLookup<ReadOnlySpan<char>>().Contains(member))
        {
            return false;
        }

        return Has(_short, text)
            || (
                _digits.Count > 0
                && text.Length <= PhoneLengthMax
                && !text.ContainsAnyExcept(s_phone)
                && _digits.Contains(DigitsOf(text))
            );
    }

    private bool HasWord(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOfAny(s_between);
            ReadOnlySpan<char> word = (end < 0 ? text : text[..end]).Trim('.');
            if (word.Length >= WordLengthMin && (IsWhole(word) || (word.Contains('%') && IsWhole(Unescaped(word)))))
            {
                return true;
            }

            text = end < 0 ? [] : text[(end + 1)..];
        }

        return false;
    }

    private static string Unescaped(ReadOnlySpan<char> word) => Uri.UnescapeDataString(word);

    private static bool Has(HashSet<string> set, ReadOnlySpan<char> text) =>
        set.Count > 0 && set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text);

    private static string DigitsOf(ReadOnlySpan<char> text)
    {
        var digits = new StringBuilder(text.Length);
        foreach (char one in text)
        {
            if (char.IsAsciiDigit(one))
            {
                digits.Append(one);
            }
        }

        return digits.ToString();
    }
}
