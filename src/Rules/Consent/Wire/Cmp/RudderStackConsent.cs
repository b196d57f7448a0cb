using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// RudderStack's <c>context.consentManagement</c>:
/// <c>{"provider":"oneTrust","allowedConsentIds":["C0001"],"deniedConsentIds":["C0003"]}</c>.
/// </summary>
/// <remarks>
/// Its server reads only the denied ids, its browser SDK only the allowed ones. Here both lists count, an id in both is
/// denied, and an id in neither says nothing. Where the denied ones are there and can't be read, nobody knows what else was
/// denied: then nothing is granted.
/// </remarks>
internal static class RudderStackConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        bool mayGrant = WireJson
            .MembersOf(value)
            .Where(member => WireJson.IsNamed(member, "deniedConsentIds"u8))
            .All(member => IsReadable(member.Value));
        foreach (JsonProperty member in WireJson.MembersOf(value))
        {
            bool isAllowed = WireJson.IsNamed(member, "allowedConsentIds"u8);
            if (isAllowed || WireJson.IsNamed(member, "deniedConsentIds"u8))
            {
                foreach (JsonElement id in WireJson.ElementsOf(member.Value))
                {
                    if (mayGrant || !isAllowed)
                    {
                        entries.Add(WireJson.TextOf(id), isAllowed);
                    }
                }
            }
        }
    }

    private static bool IsReadable(JsonElement denied) =>
        denied.ValueKind == JsonValueKind.Null
        || (
            denied.ValueKind == JsonValueKind.Array
            && denied.EnumerateArray().All(id => WireJson.TextOf(id) is not null)
        );
}
