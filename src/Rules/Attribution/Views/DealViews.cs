using Customer360.Rules.Crm.Mapping;

namespace Customer360.Rules.Attribution;

/// <inheritdoc cref="AttributionView.WinRate"/>
internal sealed class WinRateView(ReconciliationScope scope) : ViewFold
{
    private const string NoTouch = "(no touch)";

    private readonly SortedDictionary<string, Sums> _sums = new(StringComparer.Ordinal);

    public override void Take(ConversionFile file, ConversionDefinition definition)
    {
        if (
            !definition.IsOfDeals
            || file.Current is not { Credit: { Standing: var standing } credit }
            || !scope.Has(standing.ConvertedAt)
            || !(standing.Counts || standing.IsLost)
        )
        {
            return;
        }

        string channel = credit.Touches.IsEmpty ? NoTouch : CreditRules.StepOf(credit.Touches[0]).Channel;
        if (!_sums.TryGetValue(channel, out Sums? sums))
        {
            _sums[channel] = sums = new Sums();
        }

        sums.Won += standing.Counts ? 1 : 0;
        sums.Lost += standing.Counts ? 0 : 1;
        if (!credit.Touches.IsEmpty)
        {
            sums.People.Meet(credit.Touches[0].CustomerId);
        }
    }

    public override ViewReport Report() =>
        new(
            [
                .. _sums.Select(one => new ViewRow(
                    one.Key,
                    null,
                    [
                        new("won", Count(one.Value.Won)),
                        new("lost", Count(one.Value.Lost)),
                        new("winRate", Rate(one.Value.Won, one.Value.Won + one.Value.Lost)),
                    ]
                )
                {
                    IsFew = one.Key != NoTouch && one.Value.People.AreFew,
                }),
            ],
            []
        );

    private sealed class Sums
    {
        public long Won { get; set; }

        public long Lost { get; set; }

        public AttributionViews.People People { get; } = new();
    }
}

/// <inheritdoc cref="AttributionView.PipelineVelocity"/>
internal sealed class VelocityView(ReconciliationScope scope) : ViewFold
{
    private readonly SortedDictionary<string, Sums> _sums = new(StringComparer.Ordinal);

    public override void Take(ConversionFile file, ConversionDefinition definition)
    {
        if (
            !definition.IsOfDeals
            || file.Current is not { Credit.Standing: var standing }
            || !scope.Has(standing.ConvertedAt)
            || (standing.Money ?? LastOf(file)) is not { } money
        )
        {
            return;
        }

        if (!_sums.TryGetValue(money.Currency, out Sums? sums))
        {
            _sums[money.Currency] = sums = new Sums();
        }

        if (standing.Counts)
        {
            sums.Won++;
            sums.WonMinor += money.Minor;
            TimeSpan cycle = standing.ConvertedAt - (standing.OpenedAt ?? standing.ConvertedAt);
            sums.CycleDays += Math.Max(1, (decimal)cycle.TotalDays);
        }
        else if (standing.IsLost)
        {
            sums.Lost++;
        }
    }

    public override ViewReport Report() =>
        new(
            [
                .. _sums
                    .Where(one => one.Value.Won + one.Value.Lost > 0)
                    .Select(one => new ViewRow("", one.Key, [.. ValuesOf(one.Key, one.Value)])),
            ],
            []
        );

    private static IEnumerable<KeyValuePair<string, string>> ValuesOf(string currency, Sums sums)
    {
        decimal closed = sums.Won + sums.Lost;
        yield return new("closedDeals", Count((long)closed));
        yield return new("winRate", Rate(sums.Won, closed));
        if (sums.Won == 0)
        {
            yield return new("velocityPerDay", AmountText.Of(0, currency));
            yield break;
        }

        decimal averageWon = sums.WonMinor / sums.Won;
        decimal averageDays = sums.CycleDays / sums.Won;
        yield return new("averageWon", AmountText.Of((long)decimal.Round(averageWon), currency));
        yield return new("averageCycleDays", Rate(averageDays, 1));
        yield return new(
            "velocityPerDay",
            AmountText.Of((long)decimal.Round(closed * (sums.Won / closed) * averageWon / averageDays), currency)
        );
    }

    /// <summary>A deal that was lost is worth nothing, and is still of the currency in which it was told.</summary>
    private static MoneyValue? LastOf(ConversionFile file) =>
        file.Statements.Where(one => one.Money is not null).OrderBy(one => one.At).LastOrDefault().Money;

    private sealed class Sums
    {
        public decimal Won { get; set; }

        public decimal Lost { get; set; }

        public decimal WonMinor { get; set; }

        public decimal CycleDays { get; set; }
    }
}
