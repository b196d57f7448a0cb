using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Privacy;

/// <summary>
/// The bodies of privacy requests: <c>{"type":"erasure","identifiers":["type:value"],"requestId"?:"…"}</c>,
/// <c>{"customerIds":["c_…"]}</c>, <c>{"identifiers":["type:value"]}</c>.
/// </summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Identifiers">1 to 100.</param>
/// <param name="ClientId">The asker's own id of it, 1 to 100 characters, or null.</param>
internal sealed record PrivacyBody(PrivacyRequestKind Kind, ImmutableArray<string> Identifiers, string? ClientId)
{
    public const int TextsMax = 100;
    public const int ClientIdLengthMax = 100;

    private const int BytesMax = 128 * 1024;

    public static ValueTask<Outcome<PrivacyBody>> Read(HttpRequest request) =>
        JsonBody.ReadAsync(request, BytesMax, Read);

    /// <summary>Reads a list of texts under a name; it may be empty where that is said.</summary>
    public static ValueTask<Outcome<ImmutableArray<string>>> ReadTexts(
        HttpRequest request,
        string name,
        int countMin
    ) => JsonBody.ReadAsync(request, BytesMax, body => Texts(body, name, countMin));

    private static Outcome<PrivacyBody> Read(JsonElement body)
    {
        Outcome<ImmutableArray<string>> identifiers = Texts(body, "identifiers", countMin: 1);
        if (!identifiers.Succeeded)
        {
            return identifiers.Refusal;
        }

        if (
            !body.TryGetProperty("type"u8, out JsonElement type)
            || type.ValueKind != JsonValueKind.String
            || KindOf(type.GetString()!) is not { } kind
        )
        {
            return new BodyNotJson(
                "'type' must be access, portability, rectification, restriction, objection or erasure"
            );
        }

        if (!body.TryGetProperty("requestId"u8, out JsonElement id))
        {
            return new PrivacyBody(kind, identifiers.Value, null);
        }

        return id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 and <= ClientIdLengthMax } text
            ? new PrivacyBody(kind, identifiers.Value, text)
            : new BodyNotJson("'requestId' must be a text of 1 to 100 characters");
    }

    private static PrivacyRequestKind? KindOf(string word)
    {
        foreach (PrivacyRequestKind kind in Enum.GetValues<PrivacyRequestKind>())
        {
            if (PrivacyAnswer.Word(kind) == word)
            {
                return kind;
            }
        }

        return null;
    }

    private static Outcome<ImmutableArray<string>> Texts(JsonElement body, string name, int countMin)
    {
        if (
            body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty(name, out JsonElement list)
            || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() < countMin
            || list.GetArrayLength() > TextsMax
            || list.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String)
        )
        {
            return new BodyNotJson($"'{name}' must hold {countMin} to {TextsMax} texts");
        }

        return ImmutableArray.CreateRange(list.EnumerateArray().Select(one => one.GetString()!));
    }
}
