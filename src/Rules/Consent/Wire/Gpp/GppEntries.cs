using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Consent.Wire.Signals;
using Customer360.Rules.Consent.Wire.Tcf;

namespace Customer360.Rules.Consent.Wire.Gpp;

/// <summary>
/// What a GPP string says: <c>sale</c>, <c>sharing</c>, <c>targeted-advertising</c>, <c>secondary-use</c>,
/// <c>known-child</c>, <c>gpc</c> and <c>sensitive:health</c> and so on of its US sections; the TC string and the US privacy
/// string in it speak under their own names.
/// </summary>
/// <remarks>
/// As JSON it is the string, or the string with the sections that apply: <c>{"gpp":"DBAB…","gpp_sid":[7]}</c> of OpenRTB and
/// <c>{"gppString":"DBAB…","applicableSections":[7]}</c> of a consent platform. The sections may also stand beside the string, as
/// OpenRTB has them in <c>regs</c> and URLs in <c>gpp_sid</c>.
/// </remarks>
internal static class GppEntries
{
    public const string Form = "gpp";

    private const int TcfEurope = 2;
    private const int UsPrivacy = 6;

    public static void Read(JsonElement value, WireEntries entries)
    {
        ReadWithSections(value, "gpp"u8, "gpp_sid"u8, entries);
        ReadWithSections(value, "gppString"u8, "applicableSections"u8, entries);
    }

    /// <summary>The sections that apply, by the object that a string stands in; null where it does not say.</summary>
    /// <param name="around">JSON; empty: there is none.</param>
    public static ImmutableArray<int>? SectionsBeside(ReadOnlySpan<byte> around)
    {
        using JsonDocument? document = around.IsEmpty ? null : WireJson.Parse(around);
        if (document is null)
        {
            return null;
        }

        JsonElement parent = document.RootElement;
        return IsTold(parent, "gpp_sid"u8) ? SectionsOf(WireJson.MemberOf(parent, "gpp_sid"u8))
            : IsTold(parent, "applicableSections"u8) ? SectionsOf(WireJson.MemberOf(parent, "applicableSections"u8))
            : null;
    }

    public static void ReadText(string text, WireEntries entries)
    {
        if (text.StartsWith('C'))
        {
            ReadSection(TcfEurope, text, entries);
            return;
        }

        string[] parts = text.Split('~', GppHeader.SectionMax + 2);
        if (GppHeader.Read(parts[0]) is not { } sections || sections.Length != parts.Length - 1)
        {
            return;
        }

        for (int i = 0; i < sections.Length; i++)
        {
            ReadSection(sections[i], parts[i + 1], entries);
        }
    }

    private static void ReadWithSections(
        JsonElement value,
        ReadOnlySpan<byte> stringName,
        ReadOnlySpan<byte> sectionsName,
        WireEntries entries
    )
    {
        if (WireJson.TextOf(WireJson.MemberOf(value, stringName)) is not { } text)
        {
            return;
        }

        WireJudgement judgement = entries.Judgement;
        ImmutableArray<int>? sections = IsTold(value, sectionsName)
            ? SectionsOf(WireJson.MemberOf(value, sectionsName))
            : judgement.GppSections;
        var inner = new WireEntries(Form, judgement with { GppSections = sections });
        ReadText(text, inner);
        entries.AddAll(inner.ToImmutable());
    }

    private static bool IsTold(JsonElement value, ReadOnlySpan<byte> sectionsName)
    {
        bool isTold = false;
        foreach (JsonProperty member in WireJson.MembersOf(value))
        {
            isTold |= WireJson.IsNamed(member, sectionsName);
        }

        return isTold;
    }

    /// <summary>What is no list of numbers names no section, so none applies.</summary>
    private static ImmutableArray<int> SectionsOf(JsonElement value)
    {
        var sections = ImmutableArray.CreateBuilder<int>();
        foreach (JsonElement element in WireJson.ElementsOf(value))
        {
            if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int section))
            {
                sections.Add(section);
            }
        }

        return sections.ToImmutable();
    }

    private static void ReadSection(int section, string text, WireEntries entries)
    {
        if (entries.Judgement.GppSections is { } applicable && !applicable.Contains(section))
        {
            return;
        }

        switch (section)
        {
            case TcfEurope:
                ReadInner(TcfEntries.Form, TcfEntries.ReadText, text, entries);
                break;
            case UsPrivacy:
                ReadInner(UsPrivacyString.Form, UsPrivacyString.ReadText, text, entries);
                break;
            default:
                if (UsSections.Of(section) is { } us)
                {
                    UsEntries.Read(us, text, entries);
                }

                break;
        }
    }

    private static void ReadInner(string form, Action<string, WireEntries> read, string text, WireEntries entries)
    {
        var inner = new WireEntries(form, entries.Judgement);
        read(text, inner);
        entries.AddAll(inner.ToImmutable());
    }
}
