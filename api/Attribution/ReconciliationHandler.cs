using System.Text;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Attribution;

/// <summary><c>GET /v1/attribution/reconciliation</c>, as JSON and as CSV.</summary>
/// <remarks>It holds sums and the ids of orders and deals, and nothing of a person.</remarks>
internal sealed class ReconciliationHandler(IGrainFactory grains, IPolicy<AttributionPolicy> policy)
{
    private static readonly string[] s_parameters = ["from", "to", "model", "definition", "view"];

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
        Outcome<ReconciliationQuery> query = Read(context.Request.Query);
        if (!query.Succeeded)
        {
            return query.Refusal;
        }

        ReadOnlyMemory<byte> json = await grains
            .GetGrain<IAttributionReportGrain>(0)
            .Reconcile(query.Value, context.RequestAborted);
        return JsonSerializer.Deserialize(json.Span, AttributionJson.Default.ReconciliationAnswer)!;
    }

    private Outcome<ReconciliationQuery> Read(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(key => !s_parameters.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            return new ParameterInvalid(
                unknown,
                $"there is no such parameter; known: {string.Join(", ", s_parameters)}"
            );
        }

        Outcome<DateTimeOffset> from = QueryValues.Time(query, "from", default);
        Outcome<DateTimeOffset> to = QueryValues.Time(query, "to", default);
        if (!from.Succeeded)
        {
            return from.Refusal;
        }

        if (!to.Succeeded)
        {
            return to.Refusal;
        }

        if (from.Value == default || to.Value <= from.Value)
        {
            return new ParameterInvalid("to", "the period must have 'from' and a later 'to'");
        }

        if (AttributionModels.Find(QueryValues.Single(query, "model") ?? "linear") is not { } model)
        {
            return new ParameterInvalid(
                "model",
                $"there is no such model; known: {string.Join(", ", AttributionModels.Words)}"
            );
        }

        string? definition = QueryValues.Single(query, "definition");
        if (definition is not null && policy.Current.Find(definition) is null)
        {
            return new ParameterInvalid("definition", "the policy has no such conversion");
        }

        string view = QueryValues.Single(query, "view") ?? "restated";
        if (view is not ("restated" or "asReported"))
        {
            return new ParameterInvalid("view", "it must be restated or asReported");
        }

        if (view == "asReported" && model == AttributionModel.Markov)
        {
            return new ParameterInvalid("view", "by the model markov nothing is booked, so there is only restated");
        }

        return new ReconciliationQuery(from.Value, to.Value, (int)model, definition, view == "asReported");
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
