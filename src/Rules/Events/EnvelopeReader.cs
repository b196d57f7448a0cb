using System.Text.Json;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Events;

/// <summary>What a message inherits from the request that carried it.</summary>
/// <param name="Source">The name of the source whose write key was given.</param>
/// <param name="ReceivedAt">When the request came in, UTC.</param>
/// <param name="SentAt">The batch's <c>sentAt</c>, where the message has none of its own.</param>
/// <param name="Kind">The kind that the path gives (<c>/v1/track</c>); null where the message's <c>type</c> says
/// it.</param>
/// <param name="RequestId">Unique per request: what the id of a message without <c>messageId</c> is derived
/// from.</param>
/// <param name="Index">The message's place in the request, from 0.</param>
public readonly record struct MessageContext(
    string Source,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? SentAt,
    EventKind? Kind,
    string RequestId,
    int Index
);

/// <summary>
/// Brings messages of the Segment HTTP Tracking API to canonical form, each by the rules in force when it is read.
/// </summary>
public sealed class EnvelopeReader(IIdentityRulesSource source)
{
    /// <summary>Reads by rules that don't change.</summary>
    public EnvelopeReader(IdentityRules rules)
        : this(new FixedIdentityRules(rules)) { }

    private const int MessageIdLengthMax = 100;
    private const int GroupIdLengthMax = 500;
    private const string IdRule = "a text or a number";

    /// <summary>The rules in force now.</summary>
    public IdentityRules Rules => source.Current;

    /// <inheritdoc cref="IIdentityRulesSource.AnchorsSince"/>
    public long AnchorsSince => source.AnchorsSince;

    /// <summary>Reads one message of a request; a <see cref="MessageRefusal"/> says why it can't be taken.</summary>
    public Outcome<Envelope> Read(SentMessage message, in MessageContext context)
    {
        MessageRefusal? refusal = MessageText.TryCreate(message, out MessageText text);
        try
        {
            return refusal is not null ? refusal : Read(text.Json, context);
        }
        finally
        {
            text.Dispose();
        }
    }

    /// <summary>
    /// Reads a message again, by rules that came into force since: its identifiers may be others, or it may be refused. Its
    /// id, times and source stay.
    /// </summary>
    public Outcome<Envelope> ReadAgain(Envelope envelope)
    {
        ReadOnlySpan<byte> message = EnvelopeText.MessageOf(envelope.Json.Span);
        return Identify(
            message,
            MessageFields.Find(message),
            new EnvelopeHead
            {
                MessageId = envelope.MessageId,
                Kind = envelope.Kind,
                Source = envelope.Source,
                Timestamp = envelope.Timestamp,
                ReceivedAt = envelope.ReceivedAt,
            }
        );
    }

    /// <summary>
    /// Reads an envelope back from its canonical form. The envelope keeps the memory that it is given.
    /// </summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static Envelope FromJson(ReadOnlyMemory<byte> json) => EnvelopeText.Read(json);

    /// <summary>
    /// Normalizes an identifier that a caller asks for (<c>email:Jane@X.com</c>); null where the type is unknown or
    /// the value is not valid or blocked. The type may name a region (<c>email@eu</c>), without which it is the default one's;
    /// of a type that links regions every region's is the same.
    /// </summary>
    public Identifier? Normalize(string type, string value)
    {
        IdentityRules rules = Rules;
        if (rules.Find(type) is not { } rule)
        {
            return null;
        }

        string? normal = IdentifierNormalizer.Normalize(value, rule, rules, out _);
        string? region = RegionalType.Region(type);
        if (normal is null || (region is not null && rules.Regions?.Has(region) != true))
        {
            return null;
        }

        return Identifier.Create(region is null ? rule.Type : rules.TypeIn(rule.Type, region), normal);
    }

    private Outcome<Envelope> Read(ReadOnlySpan<byte> message, in MessageContext context)
    {
        MessageFields fields = MessageFields.Find(message);
        if ((context.Kind ?? KindOf(message, fields.Type)) is not { } kind)
        {
            return new MessageTypeUnknown();
        }

        if (WronglyTyped(fields, kind) is { } wrong)
        {
            return wrong;
        }

        if (MessageTimes.Find(message, fields, context, out DateTimeOffset timestamp) is { } untimely)
        {
            return untimely;
        }

        string messageId = fields.MessageId.IsPresent ? JsonText.Read(fields.MessageId.ContentOf(message)) : "";
        if (messageId.Length > MessageIdLengthMax)
        {
            return new MessageFieldInvalid("messageId", "at most 100 characters");
        }

        return Identify(
            message,
            fields,
            new EnvelopeHead
            {
                MessageId = string.IsNullOrWhiteSpace(messageId) ? DerivedId.Of(message, context) : messageId,
                Kind = kind,
                Source = context.Source,
                Timestamp = timestamp,
                ReceivedAt = context.ReceivedAt.ToUniversalTime(),
            }
        );
    }

    /// <summary>The part of the reading that the rules decide.</summary>
    private Outcome<Envelope> Identify(ReadOnlySpan<byte> message, in MessageFields fields, EnvelopeHead head)
    {
        // Once: one message is read by one version of the rules.
        IdentityRules rules = Rules;
        string? region = MessageRegion.Of(message, fields, head.Source, rules.Regions);
        if (rules.Regions is { } regions && !regions.Has(region!))
        {
            return new MessageFieldInvalid("context.region", "one of the regions of the identity rules");
        }

        var identifiers = new IdentifierCollector(rules, region, stackalloc int[IdentifierCollector.CountMax]);
        MessageIdentifiers.Collect(message, fields, head.Kind, ref identifiers);
        if (GroupIdOf(message, fields, head.Kind, rules, ref identifiers, out head.GroupId) is { } groupless)
        {
            return groupless;
        }

        head.Name = NameOf(message, fields, head.Kind);
        head.Identifiers = identifiers.ToIdentifiers();
        head.Blocked = identifiers.Blocked;
        if (head.Kind == EventKind.Track && string.IsNullOrWhiteSpace(head.Name))
        {
            return new MessageFieldInvalid("event", "a text that is not empty");
        }

        return head.Identifiers.IsEmpty
            ? new MessageHasNoIdentifier()
            : EnvelopeText.Write(head, message, fields.Traits, fields.ContextTraits);
    }

    private static EventKind? KindOf(ReadOnlySpan<byte> message, JsonSlice type) =>
        type.Type == JsonTokenType.String ? EventKinds.Parse(type.ContentOf(message)) : null;

    private static MessageFieldInvalid? WronglyTyped(in MessageFields fields, EventKind kind)
    {
        if (fields.MessageId.IsPresent && fields.MessageId.Type != JsonTokenType.String)
        {
            return new MessageFieldInvalid("messageId", "a text of at most 100 characters");
        }

        return IdFault("userId", fields.UserId)
            ?? IdFault("anonymousId", fields.AnonymousId)
            ?? (kind == EventKind.Alias ? IdFault("previousId", fields.PreviousId) : null)
            ?? (kind == EventKind.Group ? IdFault("groupId", fields.GroupId) : null)
            ?? (kind == EventKind.Track ? TextFault("event", fields.Event) : null)
            ?? (kind is EventKind.Page or EventKind.Screen ? TextFault("name", fields.Name) : null)
            ?? ObjectFault("context", fields.Context)
            ?? ObjectFault("integrations", fields.Integrations)
            ?? ObjectFault("properties", fields.Properties)
            ?? ObjectFault("traits", fields.Traits);
    }

    private static MessageFieldInvalid? IdFault(string name, JsonSlice field) =>
        field.IsPresent && !field.IsTextOrNumber ? new MessageFieldInvalid(name, IdRule) : null;

    private static MessageFieldInvalid? TextFault(string name, JsonSlice field) =>
        field.IsPresent && field.Type != JsonTokenType.String ? new MessageFieldInvalid(name, "a text") : null;

    /// <summary>An empty array passes for an empty object: that is how PHP writes one.</summary>
    private static MessageFieldInvalid? ObjectFault(string name, JsonSlice field)
    {
        bool isEmptyArray = field is { Type: JsonTokenType.StartArray, Length: 2 };
        return field.IsPresent && !field.IsObject && !isEmptyArray ? new MessageFieldInvalid(name, "an object") : null;
    }

    private static string? NameOf(ReadOnlySpan<byte> message, in MessageFields fields, EventKind kind)
    {
        JsonSlice field = kind switch
        {
            EventKind.Track => fields.Event,
            EventKind.Page or EventKind.Screen => fields.Name,
            _ => default,
        };
        ReadOnlySpan<byte> content = field.IsPresent ? field.ContentOf(message) : default;
        return content.IsEmpty ? null : TextPool.Read(content);
    }

    /// <summary>
    /// The account. A group call must have one; <c>context.groupId</c> is a hint, so where that is none it is passed
    /// over. A placeholder (<c>null</c>, <c>undefined</c>) is no account: it would gather strangers as a blocked user
    /// id would.
    /// </summary>
    private static MessageFieldInvalid? GroupIdOf(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        EventKind kind,
        IdentityRules rules,
        ref IdentifierCollector identifiers,
        out string? groupId
    )
    {
        groupId = null;
        bool isGroupCall = kind == EventKind.Group;
        JsonSlice field = isGroupCall ? fields.GroupId : fields.ContextGroupId;
        string text = field.IsTextOrNumber ? JsonText.Read(field.ContentOf(message)).Trim() : "";
        bool isUsable = text.Length is > 0 and <= GroupIdLengthMax;
        if (!isUsable)
        {
            return isGroupCall ? new MessageFieldInvalid("groupId", "1 to 500 characters") : null;
        }

        if (rules.Blocked.IsBlocked(text))
        {
            identifiers.Block("group_id", BlockedReasons.IllegalValue);
            return null;
        }

        groupId = text;
        return null;
    }
}
