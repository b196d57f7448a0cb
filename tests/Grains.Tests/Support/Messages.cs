using System.Text.Json.Nodes;

namespace Customer360.Grains.Tests.Support;

/// <summary>Messages as SDKs send them.</summary>
public static class Messages
{
    public static JsonObject Identify(
        string messageId,
        string? userId,
        string? anonymousId,
        JsonObject? traits = null
    ) => Message("identify", messageId, userId, anonymousId, "traits", traits ?? []);

    public static JsonObject Track(string messageId, string? userId, string? anonymousId, string name = "Clicked")
    {
        JsonObject message = Message("track", messageId, userId, anonymousId, "properties", []);
        message["event"] = name;
        return message;
    }

    public static JsonObject Group(string messageId, string userId, string groupId, JsonObject? traits = null)
    {
        JsonObject message = Message("group", messageId, userId, null, "traits", traits ?? []);
        message["groupId"] = groupId;
        return message;
    }

    public static JsonObject Alias(string messageId, string userId, string previousId) =>
        new()
        {
            ["type"] = "alias",
            ["messageId"] = messageId,
            ["userId"] = userId,
            ["previousId"] = previousId,
        };

    private static JsonObject Message(
        string type,
        string messageId,
        string? userId,
        string? anonymousId,
        string body,
        JsonObject content
    )
    {
        var message = new JsonObject
        {
            ["type"] = type,
            ["messageId"] = messageId,
            [body] = content,
        };
        if (userId is not null)
        {
            message["userId"] = userId;
        }

        if (anonymousId is not null)
        {
            message["anonymousId"] = anonymousId;
        }

        return message;
    }
}
