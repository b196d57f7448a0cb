using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Reads;

/// <summary>A record as HubSpot answers with it.</summary>
/// <param name="Json">All of it; it outlives the answer.</param>
/// <param name="Version">When it changed last, as written.</param>
/// <param name="At">The same as a time; of an archived record when it was archived.</param>
internal sealed record HubSpotObject(JsonElement Json, string Id, string Version, DateTimeOffset At, bool IsArchived)
{
    public const string AdditionalEmails = "hs_additional_emails";
    public const string MergedIds = "hs_merged_object_ids";
    public const string CompanyId = "associatedcompanyid";

    private const string Redacted = "REDACTED";

    /// <summary>What HubSpot keeps for itself, or says in another way: it is no value of the profile.</summary>
    private static readonly ImmutableArray<string> s_system =
    [
        "hs_object_id",
        "createdate",
        "lastmodifieddate",
        "hs_lastmodifieddate",
        AdditionalEmails,
        MergedIds,
        CompanyId,
    ];

    /// <summary>Reads it; null where it is none.</summary>
    public static HubSpotObject? Read(JsonElement json)
    {
        bool isArchived = CrmJson.IsTrue(json, "archived");
        string? version = CrmJson.Text(json, "updatedAt");
        string? at = isArchived ? CrmJson.Text(json, "archivedAt") ?? version : version;
        return
            CrmJson.Digits(json, "id") is { } id
            && version is not null
            && Rfc3339.TryParse(Encoding.UTF8.GetBytes(at!), out DateTimeOffset time)
            ? new HubSpotObject(json.Clone(), id, Rfc3339.Text(time), time, isArchived)
            : null;
    }

    public JsonElement? Property(string name) =>
        CrmJson.Member(Json, "properties") is { } properties ? CrmJson.Member(properties, name) : null;

    /// <summary>The texts of a property that is a list with semicolons.</summary>
    public string[] List(string name) =>
        CrmJson.Text(Property(name))?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        ?? [];

    /// <summary>True where another record was merged into it.</summary>
    public bool Absorbed(string id) => List(MergedIds).Contains(id, StringComparer.Ordinal);

    /// <summary>
    /// Its values by the names of profiles. An empty one is left out: whether it was emptied or never filled HubSpot does not say,
    /// and to have none is no statement that would count against another source's.
    /// </summary>
    public ImmutableArray<CrmField> Fields(CrmFieldNames names) =>
        CrmJson.Member(Json, "properties") is { ValueKind: JsonValueKind.Object } properties
            ?
            [
                .. properties
                    .EnumerateObject()
                    .Where(one =>
                        !s_system.Contains(one.Name, StringComparer.Ordinal)
                        && CrmJson.Text(one.Value) is not (null or Redacted)
                    )
                    .Select(one => (Name: names.Find(one.Name), one.Value))
                    .Where(one => one.Name is not null)
                    .Select(one => CrmField.Of(one.Name!, one.Value)),
            ]
            : [];
}
