using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>What a company stores: what merges and splits know of it, and nothing else.</summary>
public sealed record CompanyState
{
    /// <summary>Null: nothing has joined it with another yet.</summary>
    public Ownership<GroupSet>? Ownership { get; init; }
}

/// <summary>
/// <c>{"id","status","revision":n,"groups":["group:id"],"absorbed":[…],"movedTo"?,"movedSince"?:n,"retiredBy"?,"merge"?:{…},"split"?:{…},
/// "releases"?:[…],"separations"?:[…],"settled"?:[…]}</c>
/// </summary>
public sealed class CompanyStateCodec : IStateCodec<CompanyState>
{
    public void Write(Utf8JsonWriter writer, CompanyState state)
    {
        Ownership<GroupSet> owner = state.Ownership!;
        writer.WriteStartObject();
        writer.WriteString("id"u8, owner.Id);
        writer.WriteString("status"u8, OwnerStatuses.NameOf(owner.Status));
        writer.WriteNumber("revision"u8, owner.Revision);
        writer.WriteIdentifiers("groups"u8, owner.Held.Identifiers);
        writer.WriteStartArray("absorbed"u8);
        foreach (string mergeId in owner.Absorbed)
        {
            writer.WriteStringValue(mergeId);
        }

        writer.WriteEndArray();
        writer.WriteIfAny("movedTo"u8, owner.MovedTo);
        writer.WriteNumber("movedSince"u8, owner.MovedSince);
        writer.WriteIfAny("retiredBy"u8, owner.RetiredBy);
        if (owner.Merge is { } merge)
        {
            writer.WritePropertyName("merge"u8);
            MergeStateJson.Write(writer, merge);
        }

        if (owner.Split is { } split)
        {
            writer.WritePropertyName("split"u8);
            SplitStateJson.Write(writer, split);
        }

        WriteReleases(writer, owner.Releases);
        writer.WritePropertyName("separations"u8);
        SplitStateJson.Write(writer, owner.Separations);
        writer.WritePropertyName("settled"u8);
        SettledMergeJson.Write(writer, owner.Settled);
        writer.WriteEndObject();
    }

    public CompanyState Read(ref Utf8JsonReader reader)
    {
        var owner = new Ownership<GroupSet>("", GroupSet.Empty);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            owner = name switch
            {
                "id" => owner with { Id = reader.GetString()! },
                "status" => owner with { Status = OwnerStatuses.StatusOf(reader.GetString()) },
                "revision" => owner with { Revision = reader.GetInt64() },
                "groups" => owner with { Held = ReadGroups(ref reader) },
                "absorbed" => owner with { Absorbed = ReadTexts(ref reader) },
                "movedTo" => owner with { MovedTo = reader.GetString() },
                "movedSince" => owner with { MovedSince = reader.GetInt64() },
                "retiredBy" => owner with { RetiredBy = reader.GetString() },
                "merge" => owner with { Merge = MergeStateJson.Read(ref reader) },
                "split" => owner with { Split = SplitStateJson.ReadSplit(ref reader) },
                "releases" => owner with { Releases = ReadReleases(ref reader) },
                "separations" => owner with { Separations = SplitStateJson.ReadSeparations(ref reader) },
                "settled" => owner with { Settled = SettledMergeJson.Read(ref reader) },
                _ => Skipped(ref reader, owner),
            };
        }

        return new CompanyState { Ownership = owner };
    }

    /// <summary>The stored form by itself: what a younger company hands over.</summary>
    internal static byte[] Encode(Ownership<GroupSet> owner)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        new CompanyStateCodec().Write(writer, new CompanyState { Ownership = owner });
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    internal static Ownership<GroupSet> Decode(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return new CompanyStateCodec().Read(ref reader).Ownership!;
    }

    private static void WriteReleases(Utf8JsonWriter writer, ImmutableArray<PendingRelease<GroupSet>> releases)
    {
        writer.WriteStartArray("releases"u8);
        foreach (PendingRelease<GroupSet> release in releases)
        {
            writer.WriteStartObject();
            writer.WriteString("splitId"u8, release.SplitId);
            writer.WriteString("to"u8, release.To);
            writer.WriteString("separationId"u8, release.SeparationId);
            writer.WriteIdentifiers("groups"u8, release.Held.Identifiers);
            writer.WritePropertyName("separations"u8);
            SplitStateJson.Write(writer, release.Separations);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static ImmutableArray<PendingRelease<GroupSet>> ReadReleases(ref Utf8JsonReader reader)
    {
        var releases = ImmutableArray.CreateBuilder<PendingRelease<GroupSet>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var release = new PendingRelease<GroupSet>("", "", "", GroupSet.Empty, []);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                release = name switch
                {
                    "splitId" => release with { SplitId = reader.GetString()! },
                    "to" => release with { To = reader.GetString()! },
                    "separationId" => release with { SeparationId = reader.GetString()! },
                    "groups" => release with { Held = ReadGroups(ref reader) },
                    "separations" => release with { Separations = SplitStateJson.ReadSeparations(ref reader) },
                    _ => Skipped(ref reader, release),
                };
            }

            releases.Add(release);
        }

        return releases.DrainToImmutable();
    }

    private static T Skipped<T>(ref Utf8JsonReader reader, T value)
    {
        reader.Skip();
        return value;
    }

    private static GroupSet ReadGroups(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new GroupSet([
            .. document.RootElement.EnumerateArray().Select(text => Rules.Events.Identifier.Parse(text.GetString()!)),
        ]);
    }

    private static ImmutableArray<string> ReadTexts(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return [.. document.RootElement.EnumerateArray().Select(text => text.GetString()!)];
    }
}
