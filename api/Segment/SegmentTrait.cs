using System.Text.Json;
using Customer360.Rules.Access;

namespace Customer360.Api.Segment;

/// <summary>A trait as Segment's Profile API lists it.</summary>
/// <param name="Source">Who gave the value; null for accounts, whose traits are not kept by source, and for who may not see it.</param>
/// <param name="At">When; null likewise.</param>
internal sealed record SegmentTrait(string Name, ReadOnlyMemory<byte> ValueJson, string? Source, DateTimeOffset? At)
{
    public static IReadOnlyList<SegmentTrait> OfUser(VisibleProfile profile) =>
        [
            .. profile.Traits.Select(trait => new SegmentTrait(
                trait.Name,
                trait.ValueJson,
                profile.ShowsProvenance ? trait.Source : null,
                profile.ShowsProvenance ? trait.At : null
            )),
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
