using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Attribution;

/// <summary><c>GET /v1/attribution/views/{view}</c>.</summary>
internal sealed class ViewsHandler(IGrainFactory grains, IPolicy<AttributionPolicy> policy, ProfileAccess access)
{
    private static readonly Refusal s_notFound = new Problems.NotFound("view");

    public async Task<Results<Answer<ViewAnswer>, ProblemResult>> Get(string view, HttpContext context)
    {
        if (AttributionViews.Find(view) is not { } known)
        {
            return new ProblemResult(s_notFound);
        }

        Outcome<ReportAsked> asked = ReportAsked.Of(context.Request.Query, policy.Current);
        if (!asked.Succeeded)
        {
            return new ProblemResult(asked.Refusal);
        }

        if (asked.Value.IsAsReported || AttributionModels.NeedsAllJourneys(asked.Value.Model))
        {
            return new ProblemResult(
                new ParameterInvalid(
                    asked.Value.IsAsReported ? "view" : "model",
                    "views show credit as it stands now, by a model that one journey decides"
                )
            );
        }

        ReadOnlyMemory<byte> json = await grains
            .GetGrain<IAttributionReportGrain>(0)
            .View(
                (int)known,
                new ReconciliationQuery(
                    asked.Value.From,
                    asked.Value.To,
                    (int)asked.Value.Model,
                    asked.Value.Definition,
                    IsAsReported: false
                )
                {
                    FoldsFew = !access.SeesJourneys(Asker.Of(context)),
                    HidesSales = !access.WorksWithLeads(Asker.Of(context)),
                },
                context.RequestAborted
            );
        return json.IsEmpty
            ? new ProblemResult(new ReportTooLarge())
            : new Answer<ViewAnswer>(JsonSerializer.Deserialize(json.Span, AttributionJson.Default.ViewAnswer)!);
    }
}
