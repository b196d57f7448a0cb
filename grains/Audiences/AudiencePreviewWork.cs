using System.Collections.Immutable;
using Customer360.Rules.Audiences;
using Customer360.Rules.Consent;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// Says what a proposed policy would make of the members, from what is stored of the customers. It only reads, and begins anew after a
/// restart. Customers are read beside their grains, which so are not woken for it.
/// </summary>
internal sealed class AudiencePreviewWork(JobTools tools, AudiencePolicy proposed, AudiencePolicies policies) : IJobWork
{
    private readonly TallyRecount _recount = new(tools.Log, static envelope => envelope);

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        var preview = new AudiencePreview(proposed);
        DateTimeOffset at = tools.Time.GetUtcNow();
        await CustomerPages.Walk(tools, pace, progress, TryAll, stop);
        return new JobResult(preview.Report(), []);

        async Task TryAll(ImmutableArray<ScannedState> page)
        {
            foreach (ScannedState state in page)
            {
                await Try(preview, state, at, stop);
                await pace.Rest();
            }
        }
    }

    private async Task Try(AudiencePreview preview, ScannedState state, DateTimeOffset at, CancellationToken stop)
    {
        CustomerState customer = CustomerStateCodec.Decode(state.Json);
        if (customer.MovedTo is not null || customer.Map.Entries.IsEmpty)
        {
            return;
        }

        ProfileMap map = proposed.Selection.IsEmpty
            ? customer.Map
            : await _recount.Of(customer.Map, proposed.Selection, stop);
        ConsentView consent = ConsentJoin.View(map).AsOf(at);
        var facts = new AudienceFacts(
            () => AudienceKnown.Of(ViewOf(state.Key, map, consent), customer.Audiences.Told, proposed, policies),
            map.TallyOf,
            proposed.Traits,
            at,
            consent.ValidUntil
        );
        AudienceOutcome outcome = AudienceRules.Decide(
            proposed,
            new AudienceSubject(state.Key, customer.Audiences.Standings, consent.IsRestricted),
            facts,
            proposed.Index.All,
            default,
            at,
            "preview"
        );
        preview.Add(
            customer.Audiences.Standings,
            outcome.Standings,
            [.. map.Identifiers.Select(one => one.Type).Distinct(StringComparer.Ordinal)]
        );
    }

    private static ProfileView ViewOf(string customerId, ProfileMap map, ConsentView consent) =>
        new(
            customerId,
            0,
            [
                .. map.Entries.Select(entry => new ProfileIdentifier(
                    entry.Identifier,
                    entry.Evidence.MessageId,
                    entry.Evidence.Source,
                    entry.Evidence.At,
                    entry.Evidence.RuleVersion
                )),
            ],
            map.Join()
        )
        {
            Consent = consent,
        };
}
