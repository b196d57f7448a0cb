using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// Segment's <c>context.consent</c>: <c>{"categoryPreferences":{"Advertising":true}}</c>.
/// </summary>
/// <remarks>
/// A category that is missing says nothing. Segment takes it as refused, but its wrapper can be told to leave out
/// categories that no destination uses, so the keys of one person differ from source to source.
/// </remarks>
internal static class SegmentConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        foreach (JsonProperty member in WireJson.MembersOf(value))
        {
            if (!WireJson.IsNamed(member, "categoryPreferences"u8))
            {
                continue;
            }

            foreach (JsonProperty category in WireJson.MembersOf(member.Value))
            {
                if (WireJson.BooleanOf(category.Value) is { } isGranted)
                {
                    entries.Add(WireJson.NameOf(category), isGranted);
                }
            }
        }
    }
}
