using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Api.Security.Tokens;

/// <summary>What is looked at in a token before its signature is: whether it is of a form that can be taken at all.</summary>
/// <remarks>
/// The library checks the signature, issuer, audience and times. These are what it leaves open: it takes a header with extensions
/// that it does not know (<c>crit</c>), unpacks nested tokens, takes the last of two claims of one name, and does not tell an id
/// token from an access token.
/// </remarks>
internal static class TokenForm
{
    /// <summary>Characters of a token; a longer one is not looked at.</summary>
    public const int LengthMax = 16 * 1024;

    private const int KeyIdLengthMax = 256;

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    // What providers put into id tokens only, and claims by which a token is bound to a key that we do not ask for.
    private static readonly ImmutableArray<string> s_notOurs = ["at_hash", "c_hash", "nonce", "cnf"];

    /// <summary>True of a text that can be nothing but a token: the beginning of a JSON object in base64, and a dot.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) =>
        text.StartsWith("eyJ", StringComparison.Ordinal) && text.Contains('.');

    /// <summary>Reads the header; false where the token can't be taken whatever its signature is.</summary>
    /// <param name="keyId">The id of the key that it says it was signed with; null: it does not say.</param>
    public static bool TryReadHeader(string token, ImmutableArray<string> algorithms, out string? keyId)
    {
        keyId = null;
        if (token.Length > LengthMax || token.AsSpan().Count('.') != 2)
        {
            return false;
        }

        using JsonDocument? header = Decode(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal)));
        return header is { RootElement: { ValueKind: JsonValueKind.Object } root }
            && root.TryGetProperty("alg"u8, out JsonElement algorithm)
            && algorithm.ValueKind == JsonValueKind.String
            && algorithms.Contains(algorithm.GetString()!)
            && !root.TryGetProperty("crit"u8, out _)
            && !root.TryGetProperty("cty"u8, out _)
            && TryReadKeyId(root, out keyId);
    }

    /// <summary>The claims of a token whose signature is right; null where they can't be taken. Dispose it.</summary>
    public static JsonDocument? ReadClaims(string token)
    {
        int first = token.IndexOf('.', StringComparison.Ordinal);
        int last = token.LastIndexOf('.');
        JsonDocument? claims = Decode(token.AsSpan(first + 1, last - first - 1));
        if (
            claims is not null
            && (claims.RootElement.ValueKind != JsonValueKind.Object || IsOfAnotherKind(claims.RootElement))
        )
        {
            claims.Dispose();
            return null;
        }

        return claims;
    }

    private static bool IsOfAnotherKind(JsonElement claims) =>
        s_notOurs.Any(name => claims.TryGetProperty(name, out _))
        // Two providers name the kind in a claim: Cognito "access", Keycloak "Bearer".
        || (claims.TryGetProperty("token_use"u8, out JsonElement use) && !use.ValueEquals("access"u8))
        || (
            claims.TryGetProperty("typ"u8, out JsonElement type)
            && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("Bearer"u8))
        );

    private static bool TryReadKeyId(JsonElement header, out string? keyId)
    {
        keyId = null;
        if (!header.TryGetProperty("kid"u8, out JsonElement value))
        {
            return true;
        }

        keyId = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return keyId is { Length: > 0 and <= KeyIdLengthMax };
    }

    private static JsonDocument? Decode(ReadOnlySpan<char> part)
    {
        if (!Base64Url.IsValid(part))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(Base64Url.DecodeFromChars(part), s_strict);
        }
        catch (JsonException)
        {
            // No JSON, too deep, or a name that stands twice: no token.
            return null;
        }
    }
}
