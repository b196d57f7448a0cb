using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Events;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Under which keys conversions wait for what may come: that somebody is known by an identifier, that a company has a new member, that a
/// grant ends. No key is a customer's id.
/// </summary>
public static class AwaitedConversions
{
    /// <summary>Parts of an hour, so that none is large.</summary>
    public const int HourParts = 16;

    private const int MarkBytes = 16;
    private const string HourFormat = "yyyyMMddHH";

    /// <summary>
    /// What is asked for an hour is worked off so long after its end: a conversion that was looked at just before has registered by then.
    /// </summary>
    private static readonly TimeSpan s_settles = TimeSpan.FromMinutes(2);

    /// <summary>For somebody who is not known yet: it does not say by what she will be.</summary>
    public static string KeyOf(Identifier identifier) =>
        "i_"
        + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"awaited {identifier}")).AsSpan(0, MarkBytes)
        );

    /// <summary>For members that a company may get.</summary>
    public static string KeyOfGroup(string groupId) => $"g_{groupId}";

    /// <summary>For the hour in which a grant ends.</summary>
    public static string KeyOfHour(DateTimeOffset at, string conversionId) => KeyOfHour(at, PartOf(conversionId));

    public static string KeyOfHour(DateTimeOffset at, int part) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"h_{at.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)}_{part}"
        );

    /// <summary>The hours that are over since, the oldest first.</summary>
    /// <param name="until">The end of the last hour that was worked off.</param>
    public static IEnumerable<DateTimeOffset> HoursOver(DateTimeOffset until, DateTimeOffset now)
    {
        for (DateTimeOffset hour = HourOf(until); hour.AddHours(1) + s_settles <= now; hour = hour.AddHours(1))
        {
            yield return hour;
        }
    }

    /// <summary>The beginning of the hour of a time.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset at) =>
        new(at.UtcDateTime.Date.AddHours(at.UtcDateTime.Hour), TimeSpan.Zero);

    private static int PartOf(string conversionId) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(conversionId))[0] % HourParts;
}
