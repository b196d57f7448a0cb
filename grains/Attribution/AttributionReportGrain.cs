using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="IAttributionReportGrain"/>
/// <remarks>
/// It walks what is stored: leads, forms in the log, conversions, accounts, as far as the report asks for them, and asks none of their
/// grains. Two at once on a node: another waits.
/// </remarks>
[GrainType("attribution-report")]
[StatelessWorker(2)]
public sealed class AttributionReportGrain(
    IStateScan scan,
    SentForms forms,
    IPolicy<AttributionPolicy> policy,
    TimeProvider time
) : Grain, IAttributionReportGrain
{
    private const int ConversionsAtOnce = 200;
    private const int LeadsAtOnce = 200;

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
        if (!await Walk(new WalkedSums([reconciliation]), query, current, cancellationToken))
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
        if (!await Walk(new WalkedSums(all), query, current, cancellationToken))
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
        ViewFold fold = AttributionViews.Of(asked, scope, current, time.GetUtcNow());
        return await Walk(new WalkedView(fold), query, current, cancellationToken)
            ? ViewJson.Write(asked, scope, fold.Report(), current.Version, query.FoldsFew, query.HidesSales)
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
        IReportWalker walker,
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
        if (walker.Sources.HasFlag(ViewSources.Leads))
        {
            await foreach (ScannedState state in All(GrainKeys.LeadState, LeadsAtOnce, cancellationToken))
            {
                if (IsTooMuch())
                {
                    return false;
                }

                walker.Take(LeadFileJson.Read(state.Json));
            }
        }

        if (walker.Sources.HasFlag(ViewSources.Forms))
        {
            await foreach (
                SentForm? form in forms.Read(walker.FormsFrom, walker.FormsTo, current.Forms, cancellationToken)
            )
            {
                if (IsTooMuch())
                {
                    return false;
                }

                if (form is { } sent)
                {
                    walker.Take(sent);
                }
            }
        }

        if (!walker.Sources.HasFlag(ViewSources.Conversions))
        {
            return true;
        }

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

            foreach (Opportunity deal in AccountStateCodec.ReadStored(state.Json).Fold.Opportunities)
            {
                walker.Take(deal);
            }
        }

        return true;

        bool IsTooMuch() => time.GetElapsedTime(begun) > s_patience || walker.KeptCount > KeptMax;
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
