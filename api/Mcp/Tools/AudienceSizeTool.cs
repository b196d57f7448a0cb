using System.Text.Json;
using Customer360.Api.Audiences;
using Customer360.Api.Problems;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>audience_size</c>: which audiences there are and how large, as <c>GET /v1/audiences</c> and what is below it answer.</summary>
internal sealed class AudienceSizeTool(AudiencesHandler audiences, IOptions<JsonOptions> json) : GridTool(s_description)
{
    private const string WithName = "with";

    private static readonly ToolDescription s_description = new(
        "audience_size",
        "See how large audiences are",
        "Without an argument it lists all audiences with their sizes, owners and purposes. With an audience it says how large that is and was, "
            + "and with another one beside it how many people are in both. It counts, and names nobody."
    )
    {
        Task = RoleTasks.Audiences,
        Parameters =
        [
            ToolParts.Audience,
            new(WithName, ArgumentKind.Text, "Another audience: how many are in both. Only beside an audience.")
            {
                LengthMax = ToolParts.AudienceLengthMax,
            },
        ],
        Data = ToolParts.Shape(
            ("audiences", "array", "Without an audience: all, each with members, heldOut, owner and purpose."),
            ("size", "object", "Of the audience: members now, and samples, the oldest first."),
            ("overlap", "object", "With another: members of each, both, and jaccard, the share of both in either.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        string? name = call.Arguments.Text(ToolParts.AudienceName);
        string? other = call.Arguments.Text(WithName);
        if (name is null)
        {
            return other is null
                ? new ToolData(json.Json(await audiences.FindAll()))
                : new ParameterInvalid(WithName, "it stands beside an audience only");
        }

        Outcome<AudienceSizeAnswer> size = await audiences.FindSize(name);
        if (!size.Succeeded)
        {
            return size.Refusal;
        }

        AudienceOverlapAnswer? overlap = null;
        if (other is not null)
        {
            Outcome<AudienceOverlapAnswer> found = await audiences.FindOverlap(name, other);
            if (!found.Succeeded)
            {
                return found.Refusal;
            }

            overlap = found.Value;
        }

        return new ToolData(ToolParts.Json(writer => Write(writer, size.Value, overlap)));
    }

    private void Write(Utf8JsonWriter writer, AudienceSizeAnswer size, AudienceOverlapAnswer? overlap)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("size"u8);
        writer.WriteRawValue(json.Json(size).Span);
        if (overlap is not null)
        {
            writer.WritePropertyName("overlap"u8);
            writer.WriteRawValue(json.Json(overlap).Span);
        }

        writer.WriteEndObject();
    }
}
