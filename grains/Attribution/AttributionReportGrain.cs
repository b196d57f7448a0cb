using System.Buffers;
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
/// <remarks>
/// It walks the stored conversions, and then the stored accounts, in the order of their keys, and asks none of their grains. Two at once on a
/// node: another waits.
/// </remarks>
[GrainType("attribution-report")]
[StatelessWorker(2)]
public sealed class AttributionReportGrain(IStateScan scan, IPolicy<AttributionPolicy> policy, TimeProvider time)
    : Grain,
        IAttributionReportGrain
{
    private const int ConversionsAtOnce = 200;

    // An account with all the members that it keeps is a megabyte.
    private const int AccountsAtOnce = 50;

    /// <summary>Deals and journeys that are kept for a comparison, of all models together: some hundred bytes each.</summary>
    private const int KeptMax = 4_000_000;

    /// <summary>Less than callers wait, so that they are told why there is no report.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    public async Task<ReadOnlyMemory<byte>> Reconcile(ReconciliationQuery query, CancellationToken cancellationToken)
    {
        AttributionPolicy current = policy.Current;
        var reconciliation = new Reconciliation(ScopeOf(query, current, (AttributionModel)query.Model), current.Direct);
        if (!await Walk([reconciliation], query, current, cancellationToken))
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        ReconciliationReport report = reconciliation.Report();
        return ReconciliationJson.Write(query.FoldsFew ? report.Folded() : report, current.Version);
    }

    public async Task<ReadOnlyMemory<byte>> Sum(ReconciliationQuery query, CancellationToken cancellationToken)
    {
        AttributionPolicy current = policy.Current;
        Reconciliation[] all =
        [
            .. Enum.GetValues<AttributionModel>()
                .Select(model => new Reconciliation(
                    ScopeOf(query with { IsAsReported = false }, current, model),
                    current.Direct
                )),
        ];
        if (!await Walk(all, query, current, cancellationToken))
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        PeriodSnapshotJson.Write(
            writer,
            [.. all.Select(one => one.Report()).Select(report => new ModelSums(report.Scope.Model, report.Currencies))]
        );
        writer.Flush();
        return buffer.WrittenMemory.ToArray();
    }

    public async Task<ImmutableArray<ReadOnlyMemory<byte>>> ListPeriods(string after, int limit)
    {
        ImmutableArray<ScannedState> page = await scan.ReadPageAsync(
            GrainKeys.AttributionPeriodState,
            after,
            limit,
            CancellationToken.None
        );
        return [.. page.Select(state => state.Json)];
    }

    private static ReconciliationScope ScopeOf(
        ReconciliationQuery query,
        AttributionPolicy current,
        AttributionModel model
    ) =>
        new(
            query.From,
            query.To,
            model,
            [
                .. current.Conversions.Where(one =>
                    query.Definition is null ? one.IsOfDeals : one.Name == query.Definition
                ),
            ],
            query.IsAsReported
        );

    /// <summary>False: it would take too long, or too much memory.</summary>
    private async Task<bool> Walk(
        Reconciliation[] all,
        ReconciliationQuery query,
        AttributionPolicy current,
        CancellationToken cancellationToken
    )
    {
        long begun = time.GetTimestamp();
        ImmutableArray<ConversionDefinition> definitions = ScopeOf(query, current, default).Definitions;
        HashSet<string?> names = [.. definitions.Select(one => one.Name)];
        await foreach (ScannedState state in All(GrainKeys.ConversionState, ConversionsAtOnce, cancellationToken))
        {
            if (IsTooMuch())
            {
                return false;
            }

            if (!names.Contains(ConversionFileJson.DefinitionOf(state.Json.Span)))
            {
                continue;
            }

            using JsonDocument document = JsonDocument.Parse(state.Json);
            ConversionFile file = ConversionFileJson.Read(document.RootElement);
            foreach (Reconciliation one in all)
            {
                one.Take(file);
            }
        }

        if (!definitions.Any(one => one.IsOfDeals))
        {
            return true;
        }

        await foreach (ScannedState state in All(GrainKeys.AccountState, AccountsAtOnce, cancellationToken))
        {
            if (IsTooMuch())
            {
                return false;
            }

            foreach (Opportunity deal in AccountStateCodec.ReadStored(state.Json).Opportunities)
            {
                foreach (Reconciliation one in all)
                {
                    one.Take(deal);
                }
            }
        }

        return true;

        bool IsTooMuch() => time.GetElapsedTime(begun) > s_patience || all.Sum(one => (long)one.KeptCount) > KeptMax;
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
