using System.Globalization;
using Customer360.Rules.Ports;
using PhoneNumbers;

namespace Customer360.Phones;

/// <summary>The world's phone numbers as Google's libphonenumber knows them. Thread-safe; needs no network.</summary>
public sealed class LibPhoneNumbers : IPhoneNumbers
{
    private static readonly PhoneNumberUtil s_util = PhoneNumberUtil.GetInstance();

    /// <summary>The data has the version of the package that brings it.</summary>
    public string Version { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"libphonenumber {typeof(PhoneNumberUtil).Assembly.GetName().Version!.ToString(3)}"
        );

    public bool IsRegion(string region) => s_util.GetSupportedRegions().Contains(region);

    /// <remarks>
    /// Many write the country code and forget the plus. Where national numbers are written with a 0 before them, digits that
    /// begin with the region's own code are no national number; elsewhere the library itself tells by their count.
    /// </remarks>
    public string? ToE164(string text, string defaultRegion)
    {
        string digits = PhoneNumberUtil.NormalizeDigitsOnly(text);
        bool hasCode =
            !text.AsSpan().TrimStart().StartsWith("+", StringComparison.Ordinal)
            && s_util.GetNddPrefixForRegion(defaultRegion, stripNonDigits: true) == "0"
            && digits.StartsWith(CodeOf(defaultRegion), StringComparison.Ordinal);
        return (hasCode ? Read("+" + digits, defaultRegion) : null) ?? Read(text, defaultRegion);
    }

    private static string CodeOf(string region) =>
        s_util.GetCountryCodeForRegion(region).ToString(CultureInfo.InvariantCulture);

    private static string? Read(string text, string region)
    {
        try
        {
            PhoneNumber number = s_util.Parse(text, region);
            return number.HasExtension || !s_util.IsValidNumber(number)
                ? null
                : s_util.Format(number, PhoneNumberFormat.E164);
        }
        catch (NumberParseException)
        {
            // What the library calls an exception is an expected answer here: it is no phone number.
            return null;
        }
    }
}
