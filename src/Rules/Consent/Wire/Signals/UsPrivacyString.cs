namespace Customer360.Rules.Consent.Wire.Signals;

/// <summary>
/// The US privacy string of version 1: <c>1</c>, then notice given, opted out of sale, and covered by the LSPA, each
/// <c>Y</c>, <c>N</c> or <c>-</c>. <c>1YYN</c> opted out, <c>1YNN</c> did not, <c>1---</c> is outside its law.
/// </summary>
/// <remarks>Who was not told could not opt out: without notice, "did not opt out" says nothing.</remarks>
internal static class UsPrivacyString
{
    public const string Form = "uspv1";

    public static void ReadText(string text, WireEntries entries)
    {
        if (text is not ['1', 'Y' or 'N' or '-', 'Y' or 'N' or '-', 'Y' or 'N' or '-'])
        {
            return;
        }

        bool? isGranted = text[2] switch
        {
            'Y' => false,
            'N' when text[1] == 'Y' => true,
            _ => null,
        };
        entries.Add("sale", isGranted);
    }
}
