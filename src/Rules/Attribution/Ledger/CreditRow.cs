using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>A line of the ledger: it is written once and never changed. What does not hold any more is taken back by another line.</summary>
/// <param name="ConversionId">The conversion.</param>
/// <param name="Number">The restatement that wrote it.</param>
/// <param name="Line">From 1, within the restatement.</param>
/// <param name="Channel">Null: it is the residual's.</param>
/// <param name="Minor">Less than 0: it takes back.</param>
/// <param name="ConvertedAt">The time of the conversion that it is about: the view "restated" goes by it.</param>
/// <param name="BookedAt">The view "as reported" goes by it.</param>
public sealed record CreditRow(
    string ConversionId,
    int Number,
    int Line,
    string Definition,
    AttributionModel Model,
    string? Channel,
    CreditResidual Residual,
    string Currency,
    long Minor,
    long? ReportingMinor,
    RestatementReason Reason,
    DateTimeOffset ConvertedAt,
    DateTimeOffset BookedAt
)
{
    public string? Source { get; init; }

    public string? Medium { get; init; }

    public string? Campaign { get; init; }
}

/// <summary>A conversion as lists and reports see it: how it stands now.</summary>
/// <param name="IsLost">A deal that came to nothing.</param>
/// <param name="Fault">Why its amount is not known.</param>
/// <param name="Path">The channels of its touches, in order; what may not be used is <see cref="CreditRules.Withheld"/>.</param>
public sealed record ConversionRow(
    string Id,
    string Definition,
    string ExternalId,
    bool Counts,
    bool IsLost,
    DateTimeOffset ConvertedAt,
    string? Currency,
    long Minor,
    long? ReportingMinor,
    CreditResidual Fault,
    ImmutableArray<string> Path
)
{
    /// <summary>Why nothing of it is a channel's; none where touches have it.</summary>
    public CreditResidual Residual { get; init; }
}
