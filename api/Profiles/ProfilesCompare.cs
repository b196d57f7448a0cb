using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Profiles;

/// <summary><c>POST /v1/profiles:compare</c>: two customers, and what a merge would make of them. Nothing is merged.</summary>
internal sealed class ProfilesCompare(ProfileAccess access)
{
    private const int BytesMax = 8 * 1024;

    public async Task<Results<Answer<ComparisonAnswer>, ProblemResult>> Compare(HttpContext context)
    {
        Outcome<ComparisonBody> body = await JsonBody.ReadAsync(context.Request, BytesMax, Read);
        Outcome<VisibleComparison> compared = body.Succeeded
            ? await access.Compare(Asker.Of(context), body.Value.Identifiers[0], body.Value.Identifiers[1])
            : body.Refusal;
        if (!compared.Succeeded)
        {
            return new ProblemResult(compared.Refusal);
        }

        context.Response.MarkUnstored();
        return new Answer<ComparisonAnswer>(ComparisonAnswer.From(compared.Value));
    }

    private static Outcome<ComparisonBody> Read(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.EnumerateObject().All(member => member.NameEquals("identifiers"u8))
        && root.TryGetProperty("identifiers"u8, out JsonElement identifiers)
        && identifiers.ValueKind == JsonValueKind.Array
        && identifiers.GetArrayLength() == 2
        && identifiers.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
            ? new ComparisonBody([.. identifiers.EnumerateArray().Select(one => one.GetString()!)])
            : new BodyNotJson("an object with 'identifiers', two texts, each type:value, is wanted");
}

/// <summary>What <c>POST /v1/profiles:compare</c> takes.</summary>
/// <param name="Identifiers">Two, each <c>type:value</c>.</param>
public sealed record ComparisonBody(IReadOnlyList<string> Identifiers);

/// <summary>Two customers and what a merge would make of them, as far as the caller may see it.</summary>
public sealed record ComparisonAnswer
{
    /// <summary>The customer that would stay: a verbose profile.</summary>
    public required RawJson<JsonObject> Older { get; init; }

    /// <summary>The customer that would be merged into it: a verbose profile.</summary>
    public required RawJson<JsonObject> Younger { get; init; }

    /// <summary>The older customer after the merge, also where it would be refused. Its audiences would be decided anew, and are left out.</summary>
    public required RawJson<JsonObject> Merged { get; init; }

    /// <summary>What stands against the merge; null: nothing does.</summary>
    public ComparisonObjection? Objection { get; init; }

    /// <summary>The leads of both, the oldest first. Left out for who does not see everybody's.</summary>
    public required IReadOnlyList<ComparedLead> Leads { get; init; }

    internal static ComparisonAnswer From(VisibleComparison compared)
    {
        ImmutableArray<LeadLinkChange> changes = LeadJoin.Plan(compared.Leads);
        return new ComparisonAnswer
        {
            Older = new(compared.Older),
            Younger = new(compared.Younger),
            Merged = new(compared.Merged),
            Objection = compared.Refused is { } code ? new ComparisonObjection(code, compared.Because ?? code) : null,
            Leads =
            [
                .. compared
                    .Leads.OrderBy(lead => lead.CreatedAt)
                    .ThenBy(lead => lead.LeadId, StringComparer.Ordinal)
                    .Select(lead => new ComparedLead(
                        lead.LeadId,
                        JsonNamingPolicy.CamelCase.ConvertName(lead.Status.ToString()),
                        lead.CreatedAt.UtcDateTime,
                        changes
                            .Where(change => change.LeadId == lead.LeadId)
                            .Select(change => change.Of)
                            .FirstOrDefault()
                            ?? (changes.Any(change => change.LeadId == lead.LeadId) ? null : lead.DuplicateOf)
                    )),
            ],
        };
    }
}

/// <summary>What stands against a merge.</summary>
/// <param name="Code"><c>separated</c>, <c>regions_apart</c>, <c>over_limit</c> or <c>profile_too_large</c>.</param>
/// <param name="Because">The separation's id, the type whose limit would be broken, or a sentence.</param>
public sealed record ComparisonObjection(string Code, string Because);

/// <summary>A lead of one of the two.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="DuplicateOf">The lead that it would be a double of; null: it would stand for itself.</param>
public sealed record ComparedLead(string LeadId, string Status, DateTime CreatedAt, string? DuplicateOf);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ComparisonAnswer))]
[JsonSerializable(typeof(ComparisonBody))]
internal sealed partial class ComparisonJson : JsonSerializerContext;

internal static class CompareDescriptions
{
    public static RouteDescription Compare { get; } =
        new(
            "compareProfiles",
            "Profiles",
            "Shows two customers and what a merge would make of them. Nothing is merged."
        )
        {
            Details =
                "The merge itself is rehearsed: by the rules, limits, separations and mastership in force now. Whether a message proves that "
                + "the two are one is not asked, since there is none. For who sees why identifiers are one customer. "
                + "409 where both identifiers lead to one customer.",
            Parameters = [GateQueries.Parameter],
            Body = RouteBody.Json<ComparisonBody>(
                "Two identifiers, each `type:value`, not URL-encoded.",
                """{ "identifiers": ["email:jane@example.com", "user_id:u-2"] }"""
            ),
            Answer = RouteAnswer.Json(
                "Verbose profiles; `objection` is null where nothing stands against the merge.",
                $$"""
                {
                  "older": {{ProfilesDescriptions.ProfileExample}},
                  "younger": {{ProfilesDescriptions.ProfileExample}},
                  "merged": {{ProfilesDescriptions.ProfileExample}},
                  "objection": { "code": "over_limit", "because": "user_id" },
                  "leads": [
                    { "leadId": "l_0b6c1d5e7f8091a2b3c4d5e6f7081920", "status": "offered", "createdAt": "2026-11-22T10:00:00Z", "duplicateOf": null }
                  ]
                }
                """
            ),
            Problems = [400, 404, 409, 413, 503],
        };
}
