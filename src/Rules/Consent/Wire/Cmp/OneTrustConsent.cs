using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// OneTrust's groups: the list of those that are active (<c>,C0001,C0003,</c> as text, or an array), the cookie
/// <c>OptanonConsent</c> (<c>groups=C0001:1,C0002:0</c>), or an object of booleans.
/// </summary>
internal static class OneTrustConsent
{
    private const string Groups = "groups";

    public static void Read(JsonElement value, WireEntries entries)
    {
        foreach (JsonProperty group in WireJson.MembersOf(value))
        {
            entries.Add(WireJson.NameOf(group), WireJson.BooleanOf(group.Value));
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement group in value.EnumerateArray())
            {
                entries.Add(WireJson.TextOf(group), isGranted: true);
            }

            entries.DenyMissing();
        }
    }

    public static void ReadText(string text, WireEntries entries)
    {
        if (text.Contains('=', StringComparison.Ordinal))
        {
            ReadCookie(text, entries);
        }
        else if (text.Length > 1 && text[0] == ',' && text[^1] == ',')
        {
            foreach (string group in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                entries.Add(group, isGranted: true);
            }

            entries.DenyMissing();
        }
    }

    /// <summary>
    /// The cookie is set before anybody has chosen, with the defaults of the person's region; then it counts no
    /// interaction, and a default is nobody's grant.
    /// </summary>
    private static void ReadCookie(string cookie, WireEntries entries)
    {
        string[] fields = cookie.Split('&');
        bool isChosen = !fields.Contains("interactionCount=0");
        foreach (string field in fields)
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !field.AsSpan(0, equals).SequenceEqual(Groups))
            {
                continue;
            }

            foreach (string group in Uri.UnescapeDataString(field[(equals + 1)..]).Split(','))
            {
                int colon = group.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0)
                {
                    entries.Add(group[..colon], IsGranted(group.AsSpan(colon + 1), isChosen));
                }
            }
        }
    }

    private static bool? IsGranted(ReadOnlySpan<char> flag, bool isChosen) =>
        flag switch
        {
            "0" => false,
            "1" when isChosen => true,
            _ => null,
        };
}
