using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>Ketch's purposes: <c>{"analytics":{"status":"granted"},"ads":{"status":"denied"}}</c>.</summary>
internal static class KetchConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        foreach (JsonProperty purpose in WireJson.MembersOf(value))
        {
            foreach (JsonProperty field in WireJson.MembersOf(purpose.Value))
            {
                if (WireJson.IsNamed(field, "status"u8))
                {
                    entries.Add(WireJson.NameOf(purpose), WireJson.GrantOf(field.Value));
                }
            }
        }
    }
}
