using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;

namespace Customer360.Rules.Events;

/// <summary>What stands before the message in an envelope's canonical form.</summary>
internal struct EnvelopeHead
{
    public string MessageId;
    public EventKind Kind;
    public string Source;
    public StatementTrust Trust;
    public DateTimeOffset Timestamp;
    public DateTimeOffset ReceivedAt;
    public string? Name;
    public string? GroupId;
    public ImmutableArray<Identifier> Identifiers;
    public ImmutableArray<BlockedIdentifier> Blocked;
    public ImmutableArray<LeftOutPart> LeftOut;
    public ConsentStatement? Consent;
    public ContractJudgement? Contract;
}

/// <summary>
/// Writes and reads the canonical form of an envelope, the one form in which messages are kept:
/// <c>{"messageId","type","source","trust"?,"timestamp","receivedAt","name"?,"groupId"?,"identifiers":[{"type","value"}],
/// "blocked"?:[{"type","reason"}],"leftOut"?:[{"field","reason"}],"consent"?:{…},"contract"?:{…},"message":{…}}</c>, compact UTF-8,
/// members in that order.
/// </summary>
internal static class EnvelopeText
{
    // Of nearly every head; a longer one makes the buffer grow.
    private const int HeadCapacity = 1024;

    public static Envelope Write(
        in EnvelopeHead head,
        ReadOnlySpan<byte> message,
        JsonSlice traits,
        JsonSlice contextTraits
    )
    {
        byte[] json;
        int start;
        var buffer = new Utf8Buffer(HeadCapacity);
        try
        {
            WriteHead(ref buffer, head);
            start = buffer.Length;
            json = GC.AllocateUninitializedArray<byte>(start + message.Length + 1);
            buffer.Written.CopyTo(json);
        }
        finally
        {
            buffer.Dispose();
        }

        message.CopyTo(json.AsSpan(start));
        json[^1] = (byte)'}';
        return Create(head, json, Moved(traits, start), Moved(contextTraits, start));
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            return ReadChecked(json);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException("Not an envelope.", error);
        }
    }

    /// <summary>The message in the canonical form of an envelope, as it was sent.</summary>
    public static ReadOnlySpan<byte> MessageOf(ReadOnlySpan<byte> json)
    {
        var reader = new CheckedReader(json);
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("message"u8))
            {
                return reader.TakeLast().Of(json);
            }

            reader.Take();
        }

        throw new JsonException("Not an envelope: a member is missing.");
    }

    private static Envelope ReadChecked(ReadOnlyMemory<byte> json)
    {
        var head = new EnvelopeHead
        {
            Identifiers = [],
            Blocked = [],
            LeftOut = [],
        };
        JsonSlice message = default;
        ReadOnlySpan<byte> span = json.Span;
        var reader = new CheckedReader(span);
        if (!reader.TryEnter(JsonTokenType.StartObject))
        {
            throw new JsonException("Not an envelope.");
        }

        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("message"u8))
            {
                message = reader.TakeLast();
                break;
            }

            ReadHeadField(name, span, reader.Take(), ref head);
        }

        if (
            head is not { MessageId.Length: > 0, Source: not null, Identifiers.Length: > 0 }
            || head.Kind == default
            || !message.IsObject
        )
        {
            throw new JsonException("Not an envelope: a member is missing.");
        }

        FindTraits(span, message, out JsonSlice traits, out JsonSlice contextTraits);
        return Create(head, json, traits, contextTraits);
    }

    private static void ReadHeadField(
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> json,
        JsonSlice value,
        ref EnvelopeHead head
    )
    {
        switch (name)
        {
            case var _ when name.SequenceEqual("messageId"u8):
                head.MessageId = JsonText.Read(ContentOf(json, value));
                break;
            case var _ when name.SequenceEqual("type"u8):
                head.Kind = EventKinds.Parse(ContentOf(json, value)) ?? throw new JsonException("An unknown type.");
                break;
            case var _ when name.SequenceEqual("source"u8):
                head.Source = TextPool.Read(ContentOf(json, value));
                break;
            case var _ when name.SequenceEqual("trust"u8):
                head.Trust =
                    StatementTrusts.Parse(ContentOf(json, value)) ?? throw new JsonException("An unknown trust.");
                break;
            case var _ when name.SequenceEqual("timestamp"u8):
                head.Timestamp = Time(ContentOf(json, value));
                break;
            case var _ when name.SequenceEqual("receivedAt"u8):
                head.ReceivedAt = Time(ContentOf(json, value));
                break;
            case var _ when name.SequenceEqual("name"u8):
                head.Name = TextPool.Read(ContentOf(json, value));
                break;
            case var _ when name.SequenceEqual("groupId"u8):
                head.GroupId = JsonText.Read(ContentOf(json, value));
                break;
            case var _ when name.SequenceEqual("identifiers"u8):
                head.Identifiers = ReadPairs(value.Of(json), "type"u8, "value"u8, Identifier.Create);
                break;
            case var _ when name.SequenceEqual("blocked"u8):
                head.Blocked = ReadPairs(
                    value.Of(json),
                    "type"u8,
                    "reason"u8,
                    static (type, reason) => new BlockedIdentifier(type, reason)
                );
                break;
            case var _ when name.SequenceEqual("leftOut"u8):
                head.LeftOut = ReadPairs(
                    value.Of(json),
                    "field"u8,
                    "reason"u8,
                    static (field, reason) => new LeftOutPart(field, reason)
                );
                break;
            case var _ when name.SequenceEqual("consent"u8):
                head.Consent = ConsentStatementText.Read(value.Of(json));
                break;
            case var _ when name.SequenceEqual("contract"u8):
                head.Contract = ContractJudgementText.Read(value.Of(json));
                break;
            default:
                break;
        }
    }

    private static ImmutableArray<T> ReadPairs<T>(
        ReadOnlySpan<byte> json,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second,
        Func<string, string, T> create
    )
    {
        ImmutableArray<T>.Builder pairs = ImmutableArray.CreateBuilder<T>();
        var reader = new CheckedReader(json);
        reader.TryEnter(JsonTokenType.StartArray);
        while (reader.TryReadElement())
        {
            string key = "";
            string value = "";
            reader.TryEnter(JsonTokenType.StartObject);
            while (reader.TryReadName(out ReadOnlySpan<byte> name))
            {
                ReadOnlySpan<byte> content = ContentOf(json, reader.Take());
                key = name.SequenceEqual(first) ? TextPool.Read(content) : key;
                value = name.SequenceEqual(second) ? JsonText.Read(content) : value;
            }

            pairs.Add(create(key, value));
        }

        return pairs.DrainToImmutable();
    }

    private static ReadOnlySpan<byte> ContentOf(ReadOnlySpan<byte> json, JsonSlice value) =>
        value.Type == JsonTokenType.String ? value.ContentOf(json) : throw new JsonException("Not a text.");

    private static DateTimeOffset Time(ReadOnlySpan<byte> text) =>
        Rfc3339.TryParse(text, out DateTimeOffset time) ? time : throw new JsonException("Not a time.");

    private static void FindTraits(
        ReadOnlySpan<byte> json,
        JsonSlice message,
        out JsonSlice traits,
        out JsonSlice contextTraits
    )
    {
        ReadOnlySpan<byte> text = message.Of(json);
        MessageFields fields = MessageFields.Find(text);
        traits = Moved(fields.Traits, message.Start);
        contextTraits = Moved(fields.ContextTraits, message.Start);
    }

    private static JsonSlice Moved(JsonSlice slice, int distance) => slice with { Start = slice.Start + distance };

    private static Envelope Create(
        in EnvelopeHead head,
        ReadOnlyMemory<byte> json,
        JsonSlice traits,
        JsonSlice contextTraits
    )
    {
        return new Envelope
        {
            MessageId = head.MessageId,
            Kind = head.Kind,
            Source = head.Source,
            Trust = head.Trust,
            Timestamp = head.Timestamp,
            ReceivedAt = head.ReceivedAt,
            Name = head.Name,
            GroupId = head.GroupId,
            Identifiers = head.Identifiers,
            Blocked = head.Blocked,
            LeftOut = head.LeftOut,
            Consent = head.Consent,
            Contract = head.Contract,
            Traits =
                head.Kind == EventKind.Identify ? TraitAssignments.Read(json, StatedTraits(traits, contextTraits)) : [],
            GroupTraits = head.Kind == EventKind.Group ? TraitAssignments.Read(json, traits) : [],
            Json = json,
        };
    }

    /// <summary>The traits that an identify states: a few SDKs have them in <c>context.traits</c> only.</summary>
    public static JsonSlice StatedTraits(JsonSlice traits, JsonSlice contextTraits) =>
        traits is { IsObject: true, Length: > 2 } ? traits : contextTraits;

    private static void WriteHead(ref Utf8Buffer buffer, in EnvelopeHead head)
    {
        buffer.Raw("{\"messageId\":"u8);
        buffer.Text(head.MessageId);
        buffer.Raw(",\"type\":"u8);
        buffer.Text(EventKinds.Text(head.Kind));
        buffer.Raw(",\"source\":"u8);
        buffer.Text(head.Source);
        if (head.Trust != StatementTrust.Trusted)
        {
            buffer.Raw(",\"trust\":"u8);
            buffer.Text(StatementTrusts.Text(head.Trust));
        }

        buffer.Raw(",\"timestamp\":"u8);
        buffer.Time(head.Timestamp);
        buffer.Raw(",\"receivedAt\":"u8);
        buffer.Time(head.ReceivedAt);
        if (head.Name is not null)
        {
            buffer.Raw(",\"name\":"u8);
            buffer.Text(head.Name);
        }

        if (head.GroupId is not null)
        {
            buffer.Raw(",\"groupId\":"u8);
            buffer.Text(head.GroupId);
        }

        buffer.Raw(",\"identifiers\":["u8);
        foreach (Identifier identifier in head.Identifiers)
        {
            WritePair(ref buffer, "type", identifier.Type, "value", identifier.Value);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
        if (!head.Blocked.IsEmpty)
        {
            buffer.Raw(",\"blocked\":["u8);
            foreach (BlockedIdentifier blocked in head.Blocked)
            {
                WritePair(ref buffer, "type", blocked.Type, "reason", blocked.Reason);
            }

            buffer.DropComma();
            buffer.Raw("]"u8);
        }

        if (!head.LeftOut.IsEmpty)
        {
            buffer.Raw(",\"leftOut\":["u8);
            foreach (LeftOutPart part in head.LeftOut)
            {
                WritePair(ref buffer, "field", part.Field, "reason", part.Reason);
            }

            buffer.DropComma();
            buffer.Raw("]"u8);
        }

        if (head.Consent is { } consent)
        {
            buffer.Raw(",\"consent\":"u8);
            ConsentStatementText.Write(ref buffer, consent);
        }

        if (head.Contract is { } contract)
        {
            buffer.Raw(",\"contract\":"u8);
            ContractJudgementText.Write(ref buffer, contract);
        }

        buffer.Raw(",\"message\":"u8);
    }

    private static void WritePair(ref Utf8Buffer buffer, string first, string key, string name, string value)
    {
        buffer.Raw("{"u8);
        buffer.Text(first);
        buffer.Raw(":"u8);
        buffer.Text(key);
        buffer.Raw(","u8);
        buffer.Text(name);
        buffer.Raw(":"u8);
        buffer.Text(value);
        buffer.Raw("},"u8);
    }
}
