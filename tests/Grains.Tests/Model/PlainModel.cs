using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Customer360.Grains.Tests.Model;

/// <summary>
/// What profiles must say, worked out from the messages as they were sent, with none of the code that it checks: messages
/// per anchor, counters per event name, the latest trait that an identify states.
/// </summary>
/// <remarks>
/// Where messages name a region, an identifier is its own in each, all but a <c>user_id</c>: what
/// <see cref="RandomRules"/> say.
/// </remarks>
internal sealed class PlainModel
{
    /// <summary>The types of identifiers that messages carry.</summary>
    public static readonly string[] Types = ["user_id", "email", "anonymous_id", "ga_client_id"];

    // Calls side by side acknowledge side by side.
    private readonly ConcurrentDictionary<string, JsonObject> _messages = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Logged> _logged = new(StringComparer.Ordinal);

    public ICollection<string> MessageIds => _messages.Keys;

    /// <summary>Once, however often it was sent.</summary>
    public void Acknowledge(JsonObject message) => _messages.TryAdd((string)message["messageId"]!, message);

    /// <summary>
    /// Takes from the log which of its identifiers is a message's anchor: by which rules it was read is a matter of the moment
    /// when it came. It may be none that it does not carry, and stays what it is. Also when and where the message came.
    /// </summary>
    public void Anchored(string messageId, Logged logged)
    {
        JsonObject message = _messages[messageId];
        string[] carried = IdentifiersOf(message);
        // Rules without regions read all messages as the default one's.
        Assert.Contains(
            logged.Anchor,
            carried.Concat(carried.Select(one => one.Replace("@eu:", ":", StringComparison.Ordinal)))
        );
        Assert.Equal(_logged.GetOrAdd(messageId, logged), logged);
    }

    public static string[] IdentifiersOf(JsonObject message) =>
        [
            .. Types
                .Where(type => Value(message, type) is not null)
                .Select(type => $"{type}{RegionOf(message, type)}:{Value(message, type)}"),
        ];

    private static string RegionOf(JsonObject message, string type) =>
        type != "user_id" && (string?)message["context"]!["region"] is { } region and not "us" ? $"@{region}" : "";

    public string[] Anchors() => [.. _logged.Values.Select(one => one.Anchor).Distinct()];

    private Logged LoggedOf(JsonObject message) => _logged[(string)message["messageId"]!];

    private static bool IsIdentify(JsonObject message) => (string)message["type"]! == "identify";

    /// <summary><c>{"count","events":{name:count},"plan"}</c> of the messages that are anchored at these identifiers.</summary>
    public string Profile(IReadOnlySet<string> identifiers)
    {
        JsonObject[] mine = [.. _messages.Values.Where(message => identifiers.Contains(LoggedOf(message).Anchor))];
        string events = string.Join(
            ',',
            mine.GroupBy(message => IsIdentify(message) ? "" : (string)message["event"]!, StringComparer.Ordinal)
                .OrderBy(name => name.Key, StringComparer.Ordinal)
                .Select(name => $"{name.Key}={name.Count()}")
        );
        string? plan = mine.Where(IsIdentify)
            .OrderBy(message => (string)message["timestamp"]!, StringComparer.Ordinal)
            .ThenBy(message => LoggedOf(message).ReceivedAt)
            .ThenBy(message => LoggedOf(message).Partition)
            .ThenBy(message => LoggedOf(message).Position)
            .Select(message => (string)message["context"]!["traits"]!["plan"]!)
            .LastOrDefault();
        return $"count={mine.Length} events={events} plan={plan}";
    }

    private static string? Value(JsonObject message, string type) =>
        type switch
        {
            "user_id" => (string?)message["userId"],
            "email" => (string?)message["context"]?["traits"]?["email"],
            "anonymous_id" => (string?)message["anonymousId"],
            _ => (string?)message["integrations"]?["Google Analytics"]?["clientId"],
        };

    /// <summary>What the log says of a message.</summary>
    public readonly record struct Logged(string Anchor, DateTimeOffset ReceivedAt, int Partition, long Position);
}
