using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Customer360.Simulation.Workload;

/// <summary>A message as a sender knows it. Everything in it is made up.</summary>
/// <param name="Id">The sender's id.</param>
/// <param name="Identifiers">As <c>type:value</c>, by priority; the first is the anchor.</param>
/// <param name="Event">The name of the event.</param>
/// <param name="Plan">The value of the trait <c>plan</c>.</param>
/// <param name="Second">When it happened, in seconds of the day's first hours: messages come late and out of order.</param>
internal sealed record Message(string Id, ImmutableArray<string> Identifiers, string Event, string Plan, int Second)
{
    /// <summary>Types by priority.</summary>
    public static readonly ImmutableArray<string> Types = ["user_id", "email", "anonymous_id", "ga_client_id"];

    public string Anchor => Identifiers[0];

    public DateTimeOffset At => new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero).AddSeconds(Second);

    public byte[] Json()
    {
        var json = new StringBuilder(256)
            .Append(CultureInfo.InvariantCulture, $"{{\"type\":\"track\",\"messageId\":\"{Id}\",\"event\":\"{Event}\",")
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

        json.Append(CultureInfo.InvariantCulture, $"\"context\":{{\"traits\":{{\"plan\":\"{Plan}\"{email}}}}}}}");
        return Encoding.UTF8.GetBytes(json.ToString());
    }

    public override string ToString() => $"{Id}({string.Join(' ', Identifiers)})";
}
