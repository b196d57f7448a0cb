using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>What is to be added up.</summary>
/// <param name="To">Exclusive.</param>
/// <param name="Definitions">Conversions of these definitions.</param>
/// <param name="IsAsReported">True: by when it was booked. False: by when it converted, as it stands now.</param>
public sealed record ReconciliationScope(
    DateTimeOffset From,
    DateTimeOffset To,
    AttributionModel Model,
    ImmutableArray<ConversionDefinition> Definitions,
    bool IsAsReported
)
{
    public bool Has(DateTimeOffset at) => at >= From && at < To;
}

/// <summary>An amount of a channel, a residual or a reason, in whole minor units.</summary>
public sealed record ReconciliationLine(string Name, long Minor)
{
    /// <summary>Of fewer people one could tell who they are.</summary>
    public const int PeopleMin = 5;

    /// <summary>The name of what too few people came by, for those who do not see what people did.</summary>
    public const string Few = "(few)";

    /// <summary>A channel that fewer than <see cref="PeopleMin"/> people came by.</summary>
    public bool IsFew { get; init; }

    /// <summary>The same sum, with channels of too few people as one line without their names.</summary>
    public static ImmutableArray<ReconciliationLine> Folded(ImmutableArray<ReconciliationLine> channels)
    {
        long few = channels.Where(line => line.IsFew).Sum(line => line.Minor);
        return
        [
            .. channels.Where(line => !line.IsFew),
            .. few == 0 ? Array.Empty<ReconciliationLine>() : [new ReconciliationLine(Few, few)],
        ];
    }
}

/// <summary>A conversion that somebody should look at.</summary>
/// <param name="Id">Null: a deal of which no conversion is known.</param>
/// <param name="Reason">A residual's word, or <see cref="RefundNotRead"/>.</param>
public sealed record ReconciliationCase(string? Id, string ExternalId, string Reason, long Minor, string? Currency)
{
    /// <summary>A refund of it takes nothing back, since nobody can tell how much it was.</summary>
    public const string RefundNotRead = "refund_not_read";
}

/// <summary>One currency of a report. <see cref="Net"/> is the sum of all credits and residuals, or <see cref="Difference"/> says what is missing.</summary>
/// <param name="ClosedWon">What the CRM's records say, or of orders what was ordered.</param>
/// <param name="Refunded">What went back: 0 or less.</param>
/// <param name="Residuals">With what the CRM has more or less than its messages said: <see cref="CreditResidual.NotSynced"/>.</param>
/// <param name="Movements">Beside: what was reopened, edited, deleted … in the time, of whatever it was.</param>
public sealed record CurrencyReconciliation(
    string Currency,
    int Conversions,
    long ClosedWon,
    long Refunded,
    ImmutableArray<ReconciliationLine> Channels,
    ImmutableArray<ReconciliationLine> Residuals,
    ImmutableArray<ReconciliationLine> Movements
)
{
    public long Net => ClosedWon + Refunded;

    /// <summary>0: it adds up to the minor unit.</summary>
    public long Difference => Net - Channels.Sum(one => one.Minor) - Residuals.Sum(one => one.Minor);
}

/// <summary>Credit against revenue.</summary>
/// <param name="Currencies">By currency. Minor units of two are never added.</param>
/// <param name="Cases">The largest first, of each reason at most <see cref="CasesMax"/>.</param>
public sealed record ReconciliationReport(
    ReconciliationScope Scope,
    ImmutableArray<CurrencyReconciliation> Currencies,
    ImmutableArray<ReconciliationCase> Cases
)
{
    public const int CasesMax = 100;

    /// <summary>For those who do not see what people did.</summary>
    public ReconciliationReport Folded() =>
        this with
        {
            Currencies = [.. Currencies.Select(one => one with { Channels = ReconciliationLine.Folded(one.Channels) })],
        };
}
