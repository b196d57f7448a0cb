using System.Text.Json;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Endpoints;

/// <summary>A trait as Segment's Profile API lists it.</summary>
/// <param name="Source">Who gave the value; null for accounts, whose traits are not kept by source.</param>
/// <param name="At">When; null for accounts.</param>
internal sealed record SegmentTrait(string Name, ReadOnlyMemory<byte> ValueJson, string? Source, DateTimeOffset? At)
{
    // The order in which Trait says that values supersede each other.
    private static readonly Comparer<Trait> s_laterLast = Comparer<Trait>.Create(
        static (left, right) =>
            left.At != right.At ? left.At.CompareTo(right.At)
            : string.CompareOrdinal(left.MessageId, right.MessageId) is var byMessage and not 0 ? byMessage
            : left.ValueJson.Span.SequenceCompareTo(right.ValueJson.Span)
    );

    /// <summary>The current traits: of each name what the latest source says, none where that source has removed it.</summary>
    public static IReadOnlyList<SegmentTrait> OfUser(ProfileFold fold) =>
        [
            .. fold
                .Traits.GroupBy(trait => trait.Name, StringComparer.Ordinal)
                .Select(sources => sources.MaxBy(trait => trait, s_laterLast)!)
                .Where(trait => !trait.ValueJson.Span.SequenceEqual("null"u8))
                .Select(trait => new SegmentTrait(trait.Name, trait.ValueJson, trait.Source, trait.At)),
        ];

    public static IReadOnlyList<SegmentTrait> OfAccount(ReadOnlyMemory<byte> traitsJson)
    {
        using var traits = JsonDocument.Parse(traitsJson);
        return
        [
            .. traits
                .RootElement.EnumerateObject()
                .Select(trait => new SegmentTrait(
                    trait.Name,
                    JsonSerializer.SerializeToUtf8Bytes(trait.Value),
                    Source: null,
                    At: null
                )),
        ];
    }
}
