using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Attribution;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Attribution;

/// <summary>The period and the conversions that a report is asked about.</summary>
/// <param name="From">The beginning of a day in UTC.</param>
/// <param name="To">Exclusive, the beginning of a day.</param>
/// <param name="Definition">Null: all that deals make.</param>
internal sealed record ReportAsked(
    DateTimeOffset From,
    DateTimeOffset To,
    AttributionModel Model,
    string? Definition,
    bool IsAsReported
)
{
    /// <summary>Names of the parameters, for descriptions and refusals.</summary>
    public static readonly string[] Names = ["from", "to", "model", "definition", "view"];

    /// <summary>Reads the parameters of a request; others are refused.</summary>
    public static Outcome<ReportAsked> Of(IQueryCollection query, AttributionPolicy policy)
    {
        if (
            query.Keys.FirstOrDefault(key =>
                key != GateQueries.Purpose && !Names.Contains(key, StringComparer.Ordinal)
            ) is
            { } unknown
        )
        {
            return new ParameterInvalid(unknown, $"there is no such parameter; known: {string.Join(", ", Names)}");
        }

        Outcome<DateTimeOffset> from = QueryValues.Time(query, "from", default);
        Outcome<DateTimeOffset> to = QueryValues.Time(query, "to", default);
        return !from.Succeeded ? from.Refusal
            : !to.Succeeded ? to.Refusal
            : Of(
                from.Value,
                to.Value,
                QueryValues.Single(query, "model"),
                QueryValues.Single(query, "definition"),
                QueryValues.Single(query, "view"),
                policy
            );
    }

    /// <summary>Checks what was asked; what is null is as usual.</summary>
    public static Outcome<ReportAsked> Of(
        DateTimeOffset from,
        DateTimeOffset to,
        string? model,
        string? definition,
        string? view,
        AttributionPolicy policy
    )
    {
        if (from == default || to <= from)
        {
            return new ParameterInvalid("to", "the period must have 'from' and a later 'to'");
        }

        // By two reports that differ in a minute one could tell what one person did in it.
        if (from.TimeOfDay != TimeSpan.Zero || to.TimeOfDay != TimeSpan.Zero)
        {
            return new ParameterInvalid(
                from.TimeOfDay != TimeSpan.Zero ? "from" : "to",
                "a period has whole days in UTC: 2026-11-22"
            );
        }

        if (AttributionModels.Find(model ?? "linear") is not { } known)
        {
            return new ParameterInvalid(
                "model",
                $"there is no such model; known: {string.Join(", ", AttributionModels.Words)}"
            );
        }

        if (definition is not null && policy.Find(definition) is null)
        {
            return new ParameterInvalid("definition", "the policy has no such conversion");
        }

        if (view is not (null or "restated" or "asReported"))
        {
            return new ParameterInvalid("view", "it must be restated or asReported");
        }

        return view == "asReported" && AttributionModels.NeedsAllJourneys(known)
            ? new ParameterInvalid("view", $"by the model {model} nothing is booked, so there is only restated")
            : new ReportAsked(from, to, known, definition, view == "asReported");
    }
}
