namespace Customer360.Rules.Events;

/// <summary>The top-level fields of the tracking API, as they may appear in the text of a refusal.</summary>
internal static class FieldNames
{
    private static readonly string[] s_known =
    [
        "anonymousId",
        "category",
        "channel",
        "context",
        "event",
        "groupId",
        "integrations",
        "messageId",
        "name",
        "originalTimestamp",
        "previousId",
        "properties",
        "receivedAt",
        "sentAt",
        "timestamp",
        "traits",
        "type",
        "userId",
        "version",
    ];

    /// <summary>
    /// The field's name if it is one of the spec's, else <c>message</c>: a sender can write a person's data into a
    /// name as well as into a value, and refusals travel into logs.
    /// </summary>
    /// <param name="quoted">The name as JSON, with its quotes.</param>
    public static string Public(ReadOnlySpan<byte> quoted)
    {
        foreach (string name in s_known)
        {
            if (System.Text.Ascii.Equals(quoted[1..^1], name))
            {
                return name;
            }
        }

        return "message";
    }
}
