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
        if (!await Walk(new Sums([reconciliation]), query, current, cancellationToken))
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
        if (!await Walk(new Sums(all), query, current, cancellationToken))
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

    public async Task<ReadOnlyMemory<byte>> View(
        int view,
        ReconciliationQuery query,
        CancellationToken cancellationToken
    )
    {
        AttributionPolicy current = policy.Current;
        ReconciliationScope scope = ScopeOf(
            query with
            {
                IsAsReported = false,
            },
            current,
            (AttributionModel)query.Model
        );
        var asked = (AttributionView)view;
        ViewFold fold = AttributionViews.Of(asked, scope, current);
        return await Walk(new Shown(fold), query, current, cancellationToken)
            ? ViewJson.Write(asked, scope, fold.Report(), current.Version, query.FoldsFew)
            : ReadOnlyMemory<byte>.Empty;
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
        IWalker walker,
        ReconciliationQuery query,
        AttributionPolicy current,
        CancellationToken cancellationToken
    )
    {
        long begun = time.GetTimestamp();
        ImmutableArray<ConversionDefinition> definitions = ScopeOf(query, current, default).Definitions;
        Dictionary<string, ConversionDefinition> names = definitions.ToDictionary(
            one => one.Name,
            StringComparer.Ordinal
        );
        await foreach (ScannedState state in All(GrainKeys.ConversionState, ConversionsAtOnce, cancellationToken))
        {
            if (IsTooMuch())
            {
                return false;
            }

            if (
                ConversionFileJson.DefinitionOf(state.Json.Span) is not { } name
                || !names.TryGetValue(name, out ConversionDefinition? definition)
            )
            {
                continue;
            }

            using JsonDocument document = JsonDocument.Parse(state.Json);
            walker.Take(ConversionFileJson.Read(document.RootElement), definition);
        }

        if (!walker.WantsDeals || !definitions.Any(one => one.IsOfDeals))
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
                walker.Take(deal);
            }
        }

        return true;

        bool IsTooMuch() => time.GetElapsedTime(begun) > s_patience || walker.KeptCount > KeptMax;
    }

    /// <summary>Takes what a walk comes by.</summary>
    private interface IWalker
    {
        bool WantsDeals { get; }

        long KeptCount { get; }

        void Take(ConversionFile file, ConversionDefinition definition);

        void Take(Opportunity deal);
    }

    private sealed class Sums(Reconciliation[] all) : IWalker
    {
        public bool WantsDeals => true;

        public long KeptCount => all.Sum(one => (long)one.KeptCount);

        public void Take(ConversionFile file, ConversionDefinition definition)
        {
            foreach (Reconciliation one in all)
            {
                one.Take(file);
            }
        }

        public void Take(Opportunity deal)
        {
            foreach (Reconciliation one in all)
            {
                one.Take(deal);
            }
        }
    }

    private sealed class Shown(ViewFold view) : IWalker
    {
        private long _taken;

        public bool WantsDeals => false;

        public long KeptCount => _taken;

        public void Take(ConversionFile file, ConversionDefinition definition)
        {
            _taken++;
            view.Take(file, definition);
        }

        public void Take(Opportunity deal) { }
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
