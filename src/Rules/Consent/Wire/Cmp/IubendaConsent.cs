using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Cmp;

/// <summary>iubenda's <c>_iub.cs.consent</c>: <c>{"purposes":{"1":true,"2":false}}</c>, or the purposes alone.</summary>
internal static class IubendaConsent
{
    public static void Read(JsonElement value, WireEntries entries)
    {
        foreach (JsonProperty member in WireJson.MembersOf(value))
        {
            if (WireJson.IsNamed(member, "purposes"u8))
            {
                ReadPurposes(member.Value, entries);
            }
        }

        ReadPurposes(value, entries);
    }

    /// <summary>Purposes are numbers: <c>consent</c>, <c>gdpr_applies</c> and others beside them are none.</summary>
    private static void ReadPurposes(JsonElement purposes, WireEntries entries)
    {
        foreach (JsonProperty purpose in WireJson.MembersOf(purposes))
        {
            string? id = WireJson.NameOf(purpose);
            if (id is { Length: > 0 } && !id.AsSpan().ContainsAnyExceptInRange('0', '9'))
            {
                entries.Add(id, WireJson.BooleanOf(purpose.Value));
            }
        }
    }
}
