using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// Didomi's status of a user. Older: <c>{"purposes":{"consent":{"enabled":["x"],"disabled":["y"]}}}</c>; newer:
/// <c>{"purposes":{"x":{"id":"x","enabled":true}}}</c>; <c>vendors</c> have the same shapes.
/// </summary>
/// <remarks>
/// A purpose keeps its id, a vendor is <c>vendor:x</c>, and legitimate interest is <c>li:x</c>, so that nobody who asks for
/// consent takes it for one. The lists <c>global</c> and <c>essential</c> mix both and are not read.
/// </remarks>
internal static class DidomiConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        foreach (JsonProperty member in WireJson.MembersOf(value))
        {
            if (WireJson.IsNamed(member, "purposes"u8))
            {
                ReadStatus(member.Value, "", entries);
            }
            else if (WireJson.IsNamed(member, "vendors"u8))
            {
                ReadStatus(member.Value, "vendor:", entries);
            }
        }
    }

    private static void ReadStatus(JsonElement status, string prefix, WireEntries entries)
    {
        foreach (JsonProperty member in WireJson.MembersOf(status))
        {
            if (WireJson.IsNamed(member, "consent"u8))
            {
                ReadLists(member.Value, prefix, entries);
            }
            else if (WireJson.IsNamed(member, "legitimate_interest"u8))
            {
                ReadLists(member.Value, "li:" + prefix, entries);
            }

            foreach (JsonProperty field in WireJson.MembersOf(member.Value))
            {
                if (WireJson.IsNamed(field, "enabled"u8) && WireJson.NameOf(member) is { } id)
                {
                    entries.Add(prefix + id, WireJson.BooleanOf(field.Value));
                }
            }
        }
    }

    private static void ReadLists(JsonElement lists, string prefix, WireEntries entries)
    {
        foreach (JsonProperty list in WireJson.MembersOf(lists))
        {
            bool isEnabled = WireJson.IsNamed(list, "enabled"u8);
            if (isEnabled || WireJson.IsNamed(list, "disabled"u8))
            {
                foreach (JsonElement id in WireJson.ElementsOf(list.Value))
                {
                    if (WireJson.TextOf(id) is { Length: > 0 } text)
                    {
                        entries.Add(prefix + text, isEnabled);
                    }
                }
            }
        }
    }
}
