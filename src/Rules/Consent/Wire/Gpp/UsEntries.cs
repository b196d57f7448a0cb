using System.Collections.Immutable;
using Customer360.Rules.Consent.Wire.Signals;

namespace Customer360.Rules.Consent.Wire.Gpp;

/// <summary>What a US section of a GPP string says.</summary>
internal static class UsEntries
{
    private const int PartCountMax = 8;
    private const int PrivacyControl = 1;
    private const int PrivacyControlLengthMax = 4;

    public static void Read(UsSection section, string text, WireEntries entries)
    {
        string[] parts = text.Split('.', PartCountMax + 1);
        var core = new Base64UrlBits(parts[0]);
        Base64UrlBits start = core;
        int version = start.ReadInt(UsLayout.VersionBits);
        bool isKnown = version >= 1 && version <= section.VersionMax;
        if (start.IsBroken || parts.Length > PartCountMax)
        {
            return;
        }

        if (section.SensitiveLayout is { } sensitive)
        {
            ReadWithSensitive(sensitive, isKnown ? LayoutOf(section, version, core) : null, core, parts, entries);
            return;
        }

        bool isAllKnown = true;
        foreach (string part in parts.AsSpan(1))
        {
            if (PrivacyControlOf(part) is { } isOptOut)
            {
                // Its type says what it is, whatever the core's version: an opt-out is never lost to a newer layout.
                if (isOptOut)
                {
                    GlobalPrivacyControl.Deny(entries);
                }
            }
            else
            {
                isAllKnown = false;
            }
        }

        // A part that can't be read could be the opt-out, so the core alone says nothing.
        if (isKnown && isAllKnown)
        {
            Add(LayoutOf(section, version, core), core, entries);
        }
    }

    private static void ReadWithSensitive(
        UsLayout sensitive,
        UsLayout? layout,
        Base64UrlBits core,
        string[] parts,
        WireEntries entries
    )
    {
        if (layout is null || parts.Length > 2)
        {
            return;
        }

        if (parts.Length == 2)
        {
            var bits = new Base64UrlBits(parts[1]);
            if (!sensitive.Fits(bits))
            {
                return;
            }

            sensitive.Add(bits, layout.MissingForChild(core), entries);
        }

        Add(layout, core, entries);
    }

    private static void Add(UsLayout? layout, Base64UrlBits core, WireEntries entries)
    {
        if (layout is null)
        {
            return;
        }

        ImmutableArray<string> missingForChild = layout.MissingForChild(core);
        layout.Add(core, missingForChild, entries);
        entries.Add(UsIds.KnownChild, missingForChild.IsEmpty ? null : false);
    }

    /// <summary>
    /// The national section changed its layout within version 1, and some still write the older one as version 2, so the length
    /// tells. Filled up to 24 bits, the older is as long as the newer, but then it ends in zeros where the newer has a field
    /// that is never 0. Without filling, the older may in version 2 be a newer one that was cut off.
    /// </summary>
    private static UsLayout? LayoutOf(UsSection section, int version, Base64UrlBits core)
    {
        foreach (UsLayout layout in section.Layouts)
        {
            bool isCertain = version == 1 || layout == section.Layouts[^1] || core.Left > layout.Length;
            if (isCertain && layout.Fits(core))
            {
                return layout;
            }
        }

        return null;
    }

    /// <summary>True: opted out by Global Privacy Control. Null where the part is something else.</summary>
    private static bool? PrivacyControlOf(string part)
    {
        var bits = new Base64UrlBits(part);
        bool isControl = bits.ReadInt(2) == PrivacyControl;
        bool isOptOut = bits.ReadFlag();
        return isControl && bits.IsAtEnd && part.Length <= PrivacyControlLengthMax ? isOptOut : null;
    }
}
