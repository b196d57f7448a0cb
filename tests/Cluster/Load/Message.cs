using System.Globalization;

namespace Customer360.ClusterRuns.Load;

/// <summary>A message about a person, ready to be sent and to be sent again with the same id.</summary>
public sealed record Message(string Id, string Person, string Json);

/// <summary>A crowd of people with a user id, an address and two devices each, and messages that show bit by bit who is who.</summary>
public static class Crowd
{
    public const int Devices = 2;

    public static string Person(string crowd, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{crowd}{number}");

    /// <summary>All that a person's customer lists in the end.</summary>
    public static IEnumerable<string> Identifiers(string person) =>
        [
            $"user_id:{person}",
            $"email:{person}@example.com",
            .. Enumerable.Range(0, Devices).Select(device => $"anonymous_id:{person}-{device}"),
        ];

    /// <summary>Somebody does something, known by a device, by a log-in, or by both.</summary>
    public static Message Any(string person, string id, Random random)
    {
        string device = string.Create(CultureInfo.InvariantCulture, $"{person}-{random.Next(Devices)}");
        string json = random.Next(5) switch
        {
            0 or 1 => $$"""{"type":"track","event":"Seen","anonymousId":"{{device}}","messageId":"{{id}}"}""",
            2 => $$"""{"type":"track","event":"Bought","userId":"{{person}}","messageId":"{{id}}"}""",
            3 => $$"""{"type":"identify","userId":"{{person}}","anonymousId":"{{device}}","messageId":"{{id}}"}""",
            _ => Identify(person, device, id),
        };
        return new Message(id, person, json);
    }

    /// <summary>Messages that tie all of a person's identifiers together.</summary>
    public static IEnumerable<Message> Last(string person) =>
        Enumerable
            .Range(0, Devices)
            .Select(device =>
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"last-{person}-{device}");
                string anonymous = string.Create(CultureInfo.InvariantCulture, $"{person}-{device}");
                return new Message(id, person, Identify(person, anonymous, id));
            });

    private static string Identify(string person, string device, string id) =>
        $$$"""{"type":"identify","userId":"{{{person}}}","anonymousId":"{{{device}}}","traits":{"email":"{{{person}}}@example.com"},"messageId":"{{{id}}}"}""";
}
