namespace Customer360.Rules.Events;

/// <summary>One message where it stands in a <see cref="SentBody"/>, and what its batch lends it. The default is none.</summary>
public readonly ref struct SentMessage
{
    /// <summary>As sent: a value of JSON that has been checked, so it is valid and UTF-8.</summary>
    internal ReadOnlySpan<byte> Json { get; init; }

    /// <summary>It needs no rewriting: its bytes are what <see cref="JsonCanonicalizer"/> would make of it.</summary>
    internal bool IsCanonical { get; init; }

    /// <summary>It is nested deeper than a body may be.</summary>
    internal bool IsTooDeep { get; init; }

    /// <summary>Bytes of it that were no UTF-8 are U+FFFD now.</summary>
    internal bool IsRepaired { get; init; }

    /// <summary>The object that the batch puts under the message's own <c>context</c>; empty: none.</summary>
    internal ReadOnlySpan<byte> LentContext { get; init; }

    /// <summary>Likewise for <c>integrations</c>.</summary>
    internal ReadOnlySpan<byte> LentIntegrations { get; init; }

    /// <summary>The batch has a <c>context</c> that is no object, so it lends nothing.</summary>
    internal bool IsLentContextUnreadable { get; init; }

    /// <summary>Likewise for <c>integrations</c>.</summary>
    internal bool AreLentIntegrationsUnreadable { get; init; }

    internal bool IsObject => Json.StartsWith("{"u8);

    /// <summary>The id as sent, for the receipt of a message that could not be read; null where it has none.</summary>
    public string? MessageId => IsObject ? SentMembers.Text(Json, SentMembers.Find(Json, "messageId"u8)) : null;
}
