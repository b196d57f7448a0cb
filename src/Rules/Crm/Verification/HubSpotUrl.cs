using System.Text;

namespace Customer360.Rules.Crm.Verification;

/// <summary>The address as HubSpot signs it (v3): some escapes are decoded, and no others.</summary>
/// <remarks>
/// HubSpot's page "Validating requests" lists them. Decoding all of them, as some libraries do, gives another signature for every
/// address that has, for example, a space in its query.
/// </remarks>
public static class HubSpotUrl
{
    private const string Decoded = ":/?@!$'()*,;";

    /// <summary>The address with the listed escapes decoded, in whatever case they are written.</summary>
    public static string Decode(string url)
    {
        if (!url.Contains('%', StringComparison.Ordinal))
        {
            return url;
        }

        var decoded = new StringBuilder(url.Length);
        for (int at = 0; at < url.Length; at++)
        {
            if (
                url[at] == '%'
                && at + 2 < url.Length
                && char.IsAsciiHexDigit(url[at + 1])
                && char.IsAsciiHexDigit(url[at + 2])
                && (char)Convert.ToByte(url.Substring(at + 1, 2), 16) is var letter
                && Decoded.Contains(letter, StringComparison.Ordinal)
            )
            {
                decoded.Append(letter);
                at += 2;
            }
            else
            {
                decoded.Append(url[at]);
            }
        }

        return decoded.ToString();
    }
}
