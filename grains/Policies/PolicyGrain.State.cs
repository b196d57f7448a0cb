using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Policies;

namespace Customer360.Grains;

/// <summary>What a policy grain stores; the files have rows of their own (<see cref="PolicyTexts"/>).</summary>
public sealed class PolicyState : IAudited
{
    public PolicyLedger Ledger { get; set; } = new();

    /// <inheritdoc/>
    public ImmutableArray<AuditEntry> Audit { get; set; } = [];
}

/// <summary>
/// <c>{"release"?,"fileVersion"?,"steps","entries":[{"number","version","text","at","by","action","replaces","epoch","release"?,"approvedBy"?,
/// "approvedAt"?,"rollBackTo"?}],"proposals":[{"version","text","at","by","replaces"}],"unrecorded":[{"number","kind","at","by",
/// "version","text","replaces"}]}</c>, the oldest first. <c>text</c> is the key of the file's row.
/// </summary>
public sealed class PolicyStateCodec : IStateCodec<PolicyState>
{
    public void Write(Utf8JsonWriter writer, PolicyState state)
    {
        PolicyLedger ledger = state.Ledger;
        writer.WriteStartObject();
        if (ledger.Release is { } release)
        {
            writer.WriteString("release"u8, release);
        }

        if (ledger.FileVersion is { } fileVersion)
        {
            writer.WriteString("fileVersion"u8, fileVersion);
        }

        writer.WriteNumber("steps"u8, ledger.Steps);
        WriteList(writer, "entries"u8, ledger.Entries, Write);
        WriteList(writer, "proposals"u8, ledger.Proposals, Write);
        WriteList(writer, "unrecorded"u8, ledger.Unrecorded, Write);
        writer.WriteEndObject();
    }

    public PolicyState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement state = document.RootElement;
        return new PolicyState
        {
            Ledger = new PolicyLedger
            {
                Release = TextOf(state, "release"u8),
                FileVersion = TextOf(state, "fileVersion"u8),
                Steps = state.GetProperty("steps"u8).GetInt64(),
                Entries = [.. state.GetProperty("entries"u8).EnumerateArray().Select(ReadEntry)],
                Proposals = [.. state.GetProperty("proposals"u8).EnumerateArray().Select(ReadProposal)],
                Unrecorded = [.. state.GetProperty("unrecorded"u8).EnumerateArray().Select(ReadStep)],
            },
        };
    }

    private static void WriteList<T>(
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        ImmutableArray<T> items,
        Action<Utf8JsonWriter, T> write
    )
    {
        writer.WriteStartArray(name);
        foreach (T item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, PolicyEntry entry)
    {
        writer.WriteNumber("number"u8, entry.Number);
        WriteHead(writer, entry.Version, entry.TextId, entry.At, entry.By, entry.Replaces);
        writer.WriteString("action"u8, Word(entry.Action));
        writer.WriteNumber("epoch"u8, entry.Epoch);
        if (entry.Release.Length > 0)
        {
            writer.WriteString("release"u8, entry.Release);
        }

        if (entry.ApprovedBy is { } approvedBy)
        {
            writer.WriteString("approvedBy"u8, approvedBy);
        }

        if (entry.ApprovedAt is { } approvedAt)
        {
            writer.WriteString("approvedAt"u8, approvedAt);
        }

        if (entry.RollBackTo is { } rollBackTo)
        {
            writer.WriteNumber("rollBackTo"u8, rollBackTo);
        }
    }

    private static PolicyEntry ReadEntry(JsonElement entry) =>
        new(
            entry.GetProperty("number"u8).GetInt64(),
            Text(entry, "version"u8),
            Text(entry, "text"u8),
            entry.GetProperty("at"u8).GetDateTimeOffset(),
            Text(entry, "by"u8),
            Parse<PolicyAction>(Text(entry, "action"u8)),
            Text(entry, "replaces"u8)
        )
        {
            Epoch = entry.GetProperty("epoch"u8).GetInt64(),
            Release = TextOf(entry, "release"u8) ?? "",
            ApprovedBy = TextOf(entry, "approvedBy"u8),
            ApprovedAt = entry.TryGetProperty("approvedAt"u8, out JsonElement at) ? at.GetDateTimeOffset() : null,
            RollBackTo = entry.TryGetProperty("rollBackTo"u8, out JsonElement to) ? to.GetInt64() : null,
        };

    private static void Write(Utf8JsonWriter writer, PolicyProposal proposal) =>
        WriteHead(writer, proposal.Version, proposal.TextId, proposal.At, proposal.By, proposal.Replaces);

    private static PolicyProposal ReadProposal(JsonElement proposal) =>
        new(
            Text(proposal, "version"u8),
            Text(proposal, "text"u8),
            proposal.GetProperty("at"u8).GetDateTimeOffset(),
            Text(proposal, "by"u8),
            Text(proposal, "replaces"u8)
        );

    private static void Write(Utf8JsonWriter writer, PolicyStep step)
    {
        writer.WriteNumber("number"u8, step.Number);
        writer.WriteString("kind"u8, Word(step.Kind));
        WriteHead(writer, step.Version, step.TextId, step.At, step.By, step.Replaces);
    }

    private static PolicyStep ReadStep(JsonElement step) =>
        new(
            step.GetProperty("number"u8).GetInt64(),
            Parse<PolicyStepKind>(Text(step, "kind"u8)),
            step.GetProperty("at"u8).GetDateTimeOffset(),
            Text(step, "by"u8),
            Text(step, "version"u8),
            Text(step, "text"u8),
            Text(step, "replaces"u8)
        );

    private static void WriteHead(
        Utf8JsonWriter writer,
        string version,
        string textId,
        DateTimeOffset at,
        string by,
        string replaces
    )
    {
        writer.WriteString("version"u8, version);
        writer.WriteString("text"u8, textId);
        writer.WriteString("at"u8, at);
        writer.WriteString("by"u8, by);
        writer.WriteString("replaces"u8, replaces);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static T Parse<T>(string word)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => Word(value!.Value) == word)
        ?? throw new JsonException($"A stored policy has an unknown {typeof(T).Name}.");

    private static string Text(JsonElement element, ReadOnlySpan<byte> name) => element.GetProperty(name).GetString()!;

    private static string? TextOf(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
