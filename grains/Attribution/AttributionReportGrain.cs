using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="IAttributionReportGrain"/>
/// <remarks>It walks the stored conversions, and then the stored accounts, in the order of their keys, and asks none of their grains.</remarks>
[GrainType("attribution-report")]
[StatelessWorker]
public sealed class AttributionReportGrain(IStateScan scan, IPolicy<AttributionPolicy> policy)
    : Grain,
        IAttributionReportGrain
{
    private const int ConversionsAtOnce = 200;

    // An account with all the members that it keeps is a megabyte.
    private const int AccountsAtOnce = 50;

    public async Task<ReadOnlyMemory<byte>> Reconcile(ReconciliationQuery query, CancellationToken cancellationToken)
    {
        AttributionPolicy current = policy.Current;
        ImmutableArray<ConversionDefinition> definitions =
        [
            .. current.Conversions.Where(one =>
                query.Definition is null ? one.IsOfDeals : one.Name == query.Definition
            ),
        ];
        var reconciliation = new Reconciliation(
            new ReconciliationScope(
                query.From,
                query.To,
                (AttributionModel)query.Model,
                definitions,
                query.IsAsReported
            ),
            current.Direct
        );
        await foreach (ScannedState state in All(GrainKeys.ConversionState, ConversionsAtOnce, cancellationToken))
        {
            using JsonDocument document = JsonDocument.Parse(state.Json);
            reconciliation.Take(ConversionFileJson.Read(document.RootElement));
        }

        if (definitions.Any(one => one.IsOfDeals))
        {
            await foreach (ScannedState state in All(GrainKeys.AccountState, AccountsAtOnce, cancellationToken))
            {
                foreach (Opportunity deal in AccountStateCodec.ReadStored(state.Json).Opportunities)
                {
                    reconciliation.Take(deal);
                }
            }
        }

        return ReconciliationJson.Write(reconciliation.Report(), current.Version);
    }

    private async IAsyncEnumerable<ScannedState> All(
        string kind,
        int atOnce,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string after = "";
        while (true)
        {
            ImmutableArray<ScannedState> page = await scan.ReadPageAsync(kind, after, atOnce, cancellationToken);
            foreach (ScannedState state in page)
            {
                yield return state;
                after = state.Key;
            }

            if (page.Length < atOnce)
            {
                yield break;
            }
        }
    }
}
