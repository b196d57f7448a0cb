namespace Customer360.Rules.Ports;

/// <summary>
/// What is known of the world's phone numbers. A port, because the numbering plans are a library's data that changes every
/// few weeks, and Rules need the base class library only. Pure: the same text, region and version give the same number.
/// </summary>
public interface IPhoneNumbers
{
    /// <summary>Names library and data, for example <c>libphonenumber 9.0.43</c>: another version may read a text otherwise.</summary>
    string Version { get; }

    /// <summary>The number in E.164 (<c>+14155550132</c>), or null where it is none that a person could have.</summary>
    /// <param name="text">Digits of any script, an international prefix, separators.</param>
    /// <param name="defaultRegion">ISO 3166 region of numbers written without a country code.</param>
    string? ToE164(string text, string defaultRegion);

    /// <summary>True of a region of ISO 3166 that has phone numbers.</summary>
    bool IsRegion(string region);
}
