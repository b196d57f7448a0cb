using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Decisions;

/// <summary>
/// What a decision record says beside its kind: cause, rules, reasons and the identifiers that it is about. Writer and reader
/// stand here, side by side; nobody else knows the names of the members.
/// </summary>
/// <remarks>
/// Stored as <c>{"messageId"?,"source"?,"ruleVersion"?,"because"?,"jobId"?,"reason"?,"by"?,"separationId"?,"undoneMergeId"?,
/// "mergeId"?,"identifiers":["type:value"]}</c>. Which members there are follows from the kind.
/// </remarks>
public sealed record DecisionPayload
{
    private const string MemberMessageId = "messageId";
    private const string MemberSource = "source";
    private const string MemberRuleVersion = "ruleVersion";
    private const string MemberBecause = "because";
    private const string MemberJobId = "jobId";
    private const string MemberReason = "reason";
    private const string MemberBy = "by";
    private const string MemberSeparationId = "separationId";
    private const string MemberUndoneMergeId = "undoneMergeId";
    private const string MemberMergeId = "mergeId";
    private const string MemberIdentifiers = "identifiers";

    /// <summary>The message that caused it.</summary>
    public string? MessageId { get; init; }

    /// <summary>That message's source.</summary>
    public string? Source { get; init; }

    /// <summary>The rules that decided.</summary>
    public string? RuleVersion { get; init; }

    /// <summary>The reason, as a sentence.</summary>
    public string? Because { get; init; }

    /// <summary>The cut-over or roll back that caused it.</summary>
    public string? JobId { get; init; }

    /// <summary>Of a refusal its code; of a split the free text of who asked for it.</summary>
    public string? Reason { get; init; }

    /// <summary>Of a split: the name of the key that asked for it.</summary>
    public string? By { get; init; }

    /// <summary>Of a split: the separation that it made.</summary>
    public string? SeparationId { get; init; }

    /// <summary>Of a split: the merge that it took back.</summary>
    public string? UndoneMergeId { get; init; }

    /// <summary>Of a refused merge: the merge.</summary>
    public string? MergeId { get; init; }

    /// <summary>What it is about.</summary>
    public ImmutableArray<Identifier> Identifiers { get; init; } = [];

    /// <summary>Compact UTF-8 JSON; equal payloads give equal bytes.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        foreach ((string member, string? value) in Texts())
        {
            if (value is not null)
            {
                writer.WriteString(member, value);
            }
        }

        writer.WriteStartArray(MemberIdentifiers);
        foreach (Identifier identifier in Identifiers)
        {
            writer.WriteStringValue(identifier.ToString());
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a stored payload. What is not there, or is of another form, is null or empty: a newer release may have written it.</summary>
    public static DecisionPayload Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return root.ValueKind != JsonValueKind.Object
            ? new DecisionPayload()
            : new DecisionPayload
            {
                MessageId = TextOf(root, MemberMessageId),
                Source = TextOf(root, MemberSource),
                RuleVersion = TextOf(root, MemberRuleVersion),
                Because = TextOf(root, MemberBecause),
                JobId = TextOf(root, MemberJobId),
                Reason = TextOf(root, MemberReason),
                By = TextOf(root, MemberBy),
                SeparationId = TextOf(root, MemberSeparationId),
                UndoneMergeId = TextOf(root, MemberUndoneMergeId),
                MergeId = TextOf(root, MemberMergeId),
                Identifiers = IdentifiersOf(root),
            };
    }

    /// <summary>True where it is about one of the identifiers.</summary>
    public bool Mentions(ImmutableArray<Identifier> identifiers) => Identifiers.Any(identifiers.Contains);

    private IEnumerable<(string Member, string? Value)> Texts() =>
        [
            (MemberMessageId, MessageId),
            (MemberSource, Source),
            (MemberRuleVersion, RuleVersion),
            (MemberBecause, Because),
            (MemberJobId, JobId),
            (MemberReason, Reason),
            (MemberBy, By),
            (MemberSeparationId, SeparationId),
            (MemberUndoneMergeId, UndoneMergeId),
            (MemberMergeId, MergeId),
        ];

    private static string? TextOf(JsonElement root, string member) =>
        root.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static ImmutableArray<Identifier> IdentifiersOf(JsonElement root)
    {
        if (!root.TryGetProperty(MemberIdentifiers, out JsonElement named) || named.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var identifiers = ImmutableArray.CreateBuilder<Identifier>(named.GetArrayLength());
        foreach (JsonElement one in named.EnumerateArray())
        {
            if (
                one.ValueKind == JsonValueKind.String
                && Identifier.TryParse(one.GetString(), out Identifier identifier)
            )
            {
                identifiers.Add(identifier);
            }
        }

        return identifiers.DrainToImmutable();
    }
}
