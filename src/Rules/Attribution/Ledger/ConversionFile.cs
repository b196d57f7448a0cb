using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>A conversion and all that became of its credit: what its grain stores. It names people by their customers' ids only.</summary>
/// <param name="Id">As in <see cref="ConversionReader.IdOf"/>.</param>
/// <param name="Definition">The definition's name.</param>
/// <param name="ExternalId">The order's or the deal's id.</param>
/// <param name="Statements">By place.</param>
public sealed record ConversionFile(
    string Id,
    string Definition,
    string ExternalId,
    ImmutableArray<ConversionStatement> Statements
)
{
    /// <summary>Restatements that are kept with their touches; of older ones the rows of the ledger tell.</summary>
    public const int HistoryMax = 20;

    /// <summary>Beyond, statements that repeat what was said before are left out: a deal may be saved every minute.</summary>
    public const int StatementsMax = 1_000;

    /// <summary>Whoever took part when it was last credited, by customer id, in order.</summary>
    public ImmutableArray<string> People { get; init; } = [];

    /// <summary>Somebody who took part was forgotten.</summary>
    public bool HasErased { get; init; }

    /// <summary>When the first grant ends by which a touch is used: then it is looked at again. Null: none does.</summary>
    public DateTimeOffset? LapsesAt { get; init; }

    /// <summary>The last <see cref="HistoryMax"/>, in order; the last of them counts.</summary>
    public ImmutableArray<Restatement> History { get; init; } = [];

    /// <summary>Lines of the ledger that are kept one by one.</summary>
    public const int LedgerMax = 4_000;

    /// <summary>
    /// All lines that were written of it, in order. Beyond <see cref="LedgerMax"/> those that were taken back since, of the oldest half, and
    /// what took them back, are left out: they add up to nothing.
    /// </summary>
    public ImmutableArray<CreditRow> Ledger { get; init; } = [];

    public Restatement? Current => History.IsEmpty ? null : History[^1];
}

/// <summary>Credit as it was given at a time.</summary>
/// <param name="Number">From 1, within the conversion.</param>
/// <param name="At">When it was worked out.</param>
/// <param name="BookedAt">When it counts in the view "as reported": of a refund when the money went back.</param>
/// <param name="Cause">What caused it: a place of the log, a merge's id …</param>
/// <param name="PolicyVersion">By which file.</param>
public sealed record Restatement(
    int Number,
    DateTimeOffset At,
    DateTimeOffset BookedAt,
    RestatementReason Reason,
    string Cause,
    string PolicyVersion,
    ConversionCredit Credit
);
