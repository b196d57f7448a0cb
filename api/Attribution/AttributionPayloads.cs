using System.Text.Json.Serialization;

namespace Customer360.Api.Attribution;

/// <summary>A conversion, its journey, and all that became of its credit.</summary>
public sealed record ConversionAnswer
{
    /// <summary><c>v_</c> and 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its definition in the policy.</summary>
    public required string Definition { get; init; }

    /// <summary>The order's id, or the deal's as <c>source:id</c>.</summary>
    public required string ExternalId { get; init; }

    /// <summary>It stands. False: it was cancelled, reopened, deleted or lost.</summary>
    public required bool Counts { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime ConvertedAt { get; init; }

    /// <summary>What it is worth now, with the digits of its currency; null: it does not stand, or nobody knows.</summary>
    public required string? Amount { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string? Currency { get; init; }

    /// <summary>Why nobody knows what it is worth: <c>amount_missing</c>, <c>currency_missing</c>; null: it is known.</summary>
    public required string? Fault { get; init; }

    /// <summary>Refunds that take nothing back, since nobody can tell how much they were.</summary>
    public required int RefundsNotRead { get; init; }

    /// <summary>How it came to be worth that.</summary>
    public required IReadOnlyList<MovementAnswer> Movements { get; init; }

    /// <summary>Who takes part, as far as the caller may see it.</summary>
    public required IReadOnlyList<string> Customers { get; init; }

    /// <summary>The journey, in order.</summary>
    public required IReadOnlyList<TouchAnswer> Touches { get; init; }

    /// <summary>Touches that are too many to be kept: those behind the first.</summary>
    public required int TouchesLeftOut { get; init; }

    /// <summary>By each model who has what.</summary>
    public required IReadOnlyList<ModelAnswer> Models { get; init; }

    /// <summary>Each time that its credit was worked out and was another, the latest 20.</summary>
    public required IReadOnlyList<RestatementAnswer> Restatements { get; init; }

    /// <summary>All lines of the ledger; empty where the caller may not see all of the journey.</summary>
    public required IReadOnlyList<LedgerLineAnswer> Ledger { get; init; }
}

/// <summary>A change of what a conversion is worth.</summary>
/// <param name="At">UTC.</param>
/// <param name="Reason"><c>newConversion</c>, <c>amountEdited</c>, <c>refunded</c>, <c>reopened</c> …</param>
/// <param name="Amount">What it adds; with a minus what it takes away.</param>
public sealed record MovementAnswer(DateTime At, string Reason, string Amount, string Currency);

/// <summary>A touch. Of one that is withheld nothing but the time is there.</summary>
public sealed record TouchAnswer
{
    /// <summary>UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>It may not be used, or the caller may not see it.</summary>
    public required bool IsWithheld { get; init; }

    public required string? CustomerId { get; init; }

    public required string? Channel { get; init; }

    public required string? Source { get; init; }

    public required string? Medium { get; init; }

    public required string? Campaign { get; init; }

    /// <summary>The page or screen that it began on.</summary>
    public required string? Page { get; init; }

    /// <summary>By what it is known: <c>clickId</c>, <c>tag</c>, <c>referrer</c>, <c>direct</c>, <c>continued</c>.</summary>
    public required string? Evidence { get; init; }

    /// <summary>What is wrong with its parameters: <c>template</c>, <c>tooLong</c>, <c>repeated</c>, <c>encodedTwice</c>.</summary>
    public required IReadOnlyList<string> Faults { get; init; }
}

/// <summary>What one model makes of it. The parts add up to the amount.</summary>
public sealed record ModelAnswer(string Model, IReadOnlyList<PartAnswer> Parts);

/// <param name="Touch">The touch's place in the journey, from 0; null: a residual's alone.</param>
/// <param name="Residual">Why no channel has it; null: the touch's channel does.</param>
public sealed record PartAnswer(int? Touch, string? Residual, string Amount);

/// <summary>A time that its credit was another.</summary>
/// <param name="At">When it was worked out, UTC.</param>
/// <param name="BookedAt">When it counts in the view "as reported", UTC.</param>
/// <param name="Reason"><c>newConversion</c>, <c>merge</c>, <c>split</c>, <c>lateEvent</c>, <c>erasure</c> …</param>
/// <param name="Cause">A place of the log (<c>log:3:17</c>), a merge's or split's id, a request's …</param>
/// <param name="Amount">What it was worth from then on; null: it did not stand.</param>
public sealed record RestatementAnswer(
    int Number,
    DateTime At,
    DateTime BookedAt,
    string Reason,
    string Cause,
    string PolicyVersion,
    string? Amount
);

/// <summary>A line of the ledger: it is written once.</summary>
public sealed record LedgerLineAnswer(
    int Number,
    string Model,
    string? Channel,
    string? Source,
    string? Campaign,
    string? Residual,
    string Amount,
    string Currency,
    string Reason,
    DateTime BookedAt
);

/// <summary>Credit against revenue.</summary>
public sealed record ReconciliationAnswer
{
    public required DateTime From { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTime To { get; init; }

    public required string Model { get; init; }

    /// <summary><c>restated</c>: by when it converted, as it stands now. <c>asReported</c>: by when it was booked.</summary>
    public required string View { get; init; }

    public required string PolicyVersion { get; init; }

    /// <summary>By currency. Amounts of two are never added.</summary>
    public required IReadOnlyList<CurrencyAnswer> Currencies { get; init; }

    /// <summary>What somebody should look at: the largest first, 100 of each reason at most.</summary>
    public required IReadOnlyList<ReconciliationCaseAnswer> Cases { get; init; }
}

/// <summary>One currency: channels and residuals add up to <c>net</c>, or <c>difference</c> says what is missing.</summary>
public sealed record CurrencyAnswer
{
    public required string Currency { get; init; }

    public required int Conversions { get; init; }

    /// <summary>What the CRM's records say; of orders what was ordered.</summary>
    public required string ClosedWon { get; init; }

    public required string Refunded { get; init; }

    public required string Net { get; init; }

    public required IReadOnlyList<AmountAnswer> Channels { get; init; }

    public required IReadOnlyList<AmountAnswer> Residuals { get; init; }

    /// <summary>Beside: what was reopened, refunded, edited … in the time.</summary>
    public required IReadOnlyList<AmountAnswer> Movements { get; init; }

    public required string Difference { get; init; }

    public required bool IsReconciled { get; init; }
}

public sealed record AmountAnswer(string Name, string Amount);

/// <param name="Id">The conversion; null: none is known of the deal.</param>
/// <param name="Reason">A residual, or <c>refund_not_read</c>: a refund of it takes nothing back.</param>
public sealed record ReconciliationCaseAnswer(
    string? Id,
    string ExternalId,
    string Reason,
    string? Amount,
    string? Currency
);

/// <summary>A view of credit, with what its numbers mean.</summary>
public sealed record ViewAnswer
{
    /// <summary>
    /// <c>paid-media</c>, <c>content</c>, <c>win-rate</c>, <c>pipeline-velocity</c>, <c>speed-to-lead</c>, <c>sales-assist</c>, <c>broken-forms</c>
    /// or <c>exceptions</c>.
    /// </summary>
    public required string View { get; init; }

    /// <summary>What the numbers mean, in plain words.</summary>
    public required string Definition { get; init; }

    public required DateTime From { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTime To { get; init; }

    public required string Model { get; init; }

    public required string PolicyVersion { get; init; }

    public required IReadOnlyList<ViewRowAnswer> Rows { get; init; }

    /// <summary>Rows of too few people, or of sales people, which the caller may not see.</summary>
    public required int RowsWithheld { get; init; }

    /// <summary>What is behind exceptions: the largest first, 100 of each reason at most.</summary>
    public required IReadOnlyList<ReconciliationCaseAnswer> Cases { get; init; }
}

/// <param name="Name">The channel's, the page's or the exception's; empty: there is one row for each currency.</param>
/// <param name="Currency">Null: it has no amount.</param>
/// <param name="Values">Amounts, rates and counts, by name.</param>
public sealed record ViewRowAnswer(string Name, string? Currency, IReadOnlyDictionary<string, string> Values);

/// <summary>Which period is to be frozen.</summary>
/// <param name="From">The first day, UTC: <c>2026-10-01</c>.</param>
/// <param name="To">The day behind the last.</param>
/// <param name="Definition">Conversions of this definition; null: all that deals make.</param>
public sealed record PeriodBody(string From, string To, string? Definition);

/// <summary>A period whose sums were frozen.</summary>
public sealed record PeriodAnswer
{
    /// <summary><c>f_</c> and 32 hexadecimal digits: the same for the same period and definition.</summary>
    public required string Id { get; init; }

    public required DateTime From { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTime To { get; init; }

    /// <summary>Null: all that deals make.</summary>
    public required string? Definition { get; init; }

    public required DateTime FrozenAt { get; init; }

    /// <summary>The name of the key, or the subject of the token.</summary>
    public required string FrozenBy { get; init; }

    public required string PolicyVersion { get; init; }

    /// <summary>This call froze it. False: it was frozen before.</summary>
    public bool IsNew { get; init; }

    /// <summary>The sums by each model, restated as of then; empty in lists.</summary>
    public required IReadOnlyList<ModelSumsAnswer> Models { get; init; }
}

public sealed record ModelSumsAnswer(string Model, IReadOnlyList<CurrencyAnswer> Currencies);

/// <param name="Next">The cursor of the next page; null: there is none.</param>
public sealed record PeriodsAnswer(IReadOnlyList<PeriodAnswer> Periods, string? Next);

/// <summary>A frozen period beside what its credit is by now.</summary>
public sealed record PeriodComparisonAnswer
{
    public required string Id { get; init; }

    public required DateTime From { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTime To { get; init; }

    public required string? Definition { get; init; }

    public required DateTime FrozenAt { get; init; }

    /// <summary>The version of attribution.yaml by which it was credited then.</summary>
    public required string FrozenByPolicy { get; init; }

    /// <summary>The version in force.</summary>
    public required string Policy { get; init; }

    /// <summary>Nothing has moved.</summary>
    public required bool IsSame { get; init; }

    public required IReadOnlyList<PeriodChangeAnswer> Lines { get; init; }
}

/// <param name="Kind"><c>closedWon</c>, <c>refunded</c>, <c>channel</c> or <c>residual</c>.</param>
/// <param name="Name">The channel's or the residual's; empty of the others.</param>
/// <param name="Change">Now less frozen.</param>
public sealed record PeriodChangeAnswer(
    string Model,
    string Currency,
    string Kind,
    string Name,
    string Frozen,
    string Now,
    string Change
);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(ConversionAnswer))]
[JsonSerializable(typeof(ReconciliationAnswer))]
[JsonSerializable(typeof(ViewAnswer))]
[JsonSerializable(typeof(PeriodBody))]
[JsonSerializable(typeof(PeriodAnswer))]
[JsonSerializable(typeof(PeriodsAnswer))]
[JsonSerializable(typeof(PeriodComparisonAnswer))]
internal sealed partial class AttributionJson : JsonSerializerContext;
