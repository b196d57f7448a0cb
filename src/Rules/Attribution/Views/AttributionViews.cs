using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Attribution;

/// <summary>What can be asked beside the reconciliation. They answer different questions, so they are never added up.</summary>
public enum AttributionView
{
    /// <summary>What was spent on a channel, and what it has of credit.</summary>
    PaidMedia = 1,

    /// <summary>Which pages journeys went by.</summary>
    Content = 2,

    /// <summary>Of deals that began by a channel, how many were won.</summary>
    WinRate = 3,

    /// <summary>How much is won in a day.</summary>
    PipelineVelocity = 4,

    /// <summary>What somebody should look at.</summary>
    Exceptions = 5,

    /// <summary>How long leads wait for a person.</summary>
    SpeedToLead = 6,

    /// <summary>How much of what was won sales had a part in.</summary>
    SalesAssist = 7,

    /// <summary>Forms that fell silent, or send less than they did.</summary>
    BrokenForms = 8,
}

/// <summary>A line of a view.</summary>
/// <param name="Name">The channel's, the page's or the exception's; empty: there is one line for each currency.</param>
/// <param name="Currency">Null: it has no amount.</param>
/// <param name="Values">By name, in order: amounts, rates and counts as texts.</param>
public sealed record ViewRow(string Name, string? Currency, ImmutableArray<KeyValuePair<string, string>> Values)
{
    /// <summary>It is of fewer than <see cref="ReconciliationLine.PeopleMin"/> people.</summary>
    public bool IsFew { get; init; }

    /// <summary>It is of a sales person or a pool: told to whoever works with leads.</summary>
    public bool IsOfSales { get; init; }
}

/// <param name="Cases">What is behind the rows, by reason.</param>
public sealed record ViewReport(ImmutableArray<ViewRow> Rows, ImmutableArray<ReconciliationCase> Cases);

/// <summary>The views, their words and what they mean.</summary>
public static class AttributionViews
{
    public static ImmutableArray<string> Words { get; } = [.. Enum.GetValues<AttributionView>().Select(WordOf)];

    /// <summary><c>paid-media</c>, <c>win-rate</c> …</summary>
    public static string WordOf(AttributionView view) => JsonNamingPolicy.KebabCaseLower.ConvertName(view.ToString());

    /// <summary>Null where there is no such view.</summary>
    public static AttributionView? Find(string word)
    {
        foreach (AttributionView view in Enum.GetValues<AttributionView>())
        {
            if (WordOf(view) == word)
            {
                return view;
            }
        }

        return null;
    }

    /// <summary>What the numbers mean, in plain words.</summary>
    public static string DefinitionOf(AttributionView view) =>
        view switch
        {
            AttributionView.PaidMedia =>
                "spend is what attribution.yaml says was paid for the channel on the days of the period, evenly over the days of each line. credit is "
                    + "what the channel has by the model of conversions of the period, after refunds. return is credit divided by spend, and "
                    + "costPerConversion is spend divided by the conversions of which the channel has something. Currencies are never mixed.",
            AttributionView.Content =>
                "credit is what touches that began on the page have by the model. conversions counts those with such a touch, and assisted those "
                    + "of them whose last touch began on another page. One conversion may count for several pages, so counts do not add up.",
            AttributionView.WinRate =>
                "Deals that were closed in the period, by the channel of the first touch within the look-back. winRate is won divided by won and "
                    + "lost; open deals do not count.",
            AttributionView.PipelineVelocity =>
                "Deals that were closed in the period. velocity is closed deals x winRate x averageWon / averageCycleDays: what is won in a day of "
                    + "a cycle. winRate is won divided by won and lost, averageWon is after refunds, a cycle is the time from when a won deal was "
                    + "first heard of to its close, and of less than a day a day.",
            AttributionView.SpeedToLead =>
                "Leads that began in the period, without doubles. touched are those of which a sales person has accepted or rejected an offer, or has "
                    + "said a stage, and waiting those of which none has. Times are minutes by the calendar, nights and weekends with them, until a "
                    + "person first did so: from when the lead began, and fromHandoff from when it was first given to somebody. Half of the touched "
                    + "leads took no longer than the median (of two in the middle it is between them), nine of ten no longer than p90. Those that "
                    + "wait are in neither, so look at both. A lead is of the owner who has it or had it last, of the pool of its last decision, and "
                    + "of the source that was known then: rows of one kind add up to all, those of different kinds do not.",
            AttributionView.SalesAssist =>
                "Won deals of the period by what they are worth after refunds. assisted are those of which somebody who takes part was a lead that a "
                    + "sales person accepted, rejected or moved to a stage between the first touch (where there is none: when the deal was first heard "
                    + "of) and the close. influence is what the assisted are worth divided by what all are worth. It is influence and no credit: one "
                    + "deal counts whole for each sales person, so shares of several can be more than 1. Calls and meetings are not known here.",
            AttributionView.BrokenForms =>
                "Forms (messages 'Form Submitted') by source and name, as they came in the period up to now, beside the same span one or more whole weeks "
                    + "before. form_silent: there were at least 5 and now is none. form_fewer: there were at least 20 and now is less than a quarter. "
                    + "form_without_identifiers: of at least 5 in both, the share that carries nothing but an anonymous id has risen by 20 points or more; "
                    + "form_without_campaign: likewise the share that has neither a campaign parameter nor an ad's click id.",
            _ =>
                "Conversions of the period that somebody should look at: missing_campaign (a touch by an ad's click id without a campaign), "
                    + "utm_template (a campaign parameter whose placeholder was never filled), the residuals (won, and no channel's), refund_not_read, "
                    + "and double_conversion (the same people, amount and day under another id). drift names a channel whose share of credit is at "
                    + "least 20 points another than in the period of the same length before.",
        };

    /// <param name="scope">The period, the model and the conversions; never as reported.</param>
    /// <param name="now">What is to come has sent nothing yet.</param>
    public static ViewFold Of(
        AttributionView view,
        ReconciliationScope scope,
        AttributionPolicy policy,
        DateTimeOffset now
    ) =>
        view switch
        {
            AttributionView.PaidMedia => new PaidMediaView(scope, policy.Costs),
            AttributionView.Content => new ContentView(scope),
            AttributionView.WinRate => new WinRateView(scope),
            AttributionView.PipelineVelocity => new VelocityView(scope),
            AttributionView.SpeedToLead => new SpeedToLeadView(scope),
            AttributionView.SalesAssist => new SalesAssistView(scope),
            AttributionView.BrokenForms => new BrokenFormsView(scope, now),
            _ => new ExceptionsView(scope),
        };

    /// <summary>People of which a row is, as far as it matters: whether they are few.</summary>
    internal sealed class People
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public bool AreFew => _known.Count < ReconciliationLine.PeopleMin;

        public void Meet(string customerId)
        {
            if (AreFew)
            {
                _known.Add(customerId);
            }
        }
    }
}
