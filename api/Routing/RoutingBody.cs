using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Conditions;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Routing;

namespace Customer360.Api.Routing;

/// <summary>
/// What a dry decision is asked: <c>{"facts":{name:value},"at"?,"openLeads"?:{person:number},"excluded"?:[person],"policy"?,"team"?}</c>.
/// </summary>
/// <param name="At">When; null: now.</param>
/// <param name="OpenLeads">How many leads people have; who is not in it has none.</param>
/// <param name="Excluded">Who has had the lead.</param>
/// <param name="Policy">The text of another <c>routing.yaml</c>; null: what is in force.</param>
/// <param name="Team">The text of another <c>sales-team.yaml</c>; null: what is in force.</param>
internal sealed record RoutingBody(
    FactSet Facts,
    DateTimeOffset? At,
    IReadOnlyDictionary<string, int> OpenLeads,
    IReadOnlySet<string> Excluded,
    string? Policy,
    string? Team
)
{
    /// <summary>Two policies of the greatest length, with their escapes, and the facts.</summary>
    private const int BytesMax = 8 * 1024 * 1024;

    private static readonly string[] s_members = ["facts", "at", "openLeads", "excluded", "policy", "team"];

    public static ValueTask<Outcome<RoutingBody>> ReadAsync(HttpRequest request) =>
        JsonBody.ReadAsync(request, BytesMax, Read);

    public static Outcome<RoutingBody> Read(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject().Any(member => !s_members.Contains(member.Name))
        )
        {
            return new BodyNotJson($"an object of {string.Join(", ", s_members)}");
        }

        if (!root.TryGetProperty("facts"u8, out JsonElement given))
        {
            return new BodyNotJson("an object with facts");
        }

        (FactSet? facts, string? fault) = CallerFacts.Read(given, RoutingFacts.Catalog);
        if (facts is null)
        {
            return new BodyNotJson($"its member facts {fault}");
        }

        DateTimeOffset? at = null;
        if (root.TryGetProperty("at"u8, out JsonElement time))
        {
            if (
                time.ValueKind != JsonValueKind.String
                || !time.TryGetDateTimeOffset(out DateTimeOffset instant)
                || !QueryValues.IsOfOurTime(instant)
            )
            {
                return new BodyNotJson("its member at must be a time with its offset, as 2026-11-27T08:00:00Z");
            }

            at = instant;
        }

        return ReadNumbers(root) is not { } open
                ? new BodyNotJson("its member openLeads must hold whole numbers by person")
            : ReadTexts(root) is not { } excluded ? new BodyNotJson("its member excluded must be a list of people")
            : !IsTextOrNone(root, "policy") ? new BodyNotJson("its member policy must be the text of a file")
            : !IsTextOrNone(root, "team") ? new BodyNotJson("its member team must be the text of a file")
            : new RoutingBody(facts, at, open, excluded, TextOf(root, "policy"), TextOf(root, "team"));
    }

    private static Dictionary<string, int>? ReadNumbers(JsonElement root)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        if (!root.TryGetProperty("openLeads"u8, out JsonElement json))
        {
            return numbers;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (
                member.Value.ValueKind != JsonValueKind.Number
                || !member.Value.TryGetInt32(out int number)
                || number < 0
            )
            {
                return null;
            }

            numbers[member.Name] = number;
        }

        return numbers;
    }

    private static HashSet<string>? ReadTexts(JsonElement root)
    {
        if (!root.TryGetProperty("excluded"u8, out JsonElement json))
        {
            return [];
        }

        return
            json.ValueKind == JsonValueKind.Array
            && json.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
            ? [.. json.EnumerateArray().Select(one => one.GetString()!)]
            : null;
    }

    private static bool IsTextOrNone(JsonElement root, string name) =>
        !root.TryGetProperty(name, out JsonElement json) || json.ValueKind == JsonValueKind.String;

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement json) ? json.GetString() : null;
}
