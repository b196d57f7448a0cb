using System.Text;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Webhooks.Reads;
using Customer360.Grains.Contracts;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Webhooks;

/// <summary><c>/v1/webhooks/{source}</c>: what a source has left to be done.</summary>
internal sealed class WebhookBacklogHandler(
    IPolicy<SourcesPolicy> sources,
    IGrainFactory grains,
    WebhookIntake intake,
    CrmSettings settings
)
{
    public async Task<Results<Answer<WebhookBacklogAnswer>, ProblemResult>> Get(string source) =>
        sources.Current.Find(source) is not { } known
            ? new ProblemResult(new NotFound("source of webhooks"))
            : await AnswerOf(known);

    /// <summary>Reads a part again, by the policies in force now. What it then says is taken as if it came now.</summary>
    public async Task<Results<Answer<WebhookReceipt>, ProblemResult>> Retry(string source, string partId)
    {
        if (
            sources.Current.Find(source) is not { } known
            || (await BacklogOf(source)).Parts.FirstOrDefault(one => one.Id == partId) is not { } part
        )
        {
            return new ProblemResult(new NotFound("part that was set aside"));
        }

        Outcome<WebhookReceipt> taken = await intake.TakeAsync(
            known,
            Encoding.UTF8.GetBytes(part.Body),
            part.Headers,
            part.At
        );
        if (!taken.Succeeded)
        {
            return new ProblemResult(taken.Refusal);
        }

        if (taken.Value.SetAside > 0)
        {
            return new ProblemResult(new PartStillFaulty());
        }

        await Grain(source).RemovePart(partId);
        return new Answer<WebhookReceipt>(taken.Value);
    }

    /// <summary>Gives a part up.</summary>
    public async Task<Results<Answer<WebhookBacklogAnswer>, ProblemResult>> Remove(string source, string partId) =>
        sources.Current.Find(source) is not { } known || !await Grain(source).RemovePart(partId)
            ? new ProblemResult(new NotFound("part that was set aside"))
            : await AnswerOf(known);

    private async Task<Answer<WebhookBacklogAnswer>> AnswerOf(WebhookSource source) =>
        new(WebhookBacklogAnswer.From(await BacklogOf(source.Name), settings.IsOn(source)));

    private async Task<WebhookBacklog> BacklogOf(string source) => WebhookBacklogJson.Read(await Grain(source).Get());

    private IWebhookGrain Grain(string source) => grains.GetGrain<IWebhookGrain>(source);
}
