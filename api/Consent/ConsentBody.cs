using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Consent;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Consent;

/// <summary>
/// The body of <c>PUT /v1/profiles/{…}/consent</c>:
/// <c>{"requestId":"…","purposes":{"ads":"denied","analytics":"granted"},"evidence"?:"…"}</c>.
/// </summary>
/// <param name="RequestId">1 to 100 letters, digits, <c>.</c>, <c>_</c>, <c>-</c> and <c>:</c>.</param>
/// <param name="Evidence">1 to 200 characters.</param>
internal sealed record ConsentBody(
    string RequestId,
    ImmutableArray<(string Purpose, ConsentStatus Status)> Purposes,
    string? Evidence
)
{
    public const int PurposesMax = 100;
    public const int RequestIdLengthMax = 100;
    public const int EvidenceLengthMax = 200;
    private const int BytesMax = 64 * 1024;

    public static ValueTask<Outcome<ConsentBody>> ReadAsync(HttpRequest request, ConsentPolicy policy) =>
        JsonBody.ReadAsync(request, BytesMax, root => Read(root, policy));

    private static Outcome<ConsentBody> Read(JsonElement body, ConsentPolicy policy)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new BodyNotJson("it must be an object");
        }

        if (body.EnumerateObject().Any(member => member.Name is not ("requestId" or "purposes" or "evidence")))
        {
            return new BodyNotJson("it may have 'requestId', 'purposes' and 'evidence', and nothing else");
        }

        if (
            !body.TryGetProperty("requestId"u8, out JsonElement id)
            || id.ValueKind != JsonValueKind.String
            || !IsRequestId(id.GetString()!)
        )
        {
            return new BodyNotJson(
                "'requestId' must be a text of 1 to 100 letters, digits, dots, colons, hyphens and underscores"
            );
        }

        string? evidence = null;
        if (body.TryGetProperty("evidence"u8, out JsonElement written) && written.ValueKind != JsonValueKind.Null)
        {
            evidence = written.ValueKind == JsonValueKind.String ? written.GetString() : "";
            if (evidence!.Length is 0 or > EvidenceLengthMax)
            {
                return new BodyNotJson("'evidence' must be a text of 1 to 200 characters");
            }
        }

        return ReadPurposes(body, policy) is { IsEmpty: false } purposes
            ? new ConsentBody(id.GetString()!, purposes, evidence)
            : new BodyNotJson(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'purposes' must hold 1 to {PurposesMax} purposes of the consent policy, each once, granted or denied"
                )
            );
    }

    /// <summary>Empty where there is something wrong with them.</summary>
    private static ImmutableArray<(string, ConsentStatus)> ReadPurposes(JsonElement body, ConsentPolicy policy)
    {
        if (
            !body.TryGetProperty("purposes"u8, out JsonElement purposes)
            || purposes.ValueKind != JsonValueKind.Object
            || purposes.GetPropertyCount() > PurposesMax
        )
        {
            return [];
        }

        var found = ImmutableArray.CreateBuilder<(string, ConsentStatus)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty purpose in purposes.EnumerateObject())
        {
            ConsentStatus? status =
                purpose.Value.ValueKind == JsonValueKind.String
                    ? ConsentLedgerJson.StatusOf(purpose.Value.GetString())
                    : null;
            if (status is null || policy.Find(purpose.Name) is null || !names.Add(purpose.Name))
            {
                return [];
            }

            found.Add((purpose.Name, status.Value));
        }

        return found.DrainToImmutable();
    }

    private static bool IsRequestId(string text) =>
        text.Length is > 0 and <= RequestIdLengthMax
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or ':');
}
