using Customer360.Api.Catalog;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>catalog</c>: what data there is and whose it is, as <c>GET /v1/catalog</c> answers.</summary>
internal sealed class CatalogTool(CatalogHandler catalog, IOptions<JsonOptions> json) : GridTool(s_description)
{
    private const string KindName = "kind";
    private const string OwnerName = "owner";
    private const string TextName = "text";
    private const int EntriesMax = 100;

    private static readonly ToolDescription s_description = new(
        "catalog",
        "See what data there is",
        "Lists events, fields, identifier types, audiences, destinations and policies: who owns each, how sensitive it is, which sources send it, "
            + "since when and until when, and what depends on it. Use it to find whom to ask, or what a change would touch."
    )
    {
        IsForAdministrators = true,
        Parameters =
        [
            new(KindName, ArgumentKind.Text, "Only event, field, identifier, audience, destination or policy.")
            {
                LengthMax = 16,
            },
            new(OwnerName, ArgumentKind.Text, "Only what this team owns.") { LengthMax = 255 },
            new(TextName, ArgumentKind.Text, "Only what has this in its name, whatever the case.") { LengthMax = 255 },
        ],
        Data = ToolParts.Shape(
            ("entries", "array", "By kind and name, a hundred at most: narrow it to see others."),
            ("next", "string?", "Always null here.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        string? kind = call.Arguments.Text(KindName);
        if (kind is not null && !CatalogHandler.IsKind(kind))
        {
            return new ParameterInvalid(KindName, CatalogHandler.KnownKinds);
        }

        IEnumerable<CatalogEntry> found = await catalog.Find(
            kind,
            call.Arguments.Text(OwnerName),
            call.Arguments.Text(TextName)
        );
        return new ToolData(
            json.Json(
                new CatalogAnswer(
                    [.. found.OrderBy(one => one.Key, StringComparer.Ordinal).Take(EntriesMax)],
                    Next: null
                )
            )
        );
    }
}
