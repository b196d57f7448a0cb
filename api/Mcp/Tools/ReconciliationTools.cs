using System.Collections.Immutable;
using System.Globalization;
using Customer360.Api.Attribution;
using Customer360.Api.Problems;
using Customer360.Rules.Access;
using Customer360.Rules.Attribution;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary>
/// <c>attribution_report</c>: who has the credit of a period by several models side by side, as <c>GET /v1/attribution/reconciliation</c>
/// answers for each.
/// </summary>
internal sealed class AttributionReportTool(
    ReconciliationHandler reports,
    IPolicy<AttributionPolicy> policy,
    IOptions<JsonOptions> json
) : GridTool(s_description)
{
    private const string ModelsName = "models";
    private const int ModelsMax = 4;

    private static readonly ToolDescription s_description = new(
        "attribution_report",
        "See who gets credit for revenue",
        "Says for a period and by up to four models what each channel has of what was won, and what is no channel's and why. Amounts of each model "
            + "add up to the same sum; it names nobody."
    )
    {
        Task = RoleTasks.Attribution,
        Parameters =
        [
            .. ReportParts.Period,
            new(
                ModelsName,
                ArgumentKind.Texts,
                $"Models, {ModelsMax} at most: {string.Join(", ", AttributionModels.Words)}. Default: linear."
            )
            {
                LengthMax = ReportParts.WordLengthMax,
                Most = ModelsMax,
            },
        ],
        Data = ToolParts.Shape(("reports", "array", "One for each model: currencies with channels and residuals.")),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        ImmutableArray<string> models = call.Arguments.Texts(ModelsName);
        List<ReconciliationAnswer> found = [];
        foreach (string model in models.IsDefaultOrEmpty ? ["linear"] : models.Distinct(StringComparer.Ordinal))
        {
            Outcome<ReportAsked> asked = ReportParts.Read(call, model, null, policy.Current);
            if (!asked.Succeeded)
            {
                return asked.Refusal;
            }

            Outcome<ReconciliationAnswer> report = await reports.Find(call.Asker, asked.Value, call.Aborted);
            if (!report.Succeeded)
            {
                return report.Refusal;
            }

            // What somebody should look at is the same by each, and is asked of the other tool.
            found.Add(report.Value with { Cases = [] });
        }

        return new ToolData(
            ToolParts.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("reports"u8);
                foreach (ReconciliationAnswer report in found)
                {
                    writer.WriteRawValue(json.Json(report).Span);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            })
        );
    }
}

/// <summary><c>reconciliation</c>: whether credit adds up to what the CRM says was won, as <c>GET /v1/attribution/reconciliation</c>.</summary>
internal sealed class ReconciliationTool(
    ReconciliationHandler reports,
    IPolicy<AttributionPolicy> policy,
    IOptions<JsonOptions> json
) : GridTool(s_description)
{
    private const string ModelName = "model";
    private const string ViewName = "view";

    private static readonly ToolDescription s_description = new(
        "reconciliation",
        "See whether credit adds up to revenue",
        "Compares for a period what channels have, and what is no channel's, with what the CRM's records say was won, to the cent; and lists the "
            + "conversions that somebody should look at by their order's or deal's id. It names nobody."
    )
    {
        Task = RoleTasks.Attribution,
        Parameters =
        [
            .. ReportParts.Period,
            new(ModelName, ArgumentKind.Text, $"One of {string.Join(", ", AttributionModels.Words)}. Default: linear.")
            {
                LengthMax = ReportParts.WordLengthMax,
            },
            new(
                ViewName,
                ArgumentKind.Text,
                "restated: by when it converted, as it stands now. asReported: by when it was booked. Default: restated."
            )
            {
                LengthMax = ReportParts.WordLengthMax,
            },
        ],
        Data = ToolParts.Shape(
            ("currencies", "array", "Closed-won, refunded, net, channels, residuals, movements and the difference."),
            ("cases", "array", "Conversions to look at, with the reason.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<ReportAsked> asked = ReportParts.Read(
            call,
            call.Arguments.Text(ModelName),
            call.Arguments.Text(ViewName),
            policy.Current
        );
        if (!asked.Succeeded)
        {
            return asked.Refusal;
        }

        Outcome<ReconciliationAnswer> report = await reports.Find(call.Asker, asked.Value, call.Aborted);
        return report.Succeeded ? new ToolData(json.Json(report.Value)) : report.Refusal;
    }
}

/// <summary>What both are asked.</summary>
internal static class ReportParts
{
    public const int WordLengthMax = 64;
    private const string FromName = "from";
    private const string ToName = "to";
    private const string DefinitionName = "definition";

    public static ImmutableArray<ToolParameter> Period { get; } =
    [
        new(FromName, ArgumentKind.Text, "The first day, UTC: 2026-10-01.") { IsRequired = true, LengthMax = 10 },
        new(ToName, ArgumentKind.Text, "The day behind the last: 2027-01-01.") { IsRequired = true, LengthMax = 10 },
        new(
            DefinitionName,
            ArgumentKind.Text,
            "Conversions of this name of the policy attribution; without it all that deals make."
        )
        {
            LengthMax = WordLengthMax,
        },
    ];

    public static Outcome<ReportAsked> Read(ToolCall call, string? model, string? view, AttributionPolicy policy)
    {
        return Day(FromName) is not { } from ? new ParameterInvalid(FromName, "it must be a day: 2026-10-01")
            : Day(ToName) is not { } to ? new ParameterInvalid(ToName, "it must be a day: 2027-01-01")
            : ReportAsked.Of(from, to, model, call.Arguments.Text(DefinitionName), view, policy);

        DateTimeOffset? Day(string name) =>
            DateOnly.TryParseExact(
                call.Arguments.Text(name),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateOnly day
            )
                ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
                : null;
    }
}
