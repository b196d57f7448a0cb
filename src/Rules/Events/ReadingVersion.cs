using Customer360.Rules.Ports;

namespace Customer360.Rules.Events;

/// <summary>
/// Names how messages are read: which values are identifiers and how each is spelled. With the identity rules it decides
/// which anchor a message has, so a release that reads otherwise counts as a change of rules.
/// </summary>
public static class ReadingVersion
{
    /// <summary>
    /// Raise it with every change of what stands in <c>Rules/Identifiers</c>, of where identifiers are looked for, and of the
    /// built-in identity rules. A test pins a body of readings to it.
    /// </summary>
    public const int Number = 4;

    /// <summary>For example <c>4, libphonenumber 9.0.43</c>.</summary>
    public static string Of(IPhoneNumbers phones) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Number}, {phones.Version}");
}
