using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Signals;

/// <summary>
/// Global Privacy Control: the header <c>Sec-GPC: 1</c>, or <c>navigator.globalPrivacyControl</c> in a body. It asks not to
/// sell or share, and so denies those and the advertising across sites that rests on them. It never grants, and its absence
/// says nothing.
/// </summary>
internal static class GlobalPrivacyControl
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        if (
            value.ValueKind == JsonValueKind.True
            || (value.ValueKind == JsonValueKind.Number && value.GetRawText() == "1")
        )
        {
            Deny(entries);
        }
    }

    /// <summary>Of several headers (a proxy joins them with commas), one that is exactly <c>1</c> is enough.</summary>
    public static void ReadText(string text, WireEntries entries)
    {
        if (text.Split(',').Any(header => header.Trim(' ', '\t') == "1"))
        {
            Deny(entries);
        }
    }

    /// <summary>Denies what the signal denies wherever it is carried: a GPP string has it, too.</summary>
    public static void Deny(WireEntries entries)
    {
        entries.Add("gpc", isGranted: false);
        entries.Add("sale", isGranted: false);
        entries.Add("sharing", isGranted: false);
        entries.Add("targeted-advertising", isGranted: false);
    }
}
