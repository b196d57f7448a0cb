using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>Reads the members of a <c>traits</c> object as slices of the text that it stands in.</summary>
internal static class TraitAssignments
{
    private static readonly Comparison<TraitAssignment> s_byName = (left, right) =>
        string.CompareOrdinal(left.Name, right.Name);

    /// <param name="json">Canonical; the values stay slices of it.</param>
    /// <param name="traits">The object; anything else has no traits.</param>
    /// <returns>By name (ordinal), each name once.</returns>
    public static ImmutableArray<TraitAssignment> Read(ReadOnlyMemory<byte> json, JsonSlice traits)
    {
        if (traits is not { IsObject: true, Length: > 2 })
        {
            return [];
        }

        TraitAssignment[] assignments = new TraitAssignment[8];
        int count = 0;
        var reader = new CheckedReader(traits.Of(json.Span));
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> written))
        {
            string name = TextPool.Read(written);
            JsonSlice value = reader.Take();
            if (count == assignments.Length)
            {
                Array.Resize(ref assignments, count * 2);
            }

            assignments[count++] = new TraitAssignment(name, json.Slice(traits.Start + value.Start, value.Length));
        }

        Array.Resize(ref assignments, count);
        Array.Sort(assignments, s_byName);
        return ImmutableCollectionsMarshal.AsImmutableArray(assignments);
    }
}
