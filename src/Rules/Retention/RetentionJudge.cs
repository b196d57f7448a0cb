using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Privacy;

namespace Customer360.Rules.Retention;

/// <summary>
/// What becomes of the log when it is trimmed: a message loses the fields whose time is over, and once its own time is over all
/// but what still counts (<see cref="KeptParts"/>). No message goes as a whole: each is counted in a profile, and that profile must
/// be found again in the log. Times run from the receipt, by the grid's own clock; what a sender states as a time could keep a
/// message for ever or not at all.
/// </summary>
/// <param name="retention">What is in force, with its regions.</param>
/// <param name="access">Says of which class a field is.</param>
/// <param name="regions">Of the identity rules; null: there are none.</param>
/// <param name="now">The moment at which it is decided.</param>
/// <param name="isDryRun">It only counts, and every message stays as it is.</param>
public sealed class RetentionJudge(
    PolicyInForce<RetentionPolicy> retention,
    AccessPolicy access,
    Regions? regions,
    DateTimeOffset now,
    bool isDryRun
) : ILogJudge
{
    private readonly TimeSpan _youngest = YoungestOf(retention.Body);
    private readonly Dictionary<(string? Region, EventKind Kind, string? Name), MessageTerms> _terms = [];
    private readonly Dictionary<(string? Region, string Rule), (long Messages, long Fields)> _rules = [];
    private long _messages;
    private long _trimmed;
    private long _bytes;

    /// <summary>True where the policy ends nothing, in no region: then nobody need be asked.</summary>
    public static bool IsIdle(PolicyBody<RetentionPolicy> policy) => YoungestOf(policy) == TimeSpan.MaxValue;

    /// <summary>Hands over what it came to since it was last asked.</summary>
    public RetentionCounts TakeCounts()
    {
        RetentionCounts counts = RetentionCounts.None.Add(
            new RetentionCounts(
                _messages,
                _trimmed,
                _bytes,
                [
                    .. _rules.Select(rule => new RetentionRuleCount(
                        $"messages.{rule.Key.Rule}",
                        rule.Key.Region,
                        rule.Value.Messages,
                        rule.Value.Fields
                    )),
                ]
            )
        );
        (_messages, _trimmed, _bytes) = (0, 0, 0);
        _rules.Clear();
        return counts;
    }

    /// <exception cref="JsonException">It is no envelope.</exception>
    public LogVerdict Judge(string anchor, DateTimeOffset at, ReadOnlySpan<byte> payload)
    {
        _messages++;
        var head = Head.Read(payload);
        if (now - head.ReceivedAt < _youngest)
        {
            return LogVerdict.Keep;
        }

        ReadOnlySpan<byte> message = head.Message.Of(payload);
        PolicyApplied<RetentionPolicy> applied = retention.For(
            retention.Body.Overrides.IsEmpty
                ? null
                : MessageRegion.Of(message, MessageFields.Find(message), head.Source, regions)
        );
        if (
            TermsOf(applied, head).OverFor(head.ReceivedAt, now) is not { } over
            || MessageTrimming.Trim(message, head.Kind, access, over, out var fields) is not { } trimmed
        )
        {
            return LogVerdict.Keep;
        }

        Count(applied.Override, fields, message.Length - trimmed.Length);
        return isDryRun ? LogVerdict.Keep : LogVerdict.Replace(Envelope(payload, head.Message, trimmed));
    }

    private MessageTerms TermsOf(PolicyApplied<RetentionPolicy> applied, in Head head)
    {
        MessageRetention messages = applied.Value.Messages;
        // Senders make names, so only those that the policy has are remembered.
        string? name = head.Name is { } one && messages.Events.ContainsKey(one) ? one : null;
        if (!_terms.TryGetValue((applied.Override, head.Kind, name), out MessageTerms? terms))
        {
            terms = new MessageTerms(messages, head.Kind, name);
            _terms.Add((applied.Override, head.Kind, name), terms);
        }

        return terms;
    }

    private void Count(string? region, IReadOnlyDictionary<RetentionTerm, int> fields, int bytes)
    {
        _trimmed++;
        _bytes += bytes;
        foreach ((RetentionTerm term, int count) in fields)
        {
            (long messages, long before) = _rules.GetValueOrDefault((region, term.Rule));
            _rules[(region, term.Rule)] = (messages + 1, before + count);
        }
    }

    /// <summary>The message is the last member, so what stands before it stays as it is.</summary>
    private static byte[] Envelope(ReadOnlySpan<byte> payload, JsonSlice message, byte[] trimmed) =>
        [.. payload[..message.Start], .. trimmed, .. payload[(message.Start + message.Length)..]];

    private static TimeSpan YoungestOf(PolicyBody<RetentionPolicy> policy)
    {
        int[] days = [.. policy.Overrides.Values.Append(policy.Base).SelectMany(one => one.Messages.AllDays)];
        return days.Length == 0 ? TimeSpan.MaxValue : TimeSpan.FromDays(days.Min());
    }

    /// <summary>What is asked of a logged message.</summary>
    private readonly record struct Head(
        EventKind Kind,
        string? Name,
        string Source,
        DateTimeOffset ReceivedAt,
        JsonSlice Message
    )
    {
        public static Head Read(ReadOnlySpan<byte> envelope)
        {
            var head = default(Head);
            var reader = new CheckedReader(envelope);
            reader.TryEnter(JsonTokenType.StartObject);
            while (reader.TryReadName(out ReadOnlySpan<byte> name))
            {
                if (name.SequenceEqual("message"u8))
                {
                    head = head with { Message = reader.TakeLast() };
                    break;
                }

                head = head.With(name, reader.Take(), envelope);
            }

            return head.Kind != default && head.ReceivedAt != default && head.Message.IsObject
                ? head
                : throw new JsonException("Not an envelope: a member is missing or unknown.");
        }

        private Head With(ReadOnlySpan<byte> name, JsonSlice value, ReadOnlySpan<byte> envelope) =>
            name switch
            {
                _ when name.SequenceEqual("type"u8) => this with
                {
                    Kind = EventKinds.Parse(value.ContentOf(envelope)) ?? default,
                },
                _ when name.SequenceEqual("name"u8) => this with { Name = TextPool.Read(value.ContentOf(envelope)) },
                _ when name.SequenceEqual("source"u8) => this with
                {
                    Source = TextPool.Read(value.ContentOf(envelope)),
                },
                _ when name.SequenceEqual("receivedAt"u8)
                        && Rfc3339.TryParse(value.ContentOf(envelope), out DateTimeOffset at) => this with
                {
                    ReceivedAt = at,
                },
                _ => this,
            };
    }
}
