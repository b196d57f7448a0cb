using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>The body of a split: <c>{"identifiers":["type:value"],"reason":"…"}</c>; of an undoing only the reason.</summary>
/// <param name="Identifiers">1 to 1,000; empty for an undoing.</param>
/// <param name="Reason">1 to 500 characters, for the record. It should not name a person.</param>
internal sealed record SplitBody(ImmutableArray<string> Identifiers, string Reason)
{
    public const int IdentifiersMax = 1_000;
    public const int ReasonLengthMax = 500;

    // A thousand identifiers of a kilobyte each, and room for the JSON around them.
    private const int BytesMax = 1_100 * 1024;

    public static ValueTask<Outcome<SplitBody>> ReadSplit(HttpRequest request) =>
        JsonBody.ReadAsync(request, BytesMax, root => Read(root, withIdentifiers: true));

    public static ValueTask<Outcome<SplitBody>> ReadUndo(HttpRequest request) =>
        JsonBody.ReadAsync(request, BytesMax, root => Read(root, withIdentifiers: false));

    private static Outcome<SplitBody> Read(JsonElement body, bool withIdentifiers)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new BodyNotJson("it must be an object");
        }

        if (
            !body.TryGetProperty("reason"u8, out JsonElement reason)
            || reason.ValueKind != JsonValueKind.String
            || string.IsNullOrWhiteSpace(reason.GetString())
            || reason.GetString()!.Length > ReasonLengthMax
        )
        {
            return new BodyNotJson("'reason' must be a text of 1 to 500 characters");
        }

        if (!withIdentifiers)
        {
            return new SplitBody([], reason.GetString()!);
        }

        if (
            !body.TryGetProperty("identifiers"u8, out JsonElement list)
            || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() is 0 or > IdentifiersMax
            || list.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String)
        )
        {
            return new BodyNotJson("'identifiers' must hold 1 to 1000 texts, each written type:value");
        }

        return new SplitBody([.. list.EnumerateArray().Select(one => one.GetString()!)], reason.GetString()!);
    }
}
