using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Events;

/// <summary>What an identity decision needs of a logged message.</summary>
/// <param name="Identifiers">By priority; empty where the message has none under the rules.</param>
public readonly record struct LoggedIdentity(
    DateTimeOffset ReceivedAt,
    DateTimeOffset Timestamp,
    ImmutableArray<Identifier> Identifiers
)
{
    /// <summary>How far the message is believed.</summary>
    public StatementTrust Trust { get; init; }

    /// <inheritdoc cref="Envelope.IsHeld"/>
    public bool IsHeld { get; init; }
}

/// <summary>
/// Reads the identifiers of logged messages as if they came in under other rules: not those that the envelope lists, but
/// anew from the message in it, which is kept as it was sent.
/// </summary>
public static class LoggedIdentifiers
{
    /// <param name="envelope">The canonical form.</param>
    /// <param name="rules">The rules to read by.</param>
    /// <param name="phones">Reads phone numbers.</param>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static LoggedIdentity Read(ReadOnlySpan<byte> envelope, IdentityRules rules, IPhoneNumbers phones)
    {
        EventKind? kind = null;
        DateTimeOffset receivedAt = default;
        DateTimeOffset timestamp = default;
        JsonSlice message = default;
        string source = "";
        bool isHeld = false;
        StatementTrust? trust = StatementTrust.Trusted;
        var reader = new CheckedReader(envelope);
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("message"u8))
            {
                message = reader.TakeLast();
                break;
            }

            JsonSlice value = reader.Take();
            if (name.SequenceEqual("type"u8))
            {
                kind = EventKinds.Parse(value.ContentOf(envelope));
            }
            else if (name.SequenceEqual("trust"u8))
            {
                trust = StatementTrusts.Parse(value.ContentOf(envelope));
            }
            else if (name.SequenceEqual("timestamp"u8))
            {
                timestamp = Time(value.ContentOf(envelope));
            }
            else if (name.SequenceEqual("receivedAt"u8))
            {
                receivedAt = Time(value.ContentOf(envelope));
            }
            else if (name.SequenceEqual("contract"u8))
            {
                isHeld = ContractJudgementText.Read(value.Of(envelope)).IsHeld;
            }
            else if (rules.Regions is not null && name.SequenceEqual("source"u8))
            {
                source = TextPool.Read(value.ContentOf(envelope));
            }
        }

        if (kind is not { } known || trust is not { } believed || !message.IsObject)
        {
            throw new JsonException("Not an envelope: a member is missing or unknown.");
        }

        ReadOnlySpan<byte> text = message.Of(envelope);
        MessageFields fields = MessageFields.Find(text);
        string? region = MessageRegion.Of(text, fields, source, rules.Regions);
        // Taken before there were regions, or others: what it says there meant something else.
        bool isRegion = region is null || rules.Regions!.Has(region);
        var identifiers = new IdentifierCollector(
            rules,
            phones,
            isRegion ? region : rules.Regions!.Default,
            stackalloc int[IdentifierCollector.CountMax]
        );
        MessageIdentifiers.Collect(text, fields, known, ref identifiers);
        return new LoggedIdentity(receivedAt, timestamp, identifiers.ToIdentifiers())
        {
            Trust = believed,
            IsHeld = isHeld,
        };
    }

    private static DateTimeOffset Time(ReadOnlySpan<byte> text) =>
        Rfc3339.TryParse(text, out DateTimeOffset time) ? time : throw new JsonException("Not a time.");
}
