using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;
using Customer360.Rules.Identifiers;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

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
)
{
    /// <summary>The batch has a <c>sentAt</c> that is no time.</summary>
    public bool HasUnreadableSentAt { get; init; }

    /// <summary>The request came with <c>Sec-GPC: 1</c>.</summary>
    public bool HasPrivacyControl { get; init; }

    /// <summary>How far the source is believed.</summary>
    public SourceTrust Trust { get; init; }

    /// <summary>It is a <see cref="Correction"/>.</summary>
    internal bool IsCorrection { get; init; }

    /// <summary>What user ids of a public source are signed with; empty: it has no such secret.</summary>
    public ReadOnlyMemory<byte> SigningSecret { get; init; }
}

/// <summary>
/// Brings messages of the Segment HTTP Tracking API to canonical form, each by the rules in force when it is read.
/// </summary>
/// <remarks>
/// SDKs throw away what is refused, so one part that can't be read does not lose the message: it is left out, and
/// <see cref="Envelope.LeftOut"/> says so. Refused is what says nothing of anybody: no object, no identifier, a track
/// without an event, a kind that nobody knows; and what is too large.
/// </remarks>
/// <param name="source">Which values are identifiers.</param>
/// <param name="phones">Reads phone numbers.</param>
/// <param name="consent">What a message says about consent; null: nothing is read of it.</param>
/// <param name="contracts">What messages must look like; null: as they like.</param>
public sealed class EnvelopeReader(
    IPolicy<IdentityRules> source,
    IPhoneNumbers phones,
    IPolicy<ConsentPolicy>? consent = null,
    IPolicy<ContractsPolicy>? contracts = null
)
{
    /// <summary>Reads by rules that don't change.</summary>
    public EnvelopeReader(IdentityRules rules, IPhoneNumbers phones)
        : this(new FixedPolicy<IdentityRules>(rules, rules.Version), phones) { }

    /// <summary>The rules in force now.</summary>
    public IdentityRules Rules => source.Current;

    /// <summary>The <see cref="IPolicy{T}.Epoch"/> of the rules by which it reads.</summary>
    public long AnchorsSince => source.Epoch;

    /// <summary>Reads one message of a request; a <see cref="MessageRefusal"/> says why it can't be taken.</summary>
    public Outcome<Envelope> Read(SentMessage message, in MessageContext context)
    {
        var leftOut = new LeftOutParts();
        MessageRefusal? refusal = MessageText.TryCreate(message, ref leftOut, out MessageText text);
        try
        {
            return refusal is not null ? refusal : Read(message, text.Json, context, ref leftOut);
        }
        finally
        {
            text.Dispose();
        }
    }

    /// <summary>
    /// The message of a correction, by the rules in force. It has more identifiers than the one that it was given where a trait is
    /// read as one; and it is refused where that one is none by these rules, or where the message is too large.
    /// </summary>
    public Outcome<Envelope> Read(Correction correction) =>
        Read(
            new SentMessage { Json = correction.ToMessage() },
            new MessageContext(
                Correction.Source,
                correction.At,
                SentAt: null,
                EventKind.Identify,
                correction.MessageId,
                Index: 0
            )
            {
                Trust = SourceTrust.Server,
                IsCorrection = true,
            }
        );

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
                Trust = envelope.Trust,
                Timestamp = envelope.Timestamp,
                ReceivedAt = envelope.ReceivedAt,
                LeftOut = envelope.LeftOut,
                Consent = envelope.Consent,
                Contract = envelope.Contract,
            }
        );
    }

    /// <summary>
    /// Judges a message that lies in quarantine anew, by the contracts in force, and reads its identifiers by the rules in force. Its
    /// id, times, source and what it says about consent stay. Refused where it still does not keep its contract.
    /// </summary>
    /// <param name="held">The message.</param>
    /// <param name="partition">Where the log has it.</param>
    /// <param name="position">Where the log has it.</param>
    public Outcome<Envelope> Release(Envelope held, int partition, long position)
    {
        ReadOnlySpan<byte> message = EnvelopeText.MessageOf(held.Json.Span);
        MessageFields fields = MessageFields.Find(message);
        var head = new EnvelopeHead
        {
            MessageId = held.MessageId,
            Kind = held.Kind,
            Source = held.Source,
            Trust = held.Trust,
            Timestamp = held.Timestamp,
            ReceivedAt = held.ReceivedAt,
            LeftOut = held.LeftOut,
            Consent = held.Consent,
        };
        // Without a contract by now it is free; the mark stays, by which the log tells it from the one that was held.
        head.Contract = (
            Judge(message, fields, head)
            ?? new ContractJudgement(held.Contract?.PolicyVersion ?? "", null, null, ContractMode.Allow, [])
        ) with
        {
            ReleasedFrom = MessageIds.PlaceOf(partition, position),
        };
        Outcome<Envelope> envelope = Identify(message, fields, head);
        return envelope is { Succeeded: true, Value.Contract: { Mode: >= ContractMode.Quarantine } still }
            ? new ContractViolated(still)
            : envelope;
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

        string? normal = IdentifierNormalizer.Normalize(value, rule, rules, phones, out _);
        string? region = RegionalType.Region(type);
        if (normal is null || (region is not null && rules.Regions?.Has(region) != true))
        {
            return null;
        }

        return Identifier.Create(region is null ? rule.Type : rules.TypeIn(rule.Type, region), normal);
    }

    /// <summary>
    /// The identifier as a release had it that knew nothing of spellings: what an old store may still hold. Null where that is
    /// its normal form, or no identifier.
    /// </summary>
    public Identifier? AsBefore(string type, string value)
    {
        IdentityRules rules = Rules;
        string trimmed = value.Trim();
        if (rules.Find(type) is not { } rule || trimmed.Length is 0 or > IdentifierNormalizer.LengthMax)
        {
            return null;
        }

        string before = rule.Normalisation is Normalisation.LowerCase or Normalisation.Email
            ? trimmed.ToLowerInvariant()
            : trimmed;
        return before == Normalize(type, value)?.Value || before.Contains('\0', StringComparison.Ordinal)
            ? null
            : Identifier.Create(
                RegionalType.Region(type) is { } region ? rules.TypeIn(rule.Type, region) : rule.Type,
                before
            );
    }

    /// <summary>The id of an account that a caller asks for, in its one spelling; null where none can have it.</summary>
    public string? NormalizeGroup(string groupId) => IdentifierNormalizer.NormalizeGroup(groupId, Rules, out _);

    private Outcome<Envelope> Read(
        SentMessage sent,
        ReadOnlySpan<byte> message,
        in MessageContext context,
        ref LeftOutParts leftOut
    )
    {
        MessageFields fields = MessageFields.Find(message);
        if ((context.Kind ?? KindOf(message, fields.Type)) is not { } kind)
        {
            return new MessageTypeUnknown();
        }

        MessageParts.LeaveOut(fields, message, kind, ref leftOut);
        DateTimeOffset timestamp = MessageTimes.Find(message, fields, context, ref leftOut);
        string? messageId = MessageIds.Read(message, fields.MessageId, ref leftOut);
        var head = new EnvelopeHead
        {
            MessageId = messageId ?? DerivedId.Of(message, context),
            Kind = kind,
            Source = context.Source,
            Trust = TrustOf(sent, message, fields.UserId, context, ref leftOut),
            Timestamp = timestamp,
            ReceivedAt = context.ReceivedAt.ToUniversalTime(),
            LeftOut = leftOut.Parts,
        };
        if (context.IsCorrection)
        {
            return Identify(message, fields, head);
        }

        PolicyInForce<ConsentPolicy>? inForce = consent?.InForce;
        head.Consent = inForce is null
            ? null
            : ConsentReading.Read(message, fields, head, context.HasPrivacyControl, inForce);
        head.Contract = Judge(message, fields, head);
        Outcome<Envelope> envelope =
            head.Consent is { } statement
            && ConsentReading.BoundaryOf(statement, inForce!.Body.Base) is var boundary and not CollectBoundary.Stored
                ? Reduce(message, head, statement with { Boundary = boundary }, inForce.Body.Base)
                : Identify(message, fields, head);
        return envelope is { Succeeded: true, Value.Contract: { Mode: ContractMode.Refuse } refused }
            ? new ContractViolated(refused)
            : envelope;
    }

    /// <summary>
    /// What the contracts in force say of the message, whole as it was sent. One in which a person forbids something is taken in
    /// whatever it looks like: the rest of it may be wrong, that must be known.
    /// </summary>
    private ContractJudgement? Judge(ReadOnlySpan<byte> message, in MessageFields fields, in EnvelopeHead head)
    {
        if (contracts?.InForce.Body is not { Base.IsSilent: false } body)
        {
            return null;
        }

        ContractJudgement? judgement = ContractJudge.Judge(
            message,
            fields,
            new ContractSubject(head.Kind, NameOf(message, fields, head.Kind), head.Source, head.ReceivedAt),
            body.Base,
            body.Version
        );
        return head.Consent?.Clauses.Any(clause => clause.Status == ConsentStatus.Denied) == true
            ? judgement?.Mild()
            : judgement;
    }

    /// <summary>
    /// The message without what its sender denies to be stored. Where nothing that is left says who it was, the e-mail address
    /// and phone number stay.
    /// </summary>
    private Outcome<Envelope> Reduce(
        ReadOnlySpan<byte> message,
        EnvelopeHead head,
        ConsentStatement statement,
        ConsentPolicy policy
    )
    {
        head.Consent = statement;
        head.Kind = statement.Boundary == CollectBoundary.Dropped ? EventKind.Identify : head.Kind;
        byte[] reduced = ReducedMessage.Of(message, statement.Boundary, policy, keepsContact: false);
        Outcome<Envelope> envelope = Identify(reduced, MessageFields.Find(reduced), head);
        if (envelope is { Succeeded: false, Refusal: MessageHasNoIdentifier })
        {
            reduced = ReducedMessage.Of(message, statement.Boundary, policy, keepsContact: true);
            envelope = Identify(reduced, MessageFields.Find(reduced), head);
        }

        return envelope;
    }

    /// <summary>
    /// How far the message is believed. A signature that does not prove its user id is left out, and the message is a claim
    /// like others: whoever forges one gains nothing by it, and a site that has lost its secret loses no message.
    /// </summary>
    private StatementTrust TrustOf(
        SentMessage sent,
        ReadOnlySpan<byte> message,
        JsonSlice userId,
        in MessageContext context,
        ref LeftOutParts leftOut
    )
    {
        if (context.Trust == SourceTrust.Server)
        {
            return context.IsCorrection ? StatementTrust.Corrected : StatementTrust.Trusted;
        }

        if (UserIdSignature.Find(sent) is not { } signature)
        {
            return StatementTrust.Claimed;
        }

        IdentityRules rules = Rules;
        string? normal =
            userId.IsTextOrNumber && rules.Find(MessageIdentifiers.UserId) is { } rule
                ? IdentifierNormalizer.Normalize(
                    IdText.Of(userId.ContentOf(message), userId.Type == JsonTokenType.Number),
                    rule,
                    rules,
                    phones,
                    out _
                )
                : null;
        bool isProven =
            normal is not null
            && !context.SigningSecret.IsEmpty
            && UserIdSignature.IsValid(normal, signature, context.SigningSecret.Span);
        if (!isProven)
        {
            leftOut.Add("context", LeftOutReasons.WrongSignature);
        }

        return isProven ? StatementTrust.Signed : StatementTrust.Claimed;
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

        var identifiers = new IdentifierCollector(rules, phones, region, stackalloc int[IdentifierCollector.CountMax]);
        MessageIdentifiers.Collect(message, fields, head.Kind, ref identifiers);
        head.GroupId = GroupIdOf(message, fields, head.Kind, rules, ref identifiers);

        head.Name = NameOf(message, fields, head.Kind);
        head.Identifiers = identifiers.ToIdentifiers();
        head.Blocked = identifiers.Blocked;
        head.Consent = head.Consent?.CarriedBy(head.Identifiers);
        head.Contract = head.Contract?.CarriedBy(head.Identifiers);
        if (head.Kind == EventKind.Track && (head.Name is null || IdText.Of(head.Name).Length == 0))
        {
            return new MessageFieldInvalid("event", "a text that is not empty");
        }

        return head.Identifiers.IsEmpty
            ? new MessageHasNoIdentifier()
            : EnvelopeText.Write(head, message, fields.Traits, fields.ContextTraits);
    }

    private static EventKind? KindOf(ReadOnlySpan<byte> message, JsonSlice type) =>
        type.Type == JsonTokenType.String ? EventKinds.ParseSent(type.ContentOf(message)) : null;

    /// <summary>A number is the text that it is written with: <c>404</c> is a page's name.</summary>
    private static string? NameOf(ReadOnlySpan<byte> message, in MessageFields fields, EventKind kind)
    {
        JsonSlice field = kind switch
        {
            EventKind.Track => fields.Event,
            EventKind.Page or EventKind.Screen => fields.Name,
            _ => default,
        };
        ReadOnlySpan<byte> content = field.IsTextOrNumber ? field.ContentOf(message) : default;
        return content.IsEmpty ? null : TextPool.Read(content);
    }

    /// <summary>
    /// The account of a group call, or that of <c>context.groupId</c>. A placeholder (<c>null</c>, <c>undefined</c>) is no
    /// account: it would gather strangers as such a user id would.
    /// </summary>
    private static string? GroupIdOf(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        EventKind kind,
        IdentityRules rules,
        ref IdentifierCollector identifiers
    )
    {
        JsonSlice field = kind == EventKind.Group ? fields.GroupId : fields.ContextGroupId;
        if (!field.IsTextOrNumber)
        {
            return null;
        }

        string text = IdText.Of(field.ContentOf(message), field.Type == JsonTokenType.Number);
        string? groupId = IdentifierNormalizer.NormalizeGroup(text, rules, out string reason);
        if (groupId is null && text.Length > 0)
        {
            identifiers.Block("group_id", reason);
        }

        return groupId;
    }
}
