using System.Text;
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

/// <summary><c>GET /v1/attribution/reconciliation</c>, as JSON and as CSV.</summary>
/// <remarks>
/// It holds sums and the ids of orders and deals. Channels that few people came by have a name for those only who see what people did.
/// </remarks>
internal sealed class ReconciliationHandler(
    IGrainFactory grains,
    IPolicy<AttributionPolicy> policy,
    ProfileAccess access
)
{
    public async Task<Results<Answer<ReconciliationAnswer>, ProblemResult>> Get(HttpContext context)
    {
        Outcome<ReconciliationAnswer> report = await Report(context);
        return report.Succeeded ? new Answer<ReconciliationAnswer>(report.Value) : new ProblemResult(report.Refusal);
    }

    public async Task<Results<ContentHttpResult, ProblemResult>> GetCsv(HttpContext context)
    {
        Outcome<ReconciliationAnswer> report = await Report(context);
        return report.Succeeded
            ? TypedResults.Text(CsvOf(report.Value), "text/csv", Encoding.UTF8)
            : new ProblemResult(report.Refusal);
    }

    private async Task<Outcome<ReconciliationAnswer>> Report(HttpContext context)
    {
        Outcome<ReportAsked> asked = ReportAsked.Of(context.Request.Query, policy.Current);
        return asked.Succeeded ? await Find(Asker.Of(context), asked.Value, context.RequestAborted) : asked.Refusal;
    }

    /// <summary>The report as the caller may see it.</summary>
    public async Task<Outcome<ReconciliationAnswer>> Find(
        Asker asker,
        ReportAsked asked,
        CancellationToken cancellationToken
    )
    {
        ReadOnlyMemory<byte> json = await grains
            .GetGrain<IAttributionReportGrain>(0)
            .Reconcile(
                new ReconciliationQuery(asked.From, asked.To, (int)asked.Model, asked.Definition, asked.IsAsReported)
                {
                    FoldsFew = !access.SeesJourneys(asker),
                },
                cancellationToken
            );
        return json.IsEmpty
            ? new ReportTooLarge()
            : JsonSerializer.Deserialize(json.Span, AttributionJson.Default.ReconciliationAnswer)!;
    }

    /// <summary>A line an amount: <c>currency,kind,name,amount</c>. Names come from the policy, so they are quoted.</summary>
    private static string CsvOf(ReconciliationAnswer report)
    {
        var csv = new StringBuilder("currency,kind,name,amount\r\n");
        foreach (CurrencyAnswer one in report.Currencies)
        {
            Add(one.Currency, "closedWon", "", one.ClosedWon);
            Add(one.Currency, "refunded", "", one.Refunded);
            Add(one.Currency, "net", "", one.Net);
            AddAll(one.Currency, "channel", one.Channels);
            AddAll(one.Currency, "residual", one.Residuals);
            AddAll(one.Currency, "movement", one.Movements);
            Add(one.Currency, "difference", "", one.Difference);
        }

        return csv.ToString();

        void AddAll(string currency, string kind, IEnumerable<AmountAnswer> amounts)
        {
            foreach (AmountAnswer amount in amounts)
            {
                Add(currency, kind, amount.Name, amount.Amount);
            }
        }

        void Add(string currency, string kind, string name, string amount)
        {
            // A name that begins as a formula does would be one in a spreadsheet.
            string safe = name.Length > 0 && name[0] is '=' or '+' or '-' or '@' ? $"'{name}" : name;
            csv.Append(currency)
                .Append(',')
                .Append(kind)
                .Append(",\"")
                .Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal))
                .Append("\",")
                .Append(amount)
                .Append("\r\n");
        }
    }
}
