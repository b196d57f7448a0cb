using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains;

/// <summary>What the mastership grain stores.</summary>
public sealed class MastershipState
{
    /// <summary>Revisions that are kept; older ones are forgotten, and can't be rolled back to.</summary>
    public const int RevisionCountMax = 50;

    /// <summary>Characters of the kept texts at most: they are one state, written with every change.</summary>
    public const int CharactersMax = 4 * 1024 * 1024;

    /// <summary>Oldest first; the last one counts.</summary>
    public ImmutableArray<MastershipRevision> Revisions { get; set; } = [];

    /// <summary>The version of the policy that was last found in a file; null: none ever was.</summary>
    public string? FileVersion { get; set; }
}

/// <summary>
/// <c>{"fileVersion","revisions":[{"revision","action","by","at","rollbackTo","policy":{…},"yaml"}]}</c>
/// </summary>
public sealed class MastershipStateCodec : IStateCodec<MastershipState>
{
    public void Write(Utf8JsonWriter writer, MastershipState state)
    {
        writer.WriteStartObject();
        if (state.FileVersion is { } fileVersion)
        {
            writer.WriteString("fileVersion"u8, fileVersion);
        }

        writer.WriteStartArray("revisions"u8);
        foreach (MastershipRevision revision in state.Revisions)
        {
            writer.WriteStartObject();
            writer.WriteNumber("revision"u8, revision.Revision);
            writer.WriteString("action"u8, revision.Action);
            writer.WriteString("by"u8, revision.By);
            writer.WriteString("at"u8, revision.At);
            if (revision.RollbackTo is { } rollbackTo)
            {
                writer.WriteNumber("rollbackTo"u8, rollbackTo);
            }

            writer.WritePropertyName("policy"u8);
            MastershipPolicyJson.Write(writer, revision.Policy);
            writer.WriteString("yaml"u8, revision.Yaml);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public MastershipState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement state = document.RootElement;
        return new MastershipState
        {
            FileVersion = state.TryGetProperty("fileVersion"u8, out JsonElement version) ? version.GetString() : null,
            Revisions = [.. state.GetProperty("revisions"u8).EnumerateArray().Select(ReadRevision)],
        };
    }

    private static MastershipRevision ReadRevision(JsonElement revision) =>
        new(
            revision.GetProperty("revision"u8).GetInt64(),
            revision.GetProperty("action"u8).GetString()!,
            revision.GetProperty("by"u8).GetString()!,
            revision.GetProperty("at"u8).GetDateTimeOffset(),
            MastershipPolicyJson.Read(revision.GetProperty("policy"u8)),
            revision.GetProperty("yaml"u8).GetString()!,
            revision.TryGetProperty("rollbackTo"u8, out JsonElement rollbackTo) ? rollbackTo.GetInt64() : null
        );
}
