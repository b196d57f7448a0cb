using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// Usercentrics: the services of its SDK (<c>{"services":[{"id":"x","consent":{"status":true}}]}</c>, or the array alone),
/// or its page event (<c>{"event":"consent_status","type":"explicit","Google Analytics":true}</c>).
/// </summary>
/// <remarks>An event of the type <c>implicit</c> reports the defaults of a page, so it grants nothing.</remarks>
internal static class UsercentricsConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        ReadServices(value, entries);
        bool isEvent = false;
        bool isExplicit = false;
        foreach (JsonProperty member in WireJson.MembersOf(value))
        {
            if (WireJson.IsNamed(member, "services"u8))
            {
                ReadServices(member.Value, entries);
            }

            isEvent |= WireJson.IsNamed(member, "event"u8) && WireJson.TextOf(member.Value) == "consent_status";
            isExplicit |=
                WireJson.IsNamed(member, "type"u8)
                && string.Equals(WireJson.TextOf(member.Value), "explicit", StringComparison.OrdinalIgnoreCase);
        }

        if (isEvent)
        {
            ReadEvent(value, isExplicit, entries);
        }
    }

    private static void ReadEvent(JsonElement value, bool isExplicit, WireEntries entries)
    {
        foreach (JsonProperty service in WireJson.MembersOf(value))
        {
            bool? isGranted = WireJson.BooleanOf(service.Value);
            entries.Add(WireJson.NameOf(service), isGranted == true && !isExplicit ? null : isGranted);
        }
    }

    private static void ReadServices(JsonElement services, WireEntries entries)
    {
        foreach (JsonElement service in WireJson.ElementsOf(services))
        {
            string? id = WireJson.TextOf(WireJson.MemberOf(service, "id"u8));
            JsonElement consent = WireJson.MemberOf(service, "consent"u8);
            entries.Add(id, WireJson.BooleanOf(WireJson.MemberOf(consent, "status"u8)));
        }
    }
}
