using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Customer360.Simulation.Workload;

/// <summary>
/// A message as a sender knows it. Everything in it is made up. An identify states the plan; a track carries a copy of one in
/// its context, as SDKs do, and that states nothing. One in three says yes or no to two purposes.
/// </summary>
/// <param name="Id">The sender's id.</param>
/// <param name="Identifiers">As <c>type:value</c>, by priority; the first is the anchor.</param>
/// <param name="IsPublic">Sent with the key of a web page: it only claims what it says. Else a server's.</param>
/// <param name="IsIdentify">Else it is a track.</param>
/// <param name="Event">The name of the track's event.</param>
/// <param name="Plan">The value of the trait <c>plan</c>.</param>
/// <param name="Second">When it happened, in seconds of the day's first hours: messages come late and out of order.</param>
internal sealed record Message(
    string Id,
    ImmutableArray<string> Identifiers,
    bool IsPublic,
    bool IsIdentify,
    string Event,
    string Plan,
    int Second
)
{
    /// <summary>Types by priority.</summary>
    public static readonly ImmutableArray<string> Types = ["user_id", "email", "anonymous_id", "ga_client_id"];

    public string Anchor => Identifiers[0];

    public string Source => IsPublic ? "page" : "simulation";

    /// <summary>The name that it is counted under.</summary>
    public string Name => IsIdentify ? "" : Event;

    /// <summary>A purpose whose words are about devices, and one whose words are about persons.</summary>
    public const string DevicePurpose = "analytics";
    public const string PersonPurpose = "profiling";

    /// <summary>Whether it grants a purpose; null: it says nothing. Made from what it has already, so no seed changes by it.</summary>
    public bool? Grants(string purpose) =>
        Second % 3 != 0 ? null : Second / (purpose == DevicePurpose ? 3 : 6) % 2 == 0;

    public DateTimeOffset At => new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero).AddSeconds(Second);

    public byte[] Json()
    {
        var json = new StringBuilder(256)
            .Append(CultureInfo.InvariantCulture, $"{{\"type\":\"{(IsIdentify ? "identify" : "track")}\",")
            .Append(CultureInfo.InvariantCulture, $"\"messageId\":\"{Id}\",\"event\":\"{Event}\",")
            .Append(CultureInfo.InvariantCulture, $"\"timestamp\":\"{At:yyyy-MM-ddTHH:mm:ssZ}\",");
        string email = "";
        foreach (string identifier in Identifiers)
        {
            string value = identifier[(identifier.IndexOf(':') + 1)..];
            switch (identifier[..identifier.IndexOf(':')])
            {
                case "user_id":
                    json.Append(CultureInfo.InvariantCulture, $"\"userId\":\"{value}\",");
                    break;
                case "email":
                    email = $",\"email\":\"{value}\"";
                    break;
                case "anonymous_id":
                    json.Append(CultureInfo.InvariantCulture, $"\"anonymousId\":\"{value}\",");
                    break;
                default:
                    json.Append("\"integrations\":{\"Google Analytics\":{\"clientId\":\"")
                        .Append(value)
                        .Append("\"}},");
                    break;
            }
        }

        string traits = $"\"traits\":{{\"plan\":\"{Plan}\"{email}}}";
        string consent =
            Grants(DevicePurpose) is { } device && Grants(PersonPurpose) is { } person
                ? $"\"consent\":{{\"categoryPreferences\":{{\"{DevicePurpose}\":{(device ? "true" : "false")},"
                    + $"\"{PersonPurpose}\":{(person ? "true" : "false")}}}}}"
                : "\"consent\":{}";
        json.Append(IsIdentify ? $"{traits},\"context\":{{{consent}}}}}" : $"\"context\":{{{traits},{consent}}}}}");
        return Encoding.UTF8.GetBytes(json.ToString());
    }

    public override string ToString() => $"{Id}({string.Join(' ', Identifiers)})";
}
