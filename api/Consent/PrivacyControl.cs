namespace Customer360.Api.Consent;

/// <summary>
/// Global Privacy Control (https://privacycg.github.io/gpc-spec/): a browser whose owner has turned it on sends <c>Sec-GPC: 1</c>.
/// </summary>
internal static class PrivacyControl
{
    private const string Header = "Sec-GPC";

    /// <summary>
    /// True where the header is exactly <c>1</c>. Any other value says nothing, and neither does its absence; of several headers
    /// one is enough, also where a proxy has joined them.
    /// </summary>
    public static bool IsOn(HttpRequest request)
    {
        foreach (string? value in request.Headers[Header])
        {
            ReadOnlySpan<char> text = value;
            foreach (Range part in text.Split(','))
            {
                if (text[part].Trim() is "1")
                {
                    return true;
                }
            }
        }

        return false;
    }
}
