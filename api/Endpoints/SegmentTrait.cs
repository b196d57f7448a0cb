using System.Text.Json;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Api.Endpoints;

/// <summary>A trait as Segment's Profile API lists it.</summary>
/// <param name="Source">Who gave the value; null for accounts, whose traits are not kept by source.</param>
/// <param name="At">When; null for accounts.</param>
internal sealed record SegmentTrait(string Name, ReadOnlyMemory<byte> ValueJson, string? Source, DateTimeOffset? At)
{
    public static IReadOnlyList<SegmentTrait> OfUser(ProfileFold fold, MastershipPolicy policy) =>
        [
            .. new TraitWinners(fold, policy).Select(trait => new SegmentTrait(
                trait.Name,
                trait.ValueJson,
                trait.Source,
                trait.At
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
