using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>
/// Apache Unomi's consents of a profile: <c>{"site/newsletter":{"status":"GRANTED","statusDate":"2026-01-31T00:00:00Z",
/// "revokeDate":"2028-01-31T00:00:00Z"}}</c>.
/// </summary>
/// <remarks>Unomi deletes what is revoked; here a revocation is a denial like any other.</remarks>
internal static class UnomiConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        foreach (JsonProperty consent in WireJson.MembersOf(value))
        {
            bool? isGranted = WireJson.TextOf(WireJson.MemberOf(consent.Value, "status"u8)) switch
            {
                "GRANTED" => true,
                "DENIED" or "REVOKED" => false,
                _ => null,
            };
            JsonElement revokeDate = WireJson.MemberOf(consent.Value, "revokeDate"u8);
            DateTimeOffset? until = TimeOf(revokeDate);
            if (isGranted == true && until is null && WireJson.IsPresent(revokeDate))
            {
                // The grant has an end, and nobody can say when it is.
                isGranted = null;
            }
            else if (until <= entries.Judgement.ReceivedAt)
            {
                isGranted = isGranted == true ? false : isGranted;
            }

            DateTimeOffset? saidAt = TimeOf(WireJson.MemberOf(consent.Value, "statusDate"u8));
            entries.Add(WireJson.NameOf(consent), isGranted, saidAt, until);
        }
    }

    /// <summary>A date as text, or milliseconds since 1970.</summary>
    private static DateTimeOffset? TimeOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetInt64(out long milliseconds) ? WireJson.TimeOf(milliseconds) : null;
        }

        return WireJson.TextOf(value) is { } text && Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var time)
            ? time
            : null;
    }
}
