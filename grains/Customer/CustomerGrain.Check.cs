using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What a check compares with the log.</summary>
public sealed partial class CustomerGrain
{
    public Task<EntriesReply> GetEntries(EntriesQuery query)
    {
        if (State.MovedTo is { } movedTo)
        {
            return Task.FromResult(new EntriesReply(movedTo, []));
        }

        var entries = ImmutableArray.CreateBuilder<FoldedEntry>(query.Identifiers.Length);
        foreach (Identifier identifier in query.Identifiers)
        {
            if (State.Map.TryGet(identifier, out ProfileEntry? entry))
            {
                entries.Add(new FoldedEntry(identifier, entry.AppliedTo, FoldBytes.Of(entry.Fold)));
            }
        }

        return Task.FromResult(new EntriesReply(null, entries.DrainToImmutable()));
    }
}

/// <summary>The canonical form of a fold.</summary>
internal static class FoldBytes
{
    public static byte[] Of(ProfileFold fold)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        fold.WriteJson(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
