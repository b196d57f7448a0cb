using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// RudderStack's <c>context.consentManagement</c>:
/// <c>{"provider":"oneTrust","allowedConsentIds":["C0001"],"deniedConsentIds":["C0003"]}</c>.
/// </summary>
/// <remarks>
/// Its server reads only the denied ids, its browser SDK only the allowed ones. Here both lists count, an id in both is
/// denied, and an id in neither says nothing.
/// </remarks>
internal static class RudderStackConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        foreach (JsonProperty member in WireJson.MembersOf(value))
        {
            bool isAllowed = WireJson.IsNamed(member, "allowedConsentIds"u8);
            if (isAllowed || WireJson.IsNamed(member, "deniedConsentIds"u8))
            {
                foreach (JsonElement id in WireJson.ElementsOf(member.Value))
                {
                    entries.Add(WireJson.TextOf(id), isAllowed);
                }
            }
        }
    }
}
