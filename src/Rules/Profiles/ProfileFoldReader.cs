using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>
/// Reads the canonical form of a fold (<see cref="ProfileFold.WriteJson"/> states its shape), members in any order.
/// </summary>
internal static class ProfileFoldReader
{
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ProfileFold Read(ref Utf8JsonReader reader)
    {
        try
        {
            return ReadChecked(ref reader);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException("Not a fold.", error);
        }
    }

    private static ProfileFold ReadChecked(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.None)
        {
            reader.Read();
        }

        Expect(ref reader, JsonTokenType.StartObject);
        Touch? first = null;
        Touch? last = null;
        ImmutableArray<Trait> traits = [];
        ImmutableArray<EventCounter> counters = [];
        ImmutableArray<AccountLink> accounts = [];
        long messageCount = 0;
        long claimedCount = 0;
        bool isTruncated = false;
        var messageIds = default(MessageIdCache);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (TryEnter(ref reader, "messageCount"u8))
            {
                messageCount = reader.GetInt64();
            }
            else if (TryEnter(ref reader, "claimedCount"u8))
            {
                claimedCount = reader.GetInt64();
            }
            else if (TryEnter(ref reader, "first"u8))
            {
                first = ReadTouch(ref reader, ref messageIds);
            }
            else if (TryEnter(ref reader, "last"u8))
            {
                last = ReadTouch(ref reader, ref messageIds);
            }
            else if (TryEnter(ref reader, "traits"u8))
            {
                traits = ReadList<Trait>(ref reader, ref messageIds, ReadTrait);
            }
            else if (TryEnter(ref reader, "counters"u8))
            {
                counters = ReadList<EventCounter>(ref reader, ref messageIds, ReadCounter);
            }
            else if (TryEnter(ref reader, "accounts"u8))
            {
                accounts = ReadList<AccountLink>(ref reader, ref messageIds, ReadAccount);
            }
            else if (TryEnter(ref reader, "truncated"u8))
            {
                isTruncated = reader.GetBoolean();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new ProfileFold
        {
            First = first,
            Last = last,
            Traits = traits,
            Counters = counters,
            Accounts = accounts,
            MessageCount = messageCount,
            ClaimedCount = claimedCount,
            IsTruncated = isTruncated,
        };
    }

    private delegate T EntryReader<T>(ref Utf8JsonReader reader, ref MessageIdCache messageIds);

    private static ImmutableArray<T> ReadList<T>(
        ref Utf8JsonReader reader,
        ref MessageIdCache messageIds,
        EntryReader<T> read
    )
    {
        Expect(ref reader, JsonTokenType.StartArray);
        ImmutableArray<T>.Builder entries = ImmutableArray.CreateBuilder<T>(16);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.StartObject);
            entries.Add(read(ref reader, ref messageIds));
        }

        return entries.DrainToImmutable();
    }

    private static Touch ReadTouch(ref Utf8JsonReader reader, ref MessageIdCache messageIds)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        DateTimeOffset at = default;
        string messageId = "";
        string source = "";
        Arrival arrival = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (TryEnter(ref reader, "at"u8))
            {
                at = Time(ref reader);
            }
            else if (TryEnter(ref reader, "messageId"u8))
            {
                messageId = messageIds.Read(ref reader);
            }
            else if (TryEnter(ref reader, "source"u8))
            {
                source = Name(ref reader);
            }
            else if (TryEnter(ref reader, "arrival"u8))
            {
                arrival = ReadArrival(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new Touch(at, messageId, source, arrival);
    }

    private static Trait ReadTrait(ref Utf8JsonReader reader, ref MessageIdCache messageIds)
    {
        string name = "";
        string source = "";
        byte[] value = [];
        DateTimeOffset at = default;
        string messageId = "";
        bool isTooLong = false;
        StatementTrust trust = StatementTrust.Trusted;
        Arrival arrival = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (TryEnter(ref reader, "name"u8))
            {
                name = Name(ref reader);
            }
            else if (TryEnter(ref reader, "source"u8))
            {
                source = Name(ref reader);
            }
            else if (TryEnter(ref reader, "value"u8))
            {
                value = CanonicalValue.Read(ref reader);
            }
            else if (TryEnter(ref reader, "at"u8))
            {
                at = Time(ref reader);
            }
            else if (TryEnter(ref reader, "messageId"u8))
            {
                messageId = messageIds.Read(ref reader);
            }
            else if (TryEnter(ref reader, "trust"u8))
            {
                trust = StatementTrusts.Parse(reader.ValueSpan) ?? throw new JsonException("An unknown trust.");
            }
            else if (TryEnter(ref reader, "tooLong"u8))
            {
                isTooLong = reader.GetBoolean();
            }
            else if (TryEnter(ref reader, "arrival"u8))
            {
                arrival = ReadArrival(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return isTooLong ? Trait.TooLong(name, source, at, messageId, arrival, trust)
            : value.Length > 0 ? new Trait(name, source, value, at, messageId, arrival, trust)
            : throw new JsonException("A trait without a value.");
    }

    /// <summary>Reads <c>[receivedAt, partition, position]</c>.</summary>
    private static Arrival ReadArrival(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        reader.Read();
        DateTimeOffset receivedAt = Time(ref reader);
        reader.Read();
        int partition = reader.GetInt32();
        reader.Read();
        long position = reader.GetInt64();
        reader.Read();
        Expect(ref reader, JsonTokenType.EndArray);
        return new Arrival(receivedAt, new LogPlace(partition, position));
    }

    private static EventCounter ReadCounter(ref Utf8JsonReader reader, ref MessageIdCache messageIds)
    {
        EventKind? kind = null;
        string name = "";
        long count = 0;
        DateTimeOffset firstAt = default;
        DateTimeOffset lastAt = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (TryEnter(ref reader, "kind"u8))
            {
                kind = EventKinds.Parse(reader.ValueSpan);
            }
            else if (TryEnter(ref reader, "name"u8))
            {
                name = Name(ref reader);
            }
            else if (TryEnter(ref reader, "count"u8))
            {
                count = reader.GetInt64();
            }
            else if (TryEnter(ref reader, "firstAt"u8))
            {
                firstAt = Time(ref reader);
            }
            else if (TryEnter(ref reader, "lastAt"u8))
            {
                lastAt = Time(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return kind is { } known
            ? new EventCounter(known, name, count, firstAt, lastAt)
            : throw new JsonException("A counter without a kind.");
    }

    private static AccountLink ReadAccount(ref Utf8JsonReader reader, ref MessageIdCache messageIds)
    {
        string groupId = "";
        // As of one of whom only is known that she left.
        DateTimeOffset firstAt = DateTimeOffset.MaxValue;
        DateTimeOffset lastAt = DateTimeOffset.MinValue;
        DateTimeOffset? leftAt = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (TryEnter(ref reader, "groupId"u8))
            {
                groupId = reader.GetString() ?? "";
            }
            else if (TryEnter(ref reader, "firstAt"u8))
            {
                firstAt = Time(ref reader);
            }
            else if (TryEnter(ref reader, "lastAt"u8))
            {
                lastAt = Time(ref reader);
            }
            else if (TryEnter(ref reader, "leftAt"u8))
            {
                leftAt = Time(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new AccountLink(groupId, firstAt, lastAt, leftAt);
    }

    private static bool TryEnter(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueTextEquals(name) && reader.Read();

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
        {
            throw new JsonException("Not a fold.");
        }
    }

    private static string Name(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped
            ? TextPool.Read(reader.ValueSpan)
            : reader.GetString() ?? "";

    private static DateTimeOffset Time(ref Utf8JsonReader reader) =>
        Rfc3339.TryParse(reader.ValueSpan, out DateTimeOffset time) ? time : throw new JsonException("Not a time.");
}
