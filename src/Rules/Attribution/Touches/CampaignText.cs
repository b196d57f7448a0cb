using System.Text;

namespace Customer360.Rules.Attribution;

/// <summary>What is wrong with a campaign parameter. It is kept as an exception of quality.</summary>
[Flags]
public enum CampaignFaults
{
    None = 0,

    /// <summary>A template was never filled: <c>{{campaign.name}}</c>, <c>{keyword}</c>. The value is not used.</summary>
    Template = 1,

    /// <summary>It is longer than 200 characters, and was cut.</summary>
    TooLong = 2,

    /// <summary>It stands there more than once; the first counts.</summary>
    Repeated = 4,

    /// <summary>It was percent-encoded twice.</summary>
    EncodedTwice = 8,
}

/// <summary>Cleans campaign parameters, so that one campaign is not counted as three.</summary>
public static class CampaignText
{
    public const int LengthMax = 200;

    /// <summary>What is longer is not even decoded: nobody names a campaign so.</summary>
    private const int RawMax = 2_000;

    private static readonly string[] s_nothing =
    [
        "(not set)",
        "(none)",
        "(direct)",
        "(not provided)",
        "null",
        "undefined",
        "none",
        "-",
    ];

    /// <summary>In lower case, decoded, with single blanks; null where it says nothing.</summary>
    public static string? Clean(string? raw, ref CampaignFaults faults)
    {
        if (string.IsNullOrWhiteSpace(raw))
        {
            return null;
        }

        string text = raw;
        if (text.Length > RawMax)
        {
            faults |= CampaignFaults.TooLong;
            text = text[..RawMax];
        }

        text = Decode(text, ref faults);
        if (IsTemplate(text))
        {
            faults |= CampaignFaults.Template;
            return null;
        }

        text = Tidy(text);
        if (text.Length > LengthMax)
        {
            faults |= CampaignFaults.TooLong;
            text = text[..(char.IsHighSurrogate(text[LengthMax - 1]) ? LengthMax - 1 : LengthMax)].TrimEnd();
        }

        return text.Length == 0 || s_nothing.Contains(text) ? null : text;
    }

    /// <summary>A plus is a blank. What is encoded twice is decoded twice, and no more often: a text may hold a per cent sign.</summary>
    private static string Decode(string text, ref CampaignFaults faults)
    {
        string once = Uri.UnescapeDataString(text.Replace('+', ' '));
        string twice = Uri.UnescapeDataString(once);
        if (twice != once)
        {
            faults |= CampaignFaults.EncodedTwice;
        }

        return twice;
    }

    private static bool IsTemplate(string text)
    {
        int open = text.IndexOf('{');
        return (open >= 0 && text.IndexOf('}', open) > open)
            || (text.Contains("[[", StringComparison.Ordinal) && text.Contains("]]", StringComparison.Ordinal))
            || (text.Contains("%%", StringComparison.Ordinal) && text.StartsWith('%') && text.EndsWith('%'));
    }

    private static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        bool isBlank = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Half of a surrogate pair comes as U+FFFD, which is no name either.
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                if (!isBlank)
                {
                    tidy.Append(' ');
                }

                isBlank = true;
            }
            else
            {
                tidy.Append(Rune.ToLowerInvariant(rune).ToString());
                isBlank = false;
            }
        }

        return tidy.ToString().TrimEnd().Normalize(NormalizationForm.FormKC);
    }
}
