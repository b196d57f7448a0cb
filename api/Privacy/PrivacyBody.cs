using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Privacy;

/// <summary>
/// The bodies of privacy requests: <c>{"type":"erasure","identifiers":["type:value"],"requestId"?:"…","purposes"?:[…],"traits"?:{…}}</c>,
/// <c>{"customerIds":["c_…"]}</c>, <c>{"identifiers":["type:value"]}</c>.
/// </summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Identifiers">1 to 100.</param>
/// <param name="ClientId">The asker's own id of it, 1 to 100 characters, or null.</param>
internal sealed record PrivacyBody(PrivacyRequestKind Kind, ImmutableArray<string> Identifiers, string? ClientId)
{
    /// <summary>Of an objection: the purposes that it names; empty where it names none.</summary>
    public ImmutableArray<string> Purposes { get; init; } = [];

    /// <summary>Of a rectification: a JSON object of 1 to <see cref="Correction.TraitsMax"/> traits.</summary>
    public ReadOnlyMemory<byte> TraitsJson { get; init; }

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

        string? clientId = null;
        if (body.TryGetProperty("requestId"u8, out JsonElement id))
        {
            clientId = id.ValueKind == JsonValueKind.String ? id.GetString() : null;
            if (clientId is not { Length: > 0 and <= ClientIdLengthMax })
            {
                return new BodyNotJson("'requestId' must be a text of 1 to 100 characters");
            }

            // What is printed where there is no id would gather everybody's requests: each of them is one of its own.
            clientId = MessageIds.Of(clientId) is { Length: > 0 } spelled ? spelled : null;
        }

        Outcome<ImmutableArray<string>> purposes = PurposesOf(body, kind);
        Outcome<ReadOnlyMemory<byte>> traits = TraitsOf(body, kind);
        return !purposes.Succeeded ? purposes.Refusal
            : !traits.Succeeded ? traits.Refusal
            : new PrivacyBody(kind, identifiers.Value, clientId)
            {
                Purposes = purposes.Value,
                TraitsJson = traits.Value,
            };
    }

    private static Outcome<ImmutableArray<string>> PurposesOf(JsonElement body, PrivacyRequestKind kind)
    {
        if (!body.TryGetProperty("purposes"u8, out _))
        {
            return ImmutableArray<string>.Empty;
        }

        // Who means to object must not be taken for somebody who asks for something else.
        return kind == PrivacyRequestKind.Objection
            ? Texts(body, "purposes", countMin: 1)
            : new BodyNotJson("'purposes' are for an objection");
    }

    private static Outcome<ReadOnlyMemory<byte>> TraitsOf(JsonElement body, PrivacyRequestKind kind)
    {
        bool isThere = body.TryGetProperty("traits"u8, out JsonElement traits);
        if (kind != PrivacyRequestKind.Rectification)
        {
            return isThere ? new BodyNotJson("'traits' are for a rectification") : ReadOnlyMemory<byte>.Empty;
        }

        bool isRight =
            isThere
            && traits.ValueKind == JsonValueKind.Object
            && traits.GetPropertyCount() is > 0 and <= Correction.TraitsMax
            && traits.EnumerateObject().Select(trait => trait.Name).Distinct(StringComparer.Ordinal).Count()
                == traits.GetPropertyCount()
            && traits
                .EnumerateObject()
                .All(trait =>
                    trait.Name.Length is > 0 and <= ProfileFold.NameLengthMax
                    // Of such a name no profile has a trait, and no record can be made.
                    && !trait.Name.Any(char.IsControl)
                    && trait.Value.GetRawText().Length <= ProfileFold.ValueLengthMax / 4
                );
        return isRight
            ? new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(traits.GetRawText()))
            : new BodyNotJson(
                $"'traits' must be an object of 1 to {Correction.TraitsMax} traits, each once, of {ProfileFold.ValueLengthMax / 4} characters at most"
            );
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
