using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Grains;

/// <summary>What a privacy request stores.</summary>
public sealed class PrivacyRequestState : IAudited
{
    /// <summary>What the audit is told of with the next write, in the same transaction. Not stored.</summary>
    public ImmutableArray<AuditEntry> Audit { get; set; } = [];

    /// <summary>Filled in by who reads many. Not stored.</summary>
    public string Id { get; set; } = "";

    /// <summary>Null: there is no such request.</summary>
    public PrivacyRequestKind? Kind { get; set; }

    public PrivacyRequestStatus Status { get; set; }

    public string By { get; set; } = "";

    public string? ClientId { get; set; }

    /// <summary>A sealed hash of what was asked and about whom: it names nobody, and tells a repeat from another request of the same id.</summary>
    public string? AskSeal { get; set; }

    public DateTimeOffset AskedAt { get; set; }

    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    public ErasureState Erasure { get; set; } = ErasureSteps.Begin([]);

    /// <summary>Since when it waits for a pass.</summary>
    public DateTimeOffset? FreedAt { get; set; }

    /// <summary>The pass that has taken her out.</summary>
    public string? PassId { get; set; }

    /// <summary>Of a link to the package: its secret's hash.</summary>
    public string? LinkHash { get; set; }

    public DateTimeOffset? LinkUntil { get; set; }

    /// <summary>
    /// Messages that were folded in each customer that was emptied. By customer, so that one that is asked again counts once.
    /// </summary>
    public ImmutableSortedDictionary<string, long> Emptied { get; set; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>The same of all of them.</summary>
    public long MessageCount => Emptied.Values.Sum();

    /// <summary>
    /// Somebody whom it names is erased by another request: it names her no more. An erasure under way is left alone.
    /// </summary>
    /// <param name="isAbout">It is about her, and forgets what it has put right.</param>
    /// <returns>False where nothing changed.</returns>
    public bool Forget(IEnumerable<Identifier> identifiers, bool isAbout)
    {
        if (this is { Kind: PrivacyRequestKind.Erasure, Status: PrivacyRequestStatus.Running })
        {
            return false;
        }

        ImmutableHashSet<Identifier> erased = [.. identifiers];
        bool isNamed =
            Erasure.Identifiers.Any(erased.Contains)
            || Erasure.Suppressed.Any(erased.Contains)
            || Erasure.Candidates.Any(one => one.Identifiers.Any(erased.Contains));
        bool hasValues = isAbout && !(Changes.IsEmpty && TraitsJson.IsEmpty);
        if (isNamed)
        {
            Erasure = ErasureSteps.Forgotten(Erasure, erased);
        }

        if (hasValues)
        {
            Changes = [];
            TraitsJson = default;
        }

        return isNamed || hasValues;
    }

    /// <summary>It is about one of these customers, or may be.</summary>
    public bool IsAbout(IReadOnlySet<string> customers) =>
        Erasure.Customers.Any(customers.Contains)
        || Erasure.Candidates.Any(candidate => customers.Contains(candidate.CustomerId));

    /// <summary>How many identifiers the person had.</summary>
    public int IdentifierCount { get; set; }

    /// <summary>Of an objection: what the data is not to be used for.</summary>
    public ImmutableArray<string> Purposes { get; set; } = [];

    /// <summary>The consent policy that has these purposes.</summary>
    public string? PolicyVersion { get; set; }

    /// <summary>Of a rectification that is not done: the right values, a JSON object; else empty.</summary>
    public ReadOnlyMemory<byte> TraitsJson { get; set; }

    /// <summary>Of a rectification: what it has changed.</summary>
    public ImmutableArray<PrivacyChange> Changes { get; set; } = [];

    /// <summary>Of a restriction: when it was lifted.</summary>
    public DateTimeOffset? LiftedAt { get; set; }

    /// <summary>Who has lifted it.</summary>
    public string? LiftedBy { get; set; }

    /// <summary>Of a request that came by OpenDSR; else null.</summary>
    public OpenDsrState? OpenDsr { get; set; }

    /// <summary>
    /// Notes the status of now in OpenDSR's words, where it is another one than before. Called with each write, so that a change and what
    /// is told of it are one transaction. False where nothing changed.
    /// </summary>
    public bool NoteStatus()
    {
        if (OpenDsr is not { } before)
        {
            return false;
        }

        OpenDsrStatus status = OpenDsrStatuses.Of(Erasure, Status == PrivacyRequestStatus.Cancelled);
        if (status == before.Status)
        {
            return false;
        }

        OpenDsr = before with { Changes = before.Changes.Add(status) };
        return true;
    }

    /// <summary>Empty until it is done.</summary>
    public ReadOnlyMemory<byte> ResultJson { get; set; }
}

/// <summary>What OpenDSR adds to a request.</summary>
/// <param name="Regulation"><c>gdpr</c> or <c>ccpa</c>.</param>
/// <param name="BodySeal">The hash of the body, sealed: it names nobody, and tells a repeat from another request of the same id.</param>
/// <param name="CallbackUrls">Who is told when its status changes.</param>
public sealed record OpenDsrState(string Regulation, string BodySeal, ImmutableArray<string> CallbackUrls)
{
    /// <summary>The statuses that it came to, since it was pending at first.</summary>
    public ImmutableArray<OpenDsrStatus> Changes { get; init; } = [];

    public OpenDsrStatus Status => Changes.IsEmpty ? OpenDsrStatus.Pending : Changes[^1];
}

/// <summary>
/// <c>{"kind","status","by","clientId"?,"askSeal"?,"askedAt","dueAt","doneAt"?,"freedAt"?,"emptied":{customerId:messages},"identifierCount","result"?:{…},
/// "passId"?,"linkHash"?,"linkUntil"?,"purposes"?:[…],"policyVersion"?,"traits"?:{…},"changes"?:[{"customerId","trait","before","after"?}],
/// "liftedAt"?,"liftedBy"?,"openDsr"?:{"regulation","bodySeal","callbackUrls":[…],"changes":[…]},"erasure":{"phase","identifiers":[…],"suppressed":[…],"sequence","decided"?:[…],"candidates":[{"customerId",
/// "identifiers":[…],"shared"}],"customers":[…]}}</c>
/// </summary>
public sealed class PrivacyRequestStateCodec : IStateCodec<PrivacyRequestState>
{
    public void Write(Utf8JsonWriter writer, PrivacyRequestState state)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, state.Kind.ToString());
        writer.WriteString("status"u8, state.Status.ToString());
        writer.WriteString("by"u8, state.By);
        writer.WriteIfAny("clientId"u8, state.ClientId);
        writer.WriteIfAny("askSeal"u8, state.AskSeal);
        writer.WriteString("askedAt"u8, state.AskedAt);
        writer.WriteString("dueAt"u8, state.DueAt);
        WriteIfAny(writer, "doneAt"u8, state.DoneAt);
        WriteIfAny(writer, "freedAt"u8, state.FreedAt);
        writer.WriteStartObject("emptied"u8);
        foreach ((string customerId, long messages) in state.Emptied)
        {
            writer.WriteNumber(customerId, messages);
        }

        writer.WriteEndObject();
        writer.WriteNumber("identifierCount"u8, state.IdentifierCount);
        if (!state.ResultJson.IsEmpty)
        {
            writer.WritePropertyName("result"u8);
            writer.WriteRawValue(state.ResultJson.Span, skipInputValidation: true);
        }

        writer.WriteIfAny("passId"u8, state.PassId);
        writer.WriteIfAny("linkHash"u8, state.LinkHash);
        WriteIfAny(writer, "linkUntil"u8, state.LinkUntil);
        if (!state.Purposes.IsEmpty)
        {
            WriteTexts(writer, "purposes"u8, state.Purposes);
        }

        writer.WriteIfAny("policyVersion"u8, state.PolicyVersion);
        if (!state.TraitsJson.IsEmpty)
        {
            writer.WritePropertyName("traits"u8);
            writer.WriteRawValue(state.TraitsJson.Span, skipInputValidation: true);
        }

        WriteChanges(writer, state.Changes);
        WriteIfAny(writer, "liftedAt"u8, state.LiftedAt);
        writer.WriteIfAny("liftedBy"u8, state.LiftedBy);
        Write(writer, state.OpenDsr);
        Write(writer, state.Erasure);
        writer.WriteEndObject();
    }

    public PrivacyRequestState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement request = document.RootElement;
        return new PrivacyRequestState
        {
            Kind = Enum.Parse<PrivacyRequestKind>(request.GetProperty("kind"u8).GetString()!),
            Status = Enum.Parse<PrivacyRequestStatus>(request.GetProperty("status"u8).GetString()!),
            By = request.GetProperty("by"u8).GetString()!,
            ClientId = request.TextOrNull("clientId"u8),
            AskSeal = request.TextOrNull("askSeal"u8),
            AskedAt = request.GetProperty("askedAt"u8).GetDateTimeOffset(),
            DueAt = request.GetProperty("dueAt"u8).GetDateTimeOffset(),
            DoneAt = TimeOrNull(request, "doneAt"u8),
            FreedAt = TimeOrNull(request, "freedAt"u8),
            Emptied = request
                .GetProperty("emptied"u8)
                .EnumerateObject()
                .ToImmutableSortedDictionary(one => one.Name, one => one.Value.GetInt64(), StringComparer.Ordinal),
            IdentifierCount = request.GetProperty("identifierCount"u8).GetInt32(),
            ResultJson = RawOf(request, "result"u8),
            PassId = request.TextOrNull("passId"u8),
            LinkHash = request.TextOrNull("linkHash"u8),
            LinkUntil = TimeOrNull(request, "linkUntil"u8),
            Purposes = TextsOf(request, "purposes"u8),
            PolicyVersion = request.TextOrNull("policyVersion"u8),
            TraitsJson = RawOf(request, "traits"u8),
            Changes = request.TryGetProperty("changes"u8, out JsonElement changes)
                ? [.. changes.EnumerateArray().Select(ReadChange)]
                : [],
            LiftedAt = TimeOrNull(request, "liftedAt"u8),
            LiftedBy = request.TextOrNull("liftedBy"u8),
            OpenDsr = request.TryGetProperty("openDsr"u8, out JsonElement openDsr) ? ReadOpenDsr(openDsr) : null,
            Erasure = ReadErasure(request.GetProperty("erasure"u8)),
        };
    }

    private static void WriteChanges(Utf8JsonWriter writer, ImmutableArray<PrivacyChange> changes)
    {
        if (changes.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("changes"u8);
        foreach (PrivacyChange change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("customerId"u8, change.CustomerId);
            writer.WriteString("trait"u8, change.Trait);
            writer.WritePropertyName("before"u8);
            writer.WriteRawValue(change.BeforeJson.Span, skipInputValidation: true);
            if (!change.AfterJson.IsEmpty)
            {
                writer.WritePropertyName("after"u8);
                writer.WriteRawValue(change.AfterJson.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static PrivacyChange ReadChange(JsonElement change) =>
        new(
            change.GetProperty("customerId"u8).GetString()!,
            change.GetProperty("trait"u8).GetString()!,
            RawOf(change, "before"u8),
            RawOf(change, "after"u8)
        );

    private static ReadOnlyMemory<byte> RawOf(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out JsonElement value) ? Encoding.UTF8.GetBytes(value.GetRawText()) : default;

    internal static byte[] Encode(PrivacyRequestState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        new PrivacyRequestStateCodec().Write(writer, state);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    internal static PrivacyRequestState Decode(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return new PrivacyRequestStateCodec().Read(ref reader);
    }

    private static void Write(Utf8JsonWriter writer, OpenDsrState? openDsr)
    {
        if (openDsr is null)
        {
            return;
        }

        writer.WriteStartObject("openDsr"u8);
        writer.WriteString("regulation"u8, openDsr.Regulation);
        writer.WriteString("bodySeal"u8, openDsr.BodySeal);
        WriteTexts(writer, "callbackUrls"u8, openDsr.CallbackUrls);
        WriteTexts(writer, "changes"u8, [.. openDsr.Changes.Select(change => change.ToString())]);
        writer.WriteEndObject();
    }

    private static OpenDsrState ReadOpenDsr(JsonElement openDsr) =>
        new(
            openDsr.GetProperty("regulation"u8).GetString()!,
            openDsr.GetProperty("bodySeal"u8).GetString()!,
            TextsOf(openDsr, "callbackUrls"u8)
        )
        {
            Changes = [.. TextsOf(openDsr, "changes"u8).Select(Enum.Parse<OpenDsrStatus>)],
        };

    private static void Write(Utf8JsonWriter writer, ErasureState erasure)
    {
        writer.WriteStartObject("erasure"u8);
        writer.WriteString("phase"u8, erasure.Phase.ToString());
        writer.WriteIdentifiers("identifiers"u8, erasure.Identifiers);
        writer.WriteIdentifiers("suppressed"u8, erasure.Suppressed);
        writer.WriteNumber("sequence"u8, erasure.Sequence);
        if (erasure.IsDecided)
        {
            WriteTexts(writer, "decided"u8, erasure.Decided);
        }

        writer.WriteStartArray("candidates"u8);
        foreach (PrivacyCandidate candidate in erasure.Candidates)
        {
            writer.WriteStartObject();
            writer.WriteString("customerId"u8, candidate.CustomerId);
            writer.WriteIdentifiers("identifiers"u8, candidate.Identifiers);
            writer.WriteBoolean("shared"u8, candidate.IsShared);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteTexts(writer, "customers"u8, erasure.Customers);
        writer.WriteEndObject();
    }

    private static ErasureState ReadErasure(JsonElement erasure) =>
        new(
            Enum.Parse<ErasurePhase>(erasure.GetProperty("phase"u8).GetString()!),
            erasure.IdentifiersOf("identifiers"u8)
        )
        {
            Suppressed = erasure.IdentifiersOf("suppressed"u8),
            Sequence = erasure.GetProperty("sequence"u8).GetInt64(),
            IsDecided = erasure.TryGetProperty("decided"u8, out _),
            Decided = TextsOf(erasure, "decided"u8),
            Candidates =
            [
                .. erasure
                    .GetProperty("candidates"u8)
                    .EnumerateArray()
                    .Select(one => new PrivacyCandidate(
                        one.GetProperty("customerId"u8).GetString()!,
                        one.IdentifiersOf("identifiers"u8),
                        one.GetProperty("shared"u8).GetBoolean()
                    )),
            ],
            Customers = TextsOf(erasure, "customers"u8),
        };

    private static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static ImmutableArray<string> TextsOf(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out JsonElement list)
            ? [.. list.EnumerateArray().Select(one => one.GetString()!)]
            : [];

    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            writer.WriteString(name, at);
        }
    }

    private static DateTimeOffset? TimeOrNull(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out JsonElement at) ? at.GetDateTimeOffset() : null;
}
