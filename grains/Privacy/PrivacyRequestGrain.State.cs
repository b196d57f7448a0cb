using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Privacy;

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

    /// <summary>How many identifiers the person had.</summary>
    public int IdentifierCount { get; set; }

    /// <summary>Empty until it is done.</summary>
    public ReadOnlyMemory<byte> ResultJson { get; set; }
}

/// <summary>
/// <c>{"kind","status","by","clientId"?,"askedAt","dueAt","doneAt"?,"freedAt"?,"emptied":{customerId:messages},"identifierCount","result"?:{…},
/// "passId"?,"linkHash"?,"linkUntil"?,"erasure":{"phase","identifiers":[…],"suppressed":[…],"sequence","decided"?:[…],"candidates":[{"customerId",
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
            AskedAt = request.GetProperty("askedAt"u8).GetDateTimeOffset(),
            DueAt = request.GetProperty("dueAt"u8).GetDateTimeOffset(),
            DoneAt = TimeOrNull(request, "doneAt"u8),
            FreedAt = TimeOrNull(request, "freedAt"u8),
            Emptied = request
                .GetProperty("emptied"u8)
                .EnumerateObject()
                .ToImmutableSortedDictionary(one => one.Name, one => one.Value.GetInt64(), StringComparer.Ordinal),
            IdentifierCount = request.GetProperty("identifierCount"u8).GetInt32(),
            ResultJson = request.TryGetProperty("result"u8, out JsonElement result)
                ? Encoding.UTF8.GetBytes(result.GetRawText())
                : default,
            PassId = request.TextOrNull("passId"u8),
            LinkHash = request.TextOrNull("linkHash"u8),
            LinkUntil = TimeOrNull(request, "linkUntil"u8),
            Erasure = ReadErasure(request.GetProperty("erasure"u8)),
        };
    }

    internal static PrivacyRequestState Decode(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return new PrivacyRequestStateCodec().Read(ref reader);
    }

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
