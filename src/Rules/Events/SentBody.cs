using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Customer360.Rules.Events;

/// <summary>
/// The body of a collect call, checked in one pass that notes where its messages stand. Points into the body's bytes; dispose
/// it before they go.
/// </summary>
public sealed class SentBody : IDisposable
{
    /// <summary>Depth of arrays and objects that is taken where nothing else is said.</summary>
    public const int DepthMaxDefault = 64;

    /// <summary>Names in open objects that a message may have to be taken as it stands.</summary>
    private const int NamesMax = 256;

    private const int MessagesFirst = 128;

    private readonly ReadOnlyMemory<byte> _json;
    private readonly bool _isBatch;
    private readonly bool _isRepaired;
    private Place[] _messages = [];
    private JsonSlice _batch;
    private JsonSlice _context;
    private JsonSlice _integrations;
    private JsonSlice _sentAt;
    private JsonSlice _writeKey;

    private SentBody(ReadOnlyMemory<byte> json, bool isBatch, bool isRepaired)
    {
        _json = json;
        _isBatch = isBatch;
        _isRepaired = isRepaired;
    }

    /// <summary>False: it is another JSON value, which no call takes.</summary>
    public bool IsObject { get; private set; }

    /// <summary>It has an array <c>batch</c>.</summary>
    public bool HasBatch => _batch.Type == JsonTokenType.StartArray;

    /// <summary>How many messages it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The key that the body holds, or null.</summary>
    public string? WriteKey =>
        SentMembers.Text(_json.Span, _isBatch ? _writeKey : SentMembers.Find(_json.Span, "writeKey"u8));

    /// <summary>When the batch was sent by its sender's clock; null where it does not say so in a way that can be read.</summary>
    public DateTimeOffset? SentAt => SentTime.Read(_json.Span, _sentAt, out _);

    /// <summary>The batch has a <c>sentAt</c> that is no time.</summary>
    public bool HasUnreadableSentAt =>
        SentTime.Read(_json.Span, _sentAt, out string? fault) is null && fault is not null;

    /// <summary>A message by its place, from 0.</summary>
    public SentMessage this[int index]
    {
        get
        {
            ReadOnlySpan<byte> json = _json.Span;
            Place place = _messages.AsSpan(0, Count)[index];
            return new SentMessage
            {
                Json = json.Slice(place.Start, place.Length),
                IsCanonical = place.IsCanonical,
                IsTooDeep = place.IsTooDeep,
                IsRepaired = _isRepaired && json.Slice(place.Start, place.Length).IndexOf("\uFFFD"u8) >= 0,
                LentContext = _context.IsObject ? _context.Of(json) : default,
                LentIntegrations = _integrations.IsObject ? _integrations.Of(json) : default,
                IsLentContextUnreadable = MessageParts.IsNoObject(_context),
                AreLentIntegrationsUnreadable = MessageParts.IsNoObject(_integrations),
            };
        }
    }

    /// <summary>Checks a body that is one message.</summary>
    /// <remarks>A byte that is no UTF-8, such as a letter in Latin-1, becomes U+FFFD: it does not lose the other messages.</remarks>
    /// <param name="json">The body.</param>
    /// <param name="depthMax">Levels of arrays and objects that a message may reach; a deeper one is not taken.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static SentBody OfMessage(ReadOnlyMemory<byte> json, int depthMax = DepthMaxDefault) =>
        Of(json, isBatch: false, depthMax);

    /// <summary>Checks a body whose array <c>batch</c> holds the messages.</summary>
    /// <inheritdoc cref="OfMessage"/>
    public static SentBody OfBatch(ReadOnlyMemory<byte> json, int depthMax = DepthMaxDefault) =>
        Of(json, isBatch: true, depthMax);

    public void Dispose()
    {
        Place[] messages = _messages;
        _messages = [];
        Count = 0;
        if (messages.Length > 0)
        {
            ArrayPool<Place>.Shared.Return(messages);
        }
    }

    private static SentBody Of(ReadOnlyMemory<byte> json, bool isBatch, int depthMax)
    {
        // The reader checks the bytes of a text only when it is asked for it.
        bool isRepaired = !Utf8.IsValid(json.Span);
        var body = new SentBody(isRepaired ? Repaired(json.Span) : json, isBatch, isRepaired);
        ulong[] names = ArrayPool<ulong>.Shared.Rent(NamesMax);
        try
        {
            body.Check(depthMax, new CanonicalScan(names));
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(names);
        }
    }

    private static byte[] Repaired(ReadOnlySpan<byte> json) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(json));

    private void Check(int depthMax, CanonicalScan scan)
    {
        // The reader's own limit would end the whole body where one message is nested too deep. It costs a bit a level.
        var reader = new Utf8JsonReader(_json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        IsObject = reader.TokenType == JsonTokenType.StartObject;
        if (_isBatch && IsObject)
        {
            CheckBatch(ref reader, scan, depthMax);
        }
        else
        {
            CheckMessage(ref reader, scan, depthMax);
        }

        // Nothing but white space may stand behind it.
        reader.Read();
    }

    private void CheckBatch(ref Utf8JsonReader reader, CanonicalScan scan, int depthMax)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            bool isEscaped = reader.ValueIsEscaped;
            reader.Read();
            JsonTokenType type = reader.TokenType;
            int start = (int)reader.TokenStartIndex;
            if (type == JsonTokenType.StartArray && SentMembers.IsNamed(name, isEscaped, "batch"u8))
            {
                CheckMessages(ref reader, scan, depthMax);
            }
            else
            {
                reader.Skip();
            }

            var value = new JsonSlice(start, (int)reader.BytesConsumed - start, type);
            SentMembers.Take(ref _batch, "batch"u8, name, isEscaped, value);
            SentMembers.Take(ref _context, "context"u8, name, isEscaped, value);
            SentMembers.Take(ref _integrations, "integrations"u8, name, isEscaped, value);
            SentMembers.Take(ref _sentAt, "sentAt"u8, name, isEscaped, value);
            SentMembers.Take(ref _writeKey, "writeKey"u8, name, isEscaped, value);
        }
    }

    private void CheckMessages(ref Utf8JsonReader reader, CanonicalScan scan, int depthMax)
    {
        // Of two batches the last counts.
        Count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            CheckMessage(ref reader, scan, depthMax);
        }
    }

    private void CheckMessage(ref Utf8JsonReader reader, CanonicalScan scan, int depthMax)
    {
        int start = (int)reader.TokenStartIndex;
        bool isCanonical = false;
        int deepest = 0;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            isCanonical = scan.Read(ref reader, _json.Span, out deepest);
        }
        else
        {
            reader.Skip();
        }

        if (Count == _messages.Length)
        {
            Grow();
        }

        _messages[Count++] = new Place(
            start,
            (int)reader.BytesConsumed - start,
            isCanonical,
            IsTooDeep: deepest > depthMax
        );
    }

    private void Grow()
    {
        Place[] larger = ArrayPool<Place>.Shared.Rent(Math.Max(MessagesFirst, _messages.Length * 2));
        _messages.AsSpan(0, Count).CopyTo(larger);
        if (_messages.Length > 0)
        {
            ArrayPool<Place>.Shared.Return(_messages);
        }

        _messages = larger;
    }

    private readonly record struct Place(int Start, int Length, bool IsCanonical, bool IsTooDeep);
}
