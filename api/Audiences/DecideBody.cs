using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Audiences;

/// <summary>What <c>POST /v1/decide</c> is asked.</summary>
/// <param name="Identifier"><c>type:value</c>.</param>
/// <param name="Placements">The places, each with the variants that can be shown there; without any, all can.</param>
/// <param name="IsExposure">The person is about to see it: that is recorded.</param>
internal sealed record DecideBody(
    string Identifier,
    ImmutableArray<(string Name, ImmutableArray<string> Candidates)> Placements,
    bool IsExposure
)
{
    /// <summary>Places of a call at most.</summary>
    public const int PlacementsMax = 20;

    private const int BytesMax = 64 * 1024;
    private const int CandidatesMax = 100;

    private static readonly string[] s_members = ["identifier", "placements", "exposure"];

    public static ValueTask<Outcome<DecideBody>> ReadAsync(HttpRequest request) =>
        JsonBody.ReadAsync(request, BytesMax, Read);

    private static Outcome<DecideBody> Read(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject().Any(member => !s_members.Contains(member.Name, StringComparer.Ordinal))
            || !root.TryGetProperty("identifier"u8, out JsonElement identifier)
            || identifier.ValueKind != JsonValueKind.String
            || !root.TryGetProperty("placements"u8, out JsonElement places)
            || places.ValueKind != JsonValueKind.Array
            || places.GetArrayLength() is 0 or > PlacementsMax
        )
        {
            return new BodyNotJson($"an object with identifier, placements (1 to {PlacementsMax}) and exposure");
        }

        bool isExposure = false;
        if (root.TryGetProperty("exposure"u8, out JsonElement exposure))
        {
            if (exposure.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return new BodyNotJson("its member exposure must be true or false");
            }

            isExposure = exposure.GetBoolean();
        }

        var read = ImmutableArray.CreateBuilder<(string, ImmutableArray<string>)>();
        foreach (JsonElement place in places.EnumerateArray())
        {
            if (ReadPlace(place) is not { } one)
            {
                return new BodyNotJson("a placement is a name, or an object with name and candidates, a list of texts");
            }

            read.Add(one);
        }

        return new DecideBody(identifier.GetString()!, read.ToImmutable(), isExposure);
    }

    private static (string, ImmutableArray<string>)? ReadPlace(JsonElement place)
    {
        if (place.ValueKind == JsonValueKind.String)
        {
            return (place.GetString()!, []);
        }

        if (
            place.ValueKind != JsonValueKind.Object
            || !place.TryGetProperty("name"u8, out JsonElement name)
            || name.ValueKind != JsonValueKind.String
        )
        {
            return null;
        }

        if (!place.TryGetProperty("candidates"u8, out JsonElement candidates))
        {
            return (name.GetString()!, []);
        }

        return
            candidates.ValueKind == JsonValueKind.Array
            && candidates.GetArrayLength() <= CandidatesMax
            && candidates.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
            ? (name.GetString()!, [.. candidates.EnumerateArray().Select(one => one.GetString()!)])
            : null;
    }
}
