using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>The canonical form of a fold; <see cref="ProfileFold.WriteJson"/> states its shape.</summary>
internal static class ProfileFoldJson
{
    public static void Write(Utf8JsonWriter writer, ProfileFold fold)
    {
        writer.WriteStartObject();
        writer.WriteNumber("messageCount"u8, fold.MessageCount);
        WriteTouch(writer, "first"u8, fold.First);
        WriteTouch(writer, "last"u8, fold.Last);
        WriteList(writer, "traits"u8, fold.Traits, WriteTrait);
        WriteList(writer, "counters"u8, fold.Counters, WriteCounter);
        WriteList(writer, "accounts"u8, fold.Accounts, WriteAccount);
        if (fold.IsTruncated)
        {
            writer.WriteBoolean("truncated"u8, value: true);
        }

        writer.WriteEndObject();
    }

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
        bool isTruncated = false;
        var messageIds = default(MessageIdCache);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (TryEnter(ref reader, "messageCount"u8))
            {
                messageCount = reader.GetInt64();
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
            IsTruncated = isTruncated,
        };
    }

    private static void WriteList<T>(
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        ImmutableArray<T> entries,
        Action<Utf8JsonWriter, T> write
    )
    {
        if (entries.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (T entry in entries)
        {
            writer.WriteStartObject();
            write(writer, entry);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTouch(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Touch? touch)
    {
        if (touch is { } known)
        {
            writer.WriteStartObject(name);
            WriteTime(writer, "at"u8, known.At);
            writer.WriteString("messageId"u8, known.MessageId);
            writer.WriteString("source"u8, known.Source);
            writer.WriteEndObject();
        }
    }

    private static void WriteTrait(Utf8JsonWriter writer, Trait trait)
    {
        writer.WriteString("name"u8, trait.Name);
        writer.WriteString("source"u8, trait.Source);
        writer.WritePropertyName("value"u8);
        // Written as it is: the bytes decide between two values of one message, so they must come back as they went.
        writer.WriteRawValue(trait.ValueJson.Span, skipInputValidation: true);
        WriteTime(writer, "at"u8, trait.At);
        writer.WriteString("messageId"u8, trait.MessageId);
    }

    private static void WriteCounter(Utf8JsonWriter writer, EventCounter counter)
    {
        writer.WriteString("kind"u8, EventKinds.Text(counter.Kind));
        writer.WriteString("name"u8, counter.Name);
        writer.WriteNumber("count"u8, counter.Count);
        WriteTime(writer, "firstAt"u8, counter.FirstAt);
        WriteTime(writer, "lastAt"u8, counter.LastAt);
    }

    private static void WriteAccount(Utf8JsonWriter writer, AccountLink account)
    {
        writer.WriteString("groupId"u8, account.GroupId);
        WriteTime(writer, "firstAt"u8, account.FirstAt);
        WriteTime(writer, "lastAt"u8, account.LastAt);
    }

    private static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Rfc3339.LengthMax];
        writer.WriteString(name, text[..Rfc3339.Format(time, text)]);
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
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new Touch(at, messageId, source);
    }

    private static Trait ReadTrait(ref Utf8JsonReader reader, ref MessageIdCache messageIds)
    {
        string name = "";
        string source = "";
        byte[] value = [];
        DateTimeOffset at = default;
        string messageId = "";
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
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return value.Length > 0
            ? new Trait(name, source, value, at, messageId)
            : throw new JsonException("A trait without a value.");
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
        DateTimeOffset firstAt = default;
        DateTimeOffset lastAt = default;
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
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new AccountLink(groupId, firstAt, lastAt);
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
