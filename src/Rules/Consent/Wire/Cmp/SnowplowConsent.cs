using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// Snowplow's <c>consent_preferences</c> 1-0-0:
/// <c>{"eventType":"allow_selected","basisForProcessing":"consent","consentScopes":["analytics"]}</c>.
/// </summary>
/// <remarks>
/// The scopes are those that the person accepted, so what is asked about and not listed is refused. What nobody chose
/// (<c>pending</c>, <c>implicit_consent</c>, another basis than consent) grants nothing.
/// </remarks>
internal static class SnowplowConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        bool isConsent = WireJson.TextOf(WireJson.MemberOf(value, "basisForProcessing"u8)) == "consent";
        switch (WireJson.TextOf(WireJson.MemberOf(value, "eventType"u8)))
        {
            case "allow_all":
            case "allow_selected":
                AddScopes(value, isConsent ? true : null, entries);
                if (isConsent)
                {
                    entries.DenyMissing();
                }

                break;
            case "deny_all":
            case "withdrawn":
            case "expired":
                AddScopes(value, isGranted: false, entries);
                entries.DenyMissing();
                break;
        }
    }

    private static void AddScopes(JsonElement value, bool? isGranted, WireEntries entries)
    {
        foreach (JsonElement scope in WireJson.ElementsOf(WireJson.MemberOf(value, "consentScopes"u8)))
        {
            entries.Add(WireJson.TextOf(scope), isGranted);
        }
    }
}
