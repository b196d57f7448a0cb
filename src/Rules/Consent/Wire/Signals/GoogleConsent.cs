using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Consent.Wire.Signals;

/// <summary>
/// Google consent mode v2: the state (<c>{"ad_storage":"granted"}</c>), both commands
/// (<c>{"default":{…},"update":{…}}</c>), one command (<c>["consent","update",{…}]</c>), or a hit's <c>gcs=G1xy</c>.
/// </summary>
/// <remarks>
/// A default is what a page assumes before anybody has chosen: it grants nothing. It denies what no update speaks of, unless
/// it is for some regions only, because nobody says here which of them the person is in.
/// </remarks>
internal static class GoogleConsent
{
    private static readonly ImmutableArray<string> s_types =
    [
        "ad_storage",
        "ad_user_data",
        "ad_personalization",
        "analytics_storage",
        "functionality_storage",
        "personalization_storage",
        "security_storage",
    ];

    public static void Read(JsonElement value, WireEntries entries)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            ReadCommand(value, entries);
            return;
        }

        JsonElement update = WireJson.MemberOf(value, "update"u8);
        JsonElement assumed = WireJson.MemberOf(value, "default"u8);
        ReadUpdate(update, entries);
        ReadDefault(assumed, update, entries);
        ReadUpdate(value, entries);
    }

    public static void ReadText(string text, WireEntries entries)
    {
        if (text is ['G', '1', '0' or '1' or '-', '0' or '1' or '-'])
        {
            entries.Add("ad_storage", FlagOf(text[2]));
            entries.Add("analytics_storage", FlagOf(text[3]));
        }
    }

    private static void ReadCommand(JsonElement command, WireEntries entries)
    {
        if (command.GetArrayLength() != 3 || WireJson.TextOf(command[0]) != "consent")
        {
            return;
        }

        switch (WireJson.TextOf(command[1]))
        {
            case "update":
                ReadUpdate(command[2], entries);
                break;
            case "default":
                ReadDefault(command[2], update: default, entries);
                break;
        }
    }

    private static void ReadUpdate(JsonElement update, WireEntries entries)
    {
        foreach (JsonProperty member in WireJson.MembersOf(update))
        {
            if (TypeOf(member) is { } type)
            {
                entries.Add(type, WireJson.GrantOf(member.Value));
            }
        }
    }

    private static void ReadDefault(JsonElement assumed, JsonElement update, WireEntries entries)
    {
        if (WireJson.MembersOf(assumed).Any(member => WireJson.IsNamed(member, "region"u8)))
        {
            return;
        }

        string?[] updated = [.. WireJson.MembersOf(update).Select(TypeOf)];
        foreach (JsonProperty member in WireJson.MembersOf(assumed))
        {
            if (TypeOf(member) is { } type && !updated.Contains(type) && WireJson.GrantOf(member.Value) == false)
            {
                entries.Add(type, isGranted: false);
            }
        }
    }

    private static string? TypeOf(JsonProperty member) =>
        WireJson.NameOf(member) is { } name && s_types.Contains(name) ? name : null;

    private static bool? FlagOf(char flag) =>
        flag switch
        {
            '1' => true,
            '0' => false,
            _ => null,
        };
}
