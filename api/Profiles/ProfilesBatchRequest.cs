using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>The body of <c>POST /v1/profiles:batchGet</c>.</summary>
/// <param name="Identifiers">Each <c>type:value</c>, not URL-encoded; 1 to 100.</param>
/// <param name="Verbose">True: the verbose form of every profile.</param>
public sealed record ProfilesBatchRequest(ImmutableArray<string> Identifiers, bool Verbose)
{
    /// <summary>Identifiers at most.</summary>
    public const int IdentifiersMax = 100;

    // A hundred identifiers of a kilobyte each, and room for the JSON around them.
    private const int BodyMaxBytes = 128 * 1024;

    internal static async ValueTask<Outcome<ProfilesBatchRequest>> Read(HttpRequest request)
    {
        return await JsonBody.ReadAsync(request, BodyMaxBytes, FromJson);
    }

    private static Outcome<ProfilesBatchRequest> FromJson(JsonElement body)
    {
        if (
            body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("identifiers", out JsonElement identifiers)
            || identifiers.ValueKind != JsonValueKind.Array
        )
        {
            return new BodyNotJson("an object with an array 'identifiers' is wanted");
        }

        int count = identifiers.GetArrayLength();
        if (count is 0 or > IdentifiersMax)
        {
            return new BodyNotJson("'identifiers' must hold 1 to 100 identifiers");
        }

        var texts = ImmutableArray.CreateBuilder<string>(count);
        foreach (JsonElement identifier in identifiers.EnumerateArray())
        {
            if (identifier.ValueKind != JsonValueKind.String)
            {
                return new BodyNotJson("every identifier must be a string, written type:value");
            }

            texts.Add(identifier.GetString()!);
        }

        if (!body.TryGetProperty("verbose", out JsonElement verbose))
        {
            return new ProfilesBatchRequest(texts.MoveToImmutable(), Verbose: false);
        }

        return verbose.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new ProfilesBatchRequest(texts.MoveToImmutable(), verbose.GetBoolean())
            : new BodyNotJson("'verbose' must be true or false");
    }
}
