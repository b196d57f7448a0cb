using Customer360.Api.Problems;
using Customer360.Api.Quality;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Quality;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>data_quality</c>: how the checks of quality stand, as <c>GET /v1/quality</c> answers.</summary>
internal sealed class DataQualityTool(QualityHandler quality, IOptions<JsonOptions> json) : GridTool(s_description)
{
    private const string CheckName = "check";
    private const string SourceName = "source";
    private const string StateName = "state";
    private const int ChecksMax = 100;

    private static readonly ToolDescription s_description = new(
        "data_quality",
        "See how good the messages are that come in",
        "Lists the checks of data quality by source: state, since when, what was found in the last hour and what is usual, who owns it, the "
            + "runbook, and what is left of the error budget. Use state=failing to see what is wrong now. With one check it shows three days."
    )
    {
        IsForAdministrators = true,
        Parameters =
        [
            new(CheckName, ArgumentKind.Text, "One check, with its history.") { LengthMax = 64 },
            new(SourceName, ArgumentKind.Text, "Only of this source.") { LengthMax = 255 },
            new(StateName, ArgumentKind.Text, "Only those that are ok, noData, warning or failing.") { LengthMax = 16 },
        ],
        Data = ToolParts.Shape(
            ("policyVersion", "string", "The quality policy in force."),
            ("checks", "array", "By check and source, a hundred at most."),
            ("next", "string?", "Always null here.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        string? state = call.Arguments.Text(StateName);
        if (state is not null && QualityLevels.Parse(state) is null)
        {
            return new ParameterInvalid(StateName, "it must be ok, noData, warning or failing");
        }

        string? check = call.Arguments.Text(CheckName);
        IEnumerable<QualityCheckAnswer> found = await quality.Find(
            check,
            call.Arguments.Text(SourceName),
            state,
            hasHistory: check is not null
        );
        return new ToolData(
            json.Json(
                new QualityAnswer(
                    quality.PolicyVersion,
                    [.. found.OrderBy(one => one.Key, StringComparer.Ordinal).Take(ChecksMax)],
                    Next: null
                )
            )
        );
    }
}
