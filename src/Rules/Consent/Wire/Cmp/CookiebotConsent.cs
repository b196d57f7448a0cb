using System.Globalization;
using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// Cookiebot's cookie <c>CookieConsent</c>
/// (<c>{stamp:'…',necessary:true,preferences:false,statistics:false,marketing:true,method:'explicit',utc:1731969341591}</c>,
/// a script's object and not JSON, mostly percent-encoded) or its <c>Cookiebot.consent</c> as JSON.
/// </summary>
/// <remarks>A method other than explicit (<c>implied</c>: the person only went on) grants nothing.</remarks>
internal static class CookiebotConsent
{
    private static readonly string[] s_categories = ["necessary", "preferences", "statistics", "marketing"];

    public static void Read(JsonElement value, WireEntries entries)
    {
        List<KeyValuePair<string, string>> members =
        [
            .. WireJson
                .MembersOf(value)
                .Select(member =>
                    KeyValuePair.Create(
                        WireJson.NameOf(member) ?? "",
                        WireJson.TextOf(member.Value) is { } text ? $"'{text}'" : member.Value.GetRawText()
                    )
                ),
        ];
        Add(members, entries);
    }

    public static void ReadText(string text, WireEntries entries)
    {
        string plain = Uri.UnescapeDataString(text);
        if (MembersOf(plain) is { } members)
        {
            Add(members, entries);
        }
    }

    private static void Add(List<KeyValuePair<string, string>> members, WireEntries entries)
    {
        bool isExplicit = members.TrueForAll(member => member is not { Key: "method", Value: not "'explicit'" });
        DateTimeOffset? saidAt = members
            .Where(member => member.Key == "utc")
            .Select(member => TimeOf(member.Value))
            .FirstOrDefault();
        foreach ((string name, string value) in members)
        {
            if (s_categories.Contains(name))
            {
                bool? isGranted = value switch
                {
                    "true" when isExplicit => true,
                    "false" => false,
                    _ => null,
                };
                entries.Add(name, isGranted, saidAt);
            }
        }
    }

    private static DateTimeOffset? TimeOf(string milliseconds) =>
        long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long sinceEpoch)
            ? WireJson.TimeOf(sinceEpoch)
            : null;

    /// <summary>
    /// The members of a flat object; a text value keeps its quotes, so that <c>'true'</c> is not <c>true</c>. Null where the
    /// text is anything else.
    /// </summary>
    private static List<KeyValuePair<string, string>>? MembersOf(string text)
    {
        if (text.Length < 2 || text[0] != '{' || text[^1] != '}')
        {
            return null;
        }

        List<KeyValuePair<string, string>> members = [];
        ReadOnlySpan<char> rest = text.AsSpan(1, text.Length - 2);
        while (rest.Length > 0)
        {
            int colon = rest.IndexOf(':');
            if (colon <= 0)
            {
                return null;
            }

            string name = rest[..colon].Trim().Trim('"').ToString();
            rest = rest[(colon + 1)..].TrimStart();
            int length = LengthOfValue(rest);
            if (length <= 0)
            {
                return null;
            }

            members.Add(KeyValuePair.Create(name, rest[..length].TrimEnd().ToString()));
            rest = rest[length..].TrimStart();
            if (rest.Length > 0 && rest[0] != ',')
            {
                return null;
            }

            rest = rest.Length > 0 ? rest[1..].TrimStart() : rest;
        }

        return members;
    }

    /// <summary>A text goes to its closing quote, another value to the comma.</summary>
    private static int LengthOfValue(ReadOnlySpan<char> rest)
    {
        if (rest.Length > 0 && rest[0] is '\'' or '"')
        {
            return rest[1..].IndexOf(rest[0]) + 2 is var length and > 1 ? length : 0;
        }

        int comma = rest.IndexOf(',');
        return comma < 0 ? rest.Length : comma;
    }
}
